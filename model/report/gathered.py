"""What was harvested, what exploration shows of it, and how it was split."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pandas as pd

from model.exploration.files import CATALOGUE, Shown
from model.report.blocks import Block, Missing, Part, Picture, Text, svg_picture, table_of
from model.report.damaged import damages, sound
from model.report.outdated import outdated, outdated_stage
from model.report.reading import Found, read_bytes, read_csv, unreadable
from model.settings import PARTS
from model.status.asked_by import explore_command
from model.storage.artifacts import Artifact

ELSEWHERE = ("clusters", "centres", "cluster_map")
"""Exhibits that stand among the clusters."""

_DATA_ROWS = 25
_SCALES = ("centres",)


def harvest_part(found: Found) -> Part:
    """Say what was harvested: by provider, what is missing or dead, time and requests."""
    frames = found.harvest
    blocks = damages(found, "harvest.db", lambda _: "harvest verify")
    if blocks:
        return Part("harvest", "What was harvested", tuple(blocks))
    if not frames:
        blocks.append(Missing("Nothing has been harvested into this state:", "harvest spotify"))
    features = frames.get("features")
    if features is not None and len(features):
        shown = features.assign(
            **{name: [_day(value) for value in features[name]] for name in ("first", "last")}
        )
        labels = {"tracks": "tracks with features", "first": "first came", "last": "last came"}
        blocks.append(table_of(shown, "Audio features by provider", labels=labels))
    elif frames:
        blocks.append(Missing("There are no audio features:", "harvest spotify"))
    blocks += _jobs(frames)
    lastfm = frames.get("lastfm")
    if lastfm is not None and int(lastfm.iloc[0].sum()):
        labels = {"tracks": "tracks known", "tags": "tags received", "similars": "similar songs"}
        blocks.append(table_of(lastfm, "From last.fm", labels=labels))
    else:
        blocks.append(Missing("last.fm has not been asked:", "harvest lastfm"))
    return Part("harvest", "What was harvested", tuple(blocks))


def exploration_part(found: Found) -> Part:
    """Show every exhibit of the exploration, but the clusters and what evaluations left."""
    explored = found.explored
    broken = damages(found, CATALOGUE, lambda _: "model explore")
    if broken:
        return _part(broken)
    if explored is None:
        return _part([Missing("The state has not been explored:", "model explore")])
    command = explore_command(explored.settings)
    blocks: list[Block] = [*outdated(found, explored.inputs, command)]
    for one in explored.exhibits:
        if one.name in ELSEWHERE or one.name.startswith(("boxes_", "bands_", "batches_")):
            continue
        blocks += sound(partial(exhibit_blocks, found, one), command)
    blocks += [
        Missing(f"{one.title}: {one.remedy.replace('`', '')}; then", "model explore")
        for one in explored.lacking
        if not one.title.startswith("Variability")
    ]
    return _part(blocks)


def exhibit_blocks(found: Found, exhibit: Shown) -> list[Block]:
    """Give the figure of an exhibit where it has one, and its table."""
    blocks: list[Block] = []
    picture = exhibit_picture(found, exhibit)
    path = found.state / "explore" / f"{exhibit.name}.csv"
    if picture is not None:
        return [picture]
    table = read_csv(path, sha256=exhibit.files.get(path.name))
    more = f"explore/{path.name}"
    most = min(max(exhibit.n_shown, 1), _DATA_ROWS)
    return [*blocks, table_of(table, exhibit.title, more=more, most=most), Text(exhibit.says, True)]


def exhibit_picture(found: Found, exhibit: Shown, *, prefix: str = "") -> Picture | None:
    """Give the figure of an exhibit, as `model explore` drew it."""
    name = f"{exhibit.name}.svg"
    if name not in exhibit.files:
        return None
    assert found.explored is not None
    command = explore_command(found.explored.settings)
    return picture_of(
        found.state / "explore" / name,
        sha256=exhibit.files[name],
        alt=f"{exhibit.title}. {exhibit.says}",
        caption=f"{prefix}{exhibit.title}. {exhibit.says} ({command}; explore/{exhibit.name}.csv)",
        has_scale=exhibit.name in _SCALES,
    )


def picture_of(
    path: Path, *, alt: str, caption: str, has_scale: bool = False, sha256: str | None = None
) -> Picture:
    """Put a drawing of the state into a picture.

    Raises
    ------
    InputError
        If it is absent, no drawing, or not what was written.
    """
    content = read_bytes(path, sha256=sha256)
    try:
        return svg_picture(content, alt=alt, caption=caption, has_scale=has_scale)
    except ValueError as error:
        raise unreadable(path, error) from error


def split_part(found: Found) -> Part:
    """Say how many playlists each part of the split has, and what was left out before."""
    blocks: list[Block] = []
    for protocol in ("holdout", "published"):
        split, corpus = found.newest("split", protocol), found.newest("corpus", protocol)
        if split is None:
            continue
        blocks += outdated_stage(found, split, f"model split --protocol {protocol}")
        blocks.append(table_of(_shares(split), f"Split, {protocol} protocol"))
        if corpus is not None and corpus.manifest.summary["unused"]:
            unused = pd.DataFrame(corpus.manifest.summary["unused"])
            labels = {"total": "of", "reason": "because"}
            caption = f"Not used, {protocol} protocol"
            blocks.append(
                table_of(unused[["what", "count", "total", "reason"]], caption, labels=labels)
            )
    if not blocks:
        blocks.append(Missing("The playlists have not been split:", "model split"))
    else:
        blocks.append(
            Text(
                "Playlists of one name are cut into groups of ten, by followers where there are "
                "many, of which eight train and one each is for validation and test. Study: "
                "80.03, 10.03 and 9.94 %.",
                True,
            )
        )
    return Part("split", "The split", tuple(blocks))


def _shares(split: Artifact) -> pd.DataFrame:
    """Count the playlists of each part."""
    counts = {part: int(split.manifest.summary[part]) for part in PARTS}
    total = max(sum(counts.values()), 1)
    rows = [(part, count, 100 * count / total) for part, count in counts.items()]
    return pd.DataFrame(rows, columns=["part", "playlists", "share, %"])


def _part(blocks: Sequence[Block]) -> Part:
    return Part("exploration", "Exploration", tuple(blocks))


def _jobs(frames: dict[str, pd.DataFrame]) -> list[Block]:
    blocks: list[Block] = []
    tasks = frames.get("tasks")
    if tasks is not None and len(tasks):
        wide = tasks.pivot_table(
            index=["job", "provider"], columns="state", values="tracks", aggfunc="sum", fill_value=0
        ).reset_index()
        for state in ("pending", "done", "missing", "dead"):
            if state not in wide:
                wide[state] = 0
        wide["provider"] = wide["provider"].replace("", "nobody yet")
        columns = ["job", "provider", "done", "missing", "dead", "pending"]
        blocks.append(table_of(wide[columns], "Tracks by job, and by who settled them"))
    reasons = frames.get("reasons")
    if reasons is not None and len(reasons):
        blocks.append(table_of(reasons, "Why tracks are missing or dead"))
    runs = frames.get("runs")
    if runs is not None and len(runs):
        shown = runs.assign(hours=runs["seconds"].astype(float) / 3600).drop(columns="seconds")
        columns = ["job", "starts", "hours", "requests", "settled", "limited", "failed", "rejected"]
        labels = {
            "hours": "time, h",
            "settled": "tracks settled",
            "limited": "told to slow down (429)",
            "failed": "without a usable reply",
            "rejected": "answers not trusted",
        }
        blocks.append(table_of(shown[columns], "Time and requests", labels=labels))
    return blocks


def _day(seconds: object) -> str:
    return datetime.fromtimestamp(float(str(seconds)), UTC).strftime("%Y-%m-%d")
