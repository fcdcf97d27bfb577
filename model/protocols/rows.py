"""The rows of figures of an evaluation: made chunk by chunk, and gone on with where interrupted."""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

import pandas as pd
import pyarrow as pa

from model.amounts import amount
from model.batches import Chunk, chunks_of
from model.engines.engine import Engine, processes_for
from model.inputs.parquet import read_columns, write_rows
from model.protocols.judging import Case, Task, judge_chunk
from model.saying import Say
from model.stages.split import open_split
from model.stages.workspace import Workspace
from model.storage.artifacts import Artifact
from model.storage.recipes import Plain

SAY_EVERY_S = 5.0
WORTH_PROCESSES = 10_000
"""Playlists: for fewer, processes would take longer to start than they save."""


def make_rows(workspace: Workspace, case: Case) -> Artifact:
    """Generate for every playlist of the parts that are asked for, and score.

    One Parquet file a chunk, there in full or not at all. Where the workspace has no engine,
    processes are started where they pay.
    """
    settings = case.settings
    chunks = chunks_of(open_split(case.materials.split), settings)

    def build(folder: Path) -> dict[str, Plain]:
        left = [chunk for chunk in chunks if not _is_whole(_path(folder, chunk))]
        say_progress = _progress(workspace.say, chunks, left)
        engine = workspace.engine or _engine(_count(left), workspace.workers)
        tasks = [Task(case, chunk) for chunk in left]
        for task, rows in engine.run(judge_chunk, tasks, needs=case.materials.manifests):
            _write(rows, _path(folder, task.chunk))
            say_progress(task.chunk)
        return {"n_playlists": _count(chunks)}

    return workspace.make(
        "rows",
        build,
        label=f"{settings.protocol}-k{settings.n_clusters}",
        parameters=asdict(settings),
        inputs=case.materials.contents,
        is_resumable=True,
    )


def read_rows(artifact: Artifact, case: Case) -> pd.DataFrame:
    """Read all rows: part by part, recommender by recommender, in the order of the playlists."""
    chunks = chunks_of(open_split(case.materials.split), case.settings)
    rows: pd.DataFrame = pd.concat(
        [read_columns(_path(artifact.folder, chunk)).to_pandas() for chunk in chunks],
        ignore_index=True,
    )
    order = {name: place for place, name in enumerate(case.settings.recommenders)}
    parts = {name: place for place, name in enumerate(case.settings.parts)}
    ranks = rows["part"].map(parts) * len(order) + rows["recommender"].map(order)
    return rows.iloc[ranks.to_numpy().argsort(kind="stable")].reset_index(drop=True)


def _engine(n_playlists: int, workers: int) -> Engine:
    return processes_for(workers if n_playlists >= WORTH_PROCESSES else 1)


def _count(chunks: Sequence[Chunk]) -> int:
    """Count the playlists of chunks."""
    return sum(chunk.last - chunk.first for chunk in chunks)


def _path(folder: Path, chunk: Chunk) -> Path:
    return folder / f"{chunk.name}.parquet"


def _is_whole(path: Path) -> bool:
    """Whether a chunk is there and can be read; of an interrupted run, none has been hashed."""
    try:
        read_columns(path, is_checked=True)
    except (OSError, ValueError):
        return False
    return True


def _write(rows: pd.DataFrame, path: Path) -> None:
    scratch = path.with_suffix(".part")
    write_rows(pa.Table.from_pandas(rows, preserve_index=False), scratch)
    scratch.replace(path)


def _progress(say: Say, chunks: Sequence[Chunk], left: Sequence[Chunk]) -> Callable[[Chunk], None]:
    """Give a function that counts the playlists of finished chunks, and says so at times."""
    total = _count(chunks)
    begun = total - _count(left)
    done, start, said = begun, time.monotonic(), time.monotonic()
    if begun:
        say(f"rows: going on after {begun:,} of {amount(total, 'playlist')}")

    def count(chunk: Chunk) -> None:
        nonlocal done, said
        done += chunk.last - chunk.first
        now = time.monotonic()
        if now - said > SAY_EVERY_S or done == total:
            said, rate = now, (done - begun) / (now - start)
            say(
                f"rows: {done:,} of {amount(total, 'playlist')} generated and scored, {rate:,.0f} "
                "a second"
            )

    return count
