"""A Compared -> tables and sentences for a terminal of 80 columns; narrower ones fold it."""

import math
from typing import Any, TypeAlias

import pandas as pd
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from model.amounts import amount
from model.challenge.definitions import Definition
from model.comparison.comparing import Compared
from model.comparison.figures import METRICS
from model.comparison.pairs import say_p
from model.figures.directions import LABELS, heading, label
from model.layout import format_figure, over_ends, plain_table, signed

Row: TypeAlias = dict[str, Any]
"""A row of a table, by the names of its columns."""

_RANKED_BY = "ndcg"
_SHOWN = ("r_precision", "ndcg", "clicks")
_BY: dict[Definition, str] = {
    "code": "as the organisers' code computes them",
    "rules": "as the rules' text defines them",
}


def render_compared(compared: Compared) -> RenderableType:
    """Lay out quality, costs, and where asked for the curve and what each source is worth."""
    blocks: list[RenderableType] = [_quality(compared), _sentences(compared), _costs(compared)]
    if "curve" in compared.tables:
        blocks.append(Padding(_curve(compared.tables["curve"]), (1, 0, 0, 0)))
    if "ablation" in compared.tables:
        blocks.append(Padding(_ablation(compared.tables["ablation"]), (1, 0, 0, 0)))
    reading = (
        "Coverage: share of the training songs that are recommended to anyone. Artists: different "
        "ones a song, of the first 50. Lift: how much more popular the recommended songs are than "
        "the hidden ones, 0 if as popular. Memory: the most that its process held, data included."
    )
    notes = [Text(f"note: {note}") for note in compared.notes]
    return Group(*blocks, Text(f"\n{reading}", style="dim"), *notes)


def ranking(compared: Compared) -> list[str]:
    """List the recommenders, best first by NDCG over all categories."""
    rows = [row for row in _overall(compared, "quality") if row["metric"] == _RANKED_BY]
    return [row["recommender"] for row in sorted(rows, key=lambda row: -row["mean"])]


def say_pair(pair: Row) -> str:
    """Say how far a recommender is from the best of the others, and whether by chance."""
    verdict = "better" if pair["is_better"] else "worse"
    if not pair["is_distinguishable"]:
        verdict = "not told apart"
    ends = "" if math.isnan(pair["low"]) else f" ({_between(pair)})"
    return (
        f"{LABELS[pair['metric']]}: {pair['recommender']} {format_figure(pair['mean'])}, best "
        f"other {pair['best_other']} {format_figure(pair['other_mean'])}: "
        f"{signed(pair['difference'])}{ends}, p {_say_p(pair)}: {verdict}"
    )


def _rows_of(table: pd.DataFrame) -> list[Row]:
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _overall(compared: Compared, name: str) -> list[Row]:
    """Give the rows of all categories together, by the definition that is printed."""
    return [
        row
        for row in _rows_of(compared.tables[name])
        if row["category"] < 0 and row["definition"] == compared.wish.definition
    ]


def _quality(compared: Compared) -> Table:
    rows = _overall(compared, "quality")
    found = {(row["recommender"], row["metric"]): row for row in rows}
    table = plain_table(
        f"{amount(compared.n_playlists, f'{compared.wish.cutting.part} playlist')}, "
        f"{compared.n_training_playlists:,} to learn from; figures {_BY[compared.wish.definition]} "
        "(95 % intervals)"
    )
    table.add_column("recommender", no_wrap=True)
    for metric in METRICS:
        table.add_column(heading(metric), justify="right", no_wrap=True)
    for name in ranking(compared):
        table.add_row(name, *(_cell(found[name, metric]) for metric in METRICS))
    return table


def _sentences(compared: Compared) -> RenderableType:
    best = ranking(compared)[0]
    pairs = [row for row in _pairs(compared) if row["recommender"] == best]
    shown = [say_pair(row) for metric in _SHOWN for row in pairs if row["metric"] == metric]
    return Padding(Text("\n".join([_say_ceiling(compared), *shown])), (1, 0))


def _pairs(compared: Compared) -> list[Row]:
    return _overall(compared, "pairs") if len(compared.tables["pairs"]) else []


def _say_ceiling(compared: Compared) -> str:
    rows = _rows_of(compared.tables["ceiling"])
    whole = next(row for row in rows if row["category"] < 0 and row["share"] == 1.0)
    return (
        f"{whole['recall_ceiling']:.1%} of a playlist's hidden tracks occur in training, on "
        f"average ({amount(whole['n_tracks'], 'track')} in all): no mean recall can be higher."
    )


def _costs(compared: Compared) -> Table:
    found = {row["recommender"]: row for row in _rows_of(compared.tables["recommenders"])}
    table = plain_table("Cost and kind of the lists")
    table.add_column("recommender", no_wrap=True)
    for cost in ("fit, s", "playlists/s", "memory, MB", "coverage", "artists", "lift"):
        table.add_column(cost, justify="right", no_wrap=True)
    for name in ranking(compared):
        row = found[name]
        table.add_row(
            name,
            format_figure(row["fit_s"]),
            f"{row['playlists_per_s']:,.0f}",
            f"{row['memory_mb']:,.0f}",
            f"{row['coverage']:.1%}",
            format_figure(row["artist_diversity"]),
            signed(row["popularity_lift"]),
        )
    return table


def _curve(curve: pd.DataFrame) -> Table:
    rows = [row for row in _rows_of(curve) if row["metric"] == _RANKED_BY]
    sizes = {row["share"]: row["n_training_playlists"] for row in rows}
    ceilings = {row["share"]: row["recall_ceiling"] for row in rows}
    means = {(row["recommender"], row["share"]): row["mean"] for row in rows}
    names = dict.fromkeys(row["recommender"] for row in rows)
    table = plain_table("Learning curve: NDCG by training playlists")
    table.add_column("recommender", no_wrap=True)
    # On few playlists some could not be fitted, or nobody: no figure there, or no column.
    shares = sorted(sizes)
    for share in shares:
        table.add_column(f"{sizes[share]:,}", justify="right")
    for name in sorted(names, key=lambda name: -means.get((name, shares[-1]), 0.0)):
        table.add_row(name, *(format_figure(means.get((name, one), math.nan)) for one in shares))
    table.add_section()
    table.add_row(
        "(highest recall that is possible)", *(f"{ceilings[share]:.1%}" for share in shares)
    )
    return table


def _ablation(ablation: pd.DataFrame) -> Table:
    rows = [row for row in _rows_of(ablation) if row["category"] < 0]
    found = {(row["without"], row["metric"]): row for row in rows}
    who = rows[0]["recommender"] if rows else "a recommender"
    table = plain_table(f"What becomes of {who} without a source (95 % intervals, p)")
    table.add_column("without", no_wrap=True)
    for metric in _SHOWN:
        table.add_column(label(metric), justify="right", no_wrap=True)
    for source in dict.fromkeys(row["without"] for row in rows):
        table.add_row(source, *(_lost(found[source, metric]) for metric in _SHOWN))
    return table


def _lost(row: Row) -> str:
    change = f"{signed(row['difference'])}  p {_say_p(row)}"
    return change if math.isnan(row["low"]) else f"{change}\n{_between(row)}"


def _say_p(row: Row) -> str:
    return say_p(row["p_value"], row["n_playlists"])


def _between(row: Row) -> str:
    return f"{signed(row['low'])} to {signed(row['high'])}"


def _cell(row: Row) -> str:
    return over_ends(row["mean"], row["low"], row["high"])
