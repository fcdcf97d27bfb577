"""What `harvest match` writes: matches, ambiguous ones, manifest; all of them or none."""

import contextlib
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from harvest.matching.outcome import Step
from harvest.matching.reading import Inputs
from harvest.sources.msd_tables import (
    AMBIGUOUS_NAME,
    MATCH_MANIFEST_NAME,
    MATCHES_NAME,
    MatchManifest,
)
from harvest.table_writer import writing
from harvest.tables import opened
from harvest.whole_files import durable

SCRATCH_NAME = ".match"
MATCHES_SCHEMA = pa.schema(
    [
        pa.field("msd_track_id", pa.int32(), nullable=False),
        pa.field("track_id", pa.int32(), nullable=False),
        pa.field("spotify_id", pa.string()),
        pa.field("step", pa.string(), nullable=False),
        pa.field("score", pa.float32(), nullable=False),
    ]
)


@contextlib.contextmanager
def scratch_folder(msd_dir: Path) -> Iterator[Path]:
    """Hold the folder, and make an empty one in it for unfinished files, gone afterwards.

    Raises
    ------
    StateInUse
        Another `harvest match`, or `harvest msd`, writes there.
    StorageError
        Any `OSError` inside.
    """
    with writing(msd_dir, command="harvest match` or `harvest msd"):
        scratch = msd_dir / SCRATCH_NAME
        shutil.rmtree(scratch, ignore_errors=True)  # of a run that was killed
        scratch.mkdir()
        try:
            yield scratch
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def write_matches(path: Path, inputs: Inputs, steps: Sequence[Step]) -> None:
    """Write one row a matched track, ordered by track."""
    tracks = np.concatenate([step.matched.tracks for step in steps])
    order = np.argsort(tracks, kind="stable")
    songs = np.concatenate([step.matched.songs for step in steps])[order]
    names = np.repeat([step.name for step in steps], [len(s.matched.tracks) for s in steps])[order]
    scores = np.concatenate([step.matched.scores for step in steps])[order]
    of_tracks = inputs.tracks.take(pa.array(tracks[order]))
    columns = [
        inputs.songs["id"].take(pa.array(songs)),
        of_tracks["id"],
        of_tracks["outer_id"],
        pa.array(names.astype(object), pa.string()),
        pa.array(scores, pa.float32()),
    ]
    with opened(path, "wb") as file:
        pq.write_table(pa.table(columns, schema=MATCHES_SCHEMA), file)


def write_ambiguous(path: Path, inputs: Inputs, steps: Sequence[Step]) -> None:
    """Write one row a track and song that it may be, ordered by track, the best song first."""
    listed = pa.concat_tables([_listed(inputs, step) for step in steps])
    order = [("track_id", "ascending"), ("score", "descending"), ("msd_track_id", "ascending")]
    with opened(path, "wb") as file:
        pa_csv.write_csv(listed.sort_by(order), file)


def _listed(inputs: Inputs, step: Step) -> pa.Table:
    pairs = step.undecided
    tracks, songs = (
        side.take(pa.array(rows))
        for side, rows in ((inputs.tracks, pairs.tracks), (inputs.songs, pairs.songs))
    )
    return pa.table(
        {
            "track_id": tracks["id"],
            "spotify_id": tracks["outer_id"],
            "artist": tracks["artist"],
            "title": tracks["title"],
            "msd_track_id": songs["id"],
            "msd_id": songs["outer_id"],
            "msd_artist": songs["artist"],
            "msd_title": songs["title"],
            "step": pa.repeat(step.name, len(pairs.tracks)),
            "score": pc.round(pa.array(pairs.scores), 4),
            "why": pa.repeat(step.why_undecided, len(pairs.tracks)),
        }
    )


def publish(scratch: Path, msd_dir: Path, manifest: MatchManifest) -> None:
    """Put finished files in place of those that are there, the manifest last."""
    text = msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"
    with durable(scratch / MATCH_MANIFEST_NAME) as file:
        file.write(text)
    (msd_dir / MATCH_MANIFEST_NAME).unlink(missing_ok=True)
    for name in (MATCHES_NAME, AMBIGUOUS_NAME, MATCH_MANIFEST_NAME):
        (scratch / name).replace(msd_dir / name)
