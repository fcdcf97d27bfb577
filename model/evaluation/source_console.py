"""What each source of similar songs adds -> tables for a terminal of 80 columns."""

import math

import pandas as pd
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from model.amounts import amount
from model.evaluation.source_effects import Effects, Sources
from model.figures.directions import row_label
from model.layout import format_figure, plain_table, signed
from model.settings import Part
from model.storage.recipes import Plain

SIDE_BY_SIDE = 2
"""Variants beside co-occurrence alone that fit into 80 columns."""

_READING = (
    "Means of the study's generator by where its similar songs come from; under each, how far it "
    "is from co-occurrence alone on the same playlists, with the 95 % bootstrap interval of that, "
    "and a * where the interval leaves out 0. Several sources are fused by reciprocal rank. Only "
    "songs of training playlists are found."
)


def render_effects(effects: Effects) -> RenderableType:
    """Lay out what is known of songs, then the variants beside co-occurrence alone."""
    others = effects.variants[1:]
    groups = [others[at : at + SIDE_BY_SIDE] for at in range(0, len(others), SIDE_BY_SIDE)]
    tables = [
        Padding(_figures(effects, part, group), (0, 0, 1, 0))
        for part in effects.settings.parts
        for group in groups
    ]
    said = [Text(f"{name}: {_coverage(name, one)}") for name, one in effects.coverage.items()]
    return Group(*tables, Text(_READING, style="dim"), *said)


def _figures(effects: Effects, part: Part, variants: tuple[Sources, ...]) -> Table:
    """One row a metric and one for the difference, the variants side by side."""
    base = effects.variants[0]
    title = f"sources of similar songs: {part} playlists"
    table = plain_table(title)
    table.add_column("")
    for sources in (base, *variants):
        table.add_column("\n+ ".join(sources), justify="right", no_wrap=True)
    figures = effects.table[effects.table["part"] == part].set_index(["sources", "metric"])
    for metric in figures.index.get_level_values("metric").unique():
        own = [figures.loc[("+".join(one), metric)] for one in (base, *variants)]
        means = [format_figure(figure["mean"]) for figure in own]
        table.add_row(row_label(metric), *means)
        table.add_row("", "", *[escape(_difference(figure)) for figure in own[1:]])
    return table


def _difference(figure: "pd.Series[float]") -> str:
    """Show a difference with its interval, where it has one, such as +0.012 [+0.004,+0.020]*."""
    if math.isnan(figure["low"]):
        return f"{signed(figure['difference'])} "
    value, low, high = (signed(figure[name]) for name in ("difference", "low", "high"))
    mark = "*" if figure["low"] > 0 or figure["high"] < 0 else " "
    return f"{value} [{low},{high}]{mark}"


def _coverage(name: str, summary: dict[str, Plain]) -> str:
    """Say of how many songs a source knows how much."""
    n_songs = summary["n_songs"]
    found = f"{_share(summary['n_with'], n_songs)} songs have neighbours"
    known = summary["coverage"]
    if name == "tags":
        return (
            f"{_share(known['n_tagged'], n_songs)} songs have a tag that counts "
            f"({known['n_answered']:,} have any); {amount(known['n_tags'], 'tag')}, "
            f"{known['n_rows']:,} pairs of song and tag; {found}"
        )
    if name == "similars":
        return (
            f"named for {_share(known['n_answered'], n_songs)} songs; of those that count, "
            f"{_share(known['n_by_artist_title'], known['n_named'])} are found by artist and title "
            f"({_percent(known['n_by_title'], known['n_named'])} by title alone), and of the "
            f"Million Song dump's {_share(known['n_msd_found'], known['n_msd'])}; {found}"
        )
    return found


def _share(count: int, total: int) -> str:
    """Show a count as a share, such as 5 of 10 (50.0 %)."""
    return f"{count:,} of {total:,} ({_percent(count, total)})"


def _percent(count: int, total: int) -> str:
    return f"{100 * count / total:.1f} %" if total else "–"
