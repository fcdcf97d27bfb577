"""Chunks of last.fm files -> part files: each holds its chunk's songs, tags and similars."""

from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from harvest.sources import part_files
from harvest.sources.msd_chunks import Chunk, Fault
from harvest.sources.msd_song import (
    ID_LENGTH,
    MalformedError,
    ReadSong,
    clean_tag,
    read_song,
)

PART_VERSION = 1
ID = pa.binary(ID_LENGTH)
# What is read first stands first.
PART_TABLES = ("songs", "tags", "similars", "malformed")

Lengths = npt.NDArray[np.int32]
Tables = dict[str, pa.Table]


def part_path(directory: Path, chunk: Chunk) -> Path:
    """Where a chunk's part lies."""
    return part_files.part_path(directory, chunk.fingerprint, version=PART_VERSION)


def make_part(chunk: Chunk, path: Path) -> Tables:
    """Read a chunk, and write its part."""
    tables = chunk_tables(chunk)
    part_files.write_part(path, tables, is_compressed=False)
    return tables


def read_part(chunk: Chunk, path: Path, names: Sequence[str] = PART_TABLES) -> Tables:
    """Read a part, or only its first tables; make it again where it is damaged."""
    return part_files.read_part(path, names) or make_part(chunk, path)


def chunk_tables(chunk: Chunk) -> Tables:
    """Read the files of a chunk into tables.

    Returns
    -------
    dict of str to pyarrow.Table
        `songs`: id, artist, title, timestamp, n_tags, n_similars, in the chunk's order.
        `tags`: tag, clean_tag, weight, and `similars`: id, match: those of the first song, then of
        the next, each by falling weight or match, equal ones as they were.
        `malformed`: file, reason.
    """
    return files_tables(chunk.contents())[1]


def files_tables(contents: Iterable[tuple[str, bytes | Fault]]) -> tuple[list[int], Tables]:
    """Read files one by one into such tables.

    Parameters
    ----------
    contents : iterable of (name, content)

    Returns
    -------
    rows : list of int
        Which of the files the songs are.
    tables : dict of str to pyarrow.Table
    """
    found: list[ReadSong] = []
    rows: list[int] = []
    malformed: list[tuple[str, str]] = []
    for row, (name, content) in enumerate(contents):
        try:
            if isinstance(content, Fault):
                malformed.append((name, content.reason))
            else:
                found.append(read_song(name, content))
                rows.append(row)
        except MalformedError as error:
            malformed.append((name, str(error)))
    n_tags, tags = _tags(found)
    n_similars, similars = _similars(found)
    songs = _songs(found).append_column("n_tags", n_tags).append_column("n_similars", n_similars)
    return rows, {
        "songs": songs,
        "tags": tags,
        "similars": similars,
        "malformed": _named(malformed),
    }


def _songs(found: Sequence[ReadSong]) -> pa.Table:
    songs = [each.song for each in found]
    return pa.table(
        {
            "id": pa.array([song.track_id.encode() for song in songs], ID),
            "artist": pa.array([song.artist for song in songs], pa.string()),
            "title": pa.array([song.title for song in songs], pa.string()),
            "timestamp": pa.array([song.timestamp for song in songs], pa.string()),
        }
    )


def _tags(found: Sequence[ReadSong]) -> tuple[pa.Array, pa.Table]:
    lengths = np.fromiter((len(each.weights) for each in found), np.int32, len(found))
    tags = pa.array([tag.tag for each in found for tag in each.song.tags], pa.string())
    weights = pa.array(chain.from_iterable(each.weights for each in found), pa.int16())
    table = pa.table({"tag": tags, "clean_tag": _cleaned(tags), "weight": weights})
    return pa.array(lengths), falling(table, "weight", lengths)


def _cleaned(tags: pa.Array) -> pa.Array:
    """Clean each different tag once."""
    encoded = tags.dictionary_encode()
    cleaned = pa.array(map(clean_tag, encoded.dictionary.to_pylist()), pa.string())
    return cleaned.take(encoded.indices)


def _similars(found: Sequence[ReadSong]) -> tuple[pa.Array, pa.Table]:
    lengths = np.fromiter((len(each.song.similars) for each in found), np.int32, len(found))
    ids = b"".join([each.similar_ids for each in found])
    matches = np.array([s.match for each in found for s in each.song.similars], np.float64)
    columns = {"id": fixed(ids), "match": matches}
    return pa.array(lengths), with_single_precision(falling(pa.table(columns), "match", lengths))


def fixed(ids: bytes | npt.NDArray[np.uint8]) -> pa.Array:
    """Give ids that lie end to end as a column."""
    content = pa.py_buffer(ids)
    return pa.FixedSizeBinaryArray.from_buffers(ID, content.size // ID_LENGTH, [None, content])


def with_single_precision(similars: pa.Table) -> pa.Table:
    """Round matches to what is kept of them."""
    return similars.set_column(1, "match", similars["match"].cast(pa.float32(), safe=False))


def falling(table: pa.Table, by: str, lengths: Lengths) -> pa.Table:
    """Order the rows of each song by falling values; published ones are so mostly."""
    values = table[by].to_numpy()
    owner = np.repeat(np.arange(len(lengths)), lengths)
    if not ((np.diff(values) > 0) & (np.diff(owner) == 0)).any():
        return table
    return table.take(np.lexsort((-values, owner)))


def _named(malformed: Sequence[tuple[str, str]]) -> pa.Table:
    texts = [[_encodable(text) for text in each] for each in malformed]
    columns = {"file": [file for file, _ in texts], "reason": [reason for _, reason in texts]}
    return pa.table({name: pa.array(each, pa.string()) for name, each in columns.items()})


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
