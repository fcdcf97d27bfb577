"""What differs between two states."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pandas as pd

from model.evaluation.console import HEADINGS
from model.exploration.files import Shown
from model.figures.directions import label
from model.report.blocks import (
    Beside,
    Block,
    Cell,
    Missing,
    Part,
    Text,
    cell_of,
    change_cell,
    interval_cell,
    spread_cell,
    table_of,
)
from model.report.damaged import damage, sound
from model.report.gathered import exhibit_picture
from model.report.reading import Found
from model.report.shapes import Run
from model.settings import PARTS


def changes_part(here: Found, there: Found) -> Part:
    """Put what was harvested, learnt and judged of two states side by side."""
    blocks: list[Block] = [
        Text(f"This state: {here.state}. The other: {there.state}. Change: this less the other.")
    ]
    blocks += [
        damage(error, f"model report --state {found.state}")
        for found in (here, there)
        for error in found.damaged.values()
    ]
    counts = _compare(dict(_counts(here)), dict(_counts(there)))
    blocks.append(table_of(counts, "Harvested and learnt of", most=200))
    shared = [name for name in here.runs if name in there.runs]
    for name in shared:
        blocks += _run_blocks(name, here.runs[name], there.runs[name])
    if not shared:
        words = "No evaluation has been made of both states alike; run the same in each:"
        blocks.append(Missing(words, "model evaluate --state OTHER_STATE"))
    blocks += _pictures(here, there)
    return Part("changes", "What changed", tuple(blocks))


def _counts(found: Found) -> Iterator[tuple[str, float]]:
    yield from _harvested(found.harvest)
    for protocol in ("holdout", "published"):
        yield from _learnt(found, protocol)


def _harvested(frames: dict[str, pd.DataFrame]) -> Iterator[tuple[str, float]]:
    for row in _records(frames, "features"):
        yield f"tracks with features from {row['provider']}", row["tracks"]
    for row in _records(frames, "tasks"):
        settled = f" by {row['provider']}" if row["provider"] else ""
        yield f"{row['job']}: {row['state']}{settled}", row["tracks"]
    for row in _records(frames, "runs"):
        yield f"{row['job']}: requests", row["requests"]
    for row in _records(frames, "lastfm"):
        yield from ((f"last.fm: {name}", value) for name, value in row.items())


def _records(frames: dict[str, pd.DataFrame], name: str) -> list[dict[str, Any]]:
    frame = frames.get(name)
    if frame is None:
        return []
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def _learnt(found: Found, protocol: str) -> Iterator[tuple[str, float]]:
    corpus, split = found.newest("corpus", protocol), found.newest("split", protocol)
    if corpus is not None:
        for name in ("n_playlists", "n_entries", "n_songs"):
            yield f"{protocol}: {name.removeprefix('n_')}", corpus.manifest.summary[name]
    if split is not None:
        for part in PARTS:
            yield f"{protocol}: {part} playlists", split.manifest.summary[part]


def _compare(here: dict[str, float], there: dict[str, float]) -> pd.DataFrame:
    rows = []
    for name in dict.fromkeys([*here, *there]):
        own, other = here.get(name), there.get(name)
        change = None if own is None or other is None else own - other
        rows.append((name, cell_of(own), cell_of(other), change_cell(change)))
    return pd.DataFrame(rows, columns=["what", "this state", "the other", "change"])


def _run_blocks(name: str, here: Run, there: Run) -> list[Block]:
    theirs = {_key(row): row for row in there.summary}
    rows = []
    for row in here.summary:
        other = theirs.get(_key(row))
        if other is None or row["mean"] is None or other["mean"] is None:
            continue
        rows.append(
            {
                "part": row["part"],
                "recommender": HEADINGS.get(row["recommender"], row["recommender"]),
                "figure": label(row["metric"]),
                "this state": _figure(row),
                "the other": _figure(other),
                "change": change_cell(row["mean"] - other["mean"]),
                "apart": _say_apart(row, other),
            }
        )
    blocks: list[Block] = [table_of(pd.DataFrame(rows), f"Figures of {name}", most=200)]
    settings = _settings(here, there)
    if not settings.empty:
        blocks.append(table_of(settings, f"Settings and versions of {name} that differ"))
    return blocks


def _key(row: dict[str, Any]) -> tuple[str, str, str]:
    return row["part"], row["recommender"], row["metric"]


def _figure(row: dict[str, Any]) -> Cell:
    if "sd" in row:
        return spread_cell(row["mean"], row["sd"])
    return interval_cell(row["mean"], row["low"], row["high"])


def _say_apart(row: dict[str, Any], other: dict[str, Any]) -> str:
    """Say whether intervals overlap: playlists differ between states, so none is paired."""
    if row.get("low") is None or other.get("low") is None:
        return "–"
    is_apart = row["low"] > other["high"] or row["high"] < other["low"]
    return "intervals apart" if is_apart else "intervals overlap"


def _settings(here: Run, there: Run) -> pd.DataFrame:
    own = {**here.settings, **here.versions}
    other = {**there.settings, **there.versions}
    rows = [
        (name, str(own.get(name, "–")), str(other.get(name, "–")))
        for name in dict.fromkeys([*own, *other])
        if own.get(name) != other.get(name)
    ]
    return pd.DataFrame(rows, columns=["what", "this state", "the other"])


def _pictures(here: Found, there: Found) -> list[Block]:
    if not here.explored or not there.explored:
        words = "Exploration stands side by side once both states have been explored:"
        return [Missing(words, "model explore --state OTHER_STATE")]
    theirs = {one.name: one for one in there.explored.exhibits}
    blocks: list[Block] = []
    for one in here.explored.exhibits:
        if one.name not in theirs:
            continue
        command = f"model explore --state {there.state}"
        blocks += sound(partial(_beside, here, there, one, theirs[one.name]), command)
    return blocks


def _beside(here: Found, there: Found, one: Shown, other: Shown) -> list[Block]:
    own = exhibit_picture(here, one, prefix="This state: ")
    theirs = exhibit_picture(there, other, prefix="The other: ")
    return [] if own is None or theirs is None else [Beside((own, theirs))]
