"""Figures of the challenge -> a table for a terminal of 80 columns and more, or JSON."""

import math

import msgspec
from rich.console import Group, RenderableType
from rich.text import Text

from model.amounts import amount
from model.challenge.definitions import Definition
from model.challenge.judging import Judged
from model.challenge.scores import ALL, FIGURES, summarise
from model.figures.directions import heading
from model.layout import over_ends, plain_table

_WORDS: dict[Definition, str] = {
    "rules": "as the rules' text defines figures",
    "code": "as the organisers' code computes figures",
}
_READING: dict[Definition, str] = {
    "rules": (
        "--definition rules: an artist of the truth earns 0.25 once if any of the first R tracks "
        "is by that artist, a hit too, so that R-precision may exceed 1; NDCG discounts by "
        "log2(place) from place 2 and is compared with the list's own hits put first."
    ),
    "code": (
        "--definition code: an artist of the truth earns 0.25 once if one of the first R tracks "
        "is a miss by that artist; NDCG discounts by log2(place + 1) and is compared with "
        "min(R, 500) hits."
    ),
}


def render_judged(judged: Judged, definition: Definition) -> RenderableType:
    """Lay out a row a category and one for all, each figure above its interval."""
    summary = summarise(judged.figures, judged.categories)
    n_scored = int(summary["n_playlists"].iloc[-1])
    table = plain_table(f"{amount(n_scored, 'playlist')}, {_WORDS[definition]} (95 % intervals)")
    table.add_column("category", no_wrap=True)
    table.add_column("n", justify="right")
    for figure in FIGURES:
        table.add_column(heading(figure), justify="right", no_wrap=True)
    for label, rows in summary.groupby("label", sort=False):
        if label == ALL:
            table.add_section()
        cells = [over_ends(*row) for row in rows[["mean", "low", "high"]].itertuples(index=False)]
        table.add_row(str(label), f"{rows['n_playlists'].iloc[0]:,}", *cells)
    notes = [Text(f"note: {note}") for note in judged.notes]
    return Group(table, Text(f"\n{_READING[definition]}", style="dim"), *notes)


def judged_as_json(judged: Judged, definition: Definition) -> str:
    """Give the same as JSON: a row a category and figure; what is not known is null."""
    rows = summarise(judged.figures, judged.categories).to_dict(orient="records")
    found = {
        "definition": definition,
        "n_playlists": len(judged.figures),
        "summary": [{str(name): _known(value) for name, value in row.items()} for row in rows],
        "notes": judged.notes,
    }
    return msgspec.json.format(msgspec.json.encode(found), indent=2).decode()


def _known(value: object) -> object:
    return None if isinstance(value, float) and math.isnan(value) else value
