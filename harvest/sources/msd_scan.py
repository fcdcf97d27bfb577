"""Chunks of last.fm files -> tables, many files at once: what `msd_parts` gives, in less time.

Files as they are published are read by `msd_kernels`; each other one by `msd_song`, which also says
what is wrong with it, and is put in its place.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from harvest.sources import part_files
from harvest.sources.msd_chunks import Chunk, Fault
from harvest.sources.msd_kernels import (
    ARTIST,
    CLEAN,
    SIMILARS,
    SONGS,
    TAG,
    TIMESTAMP,
    TITLE,
    Columns,
    scan_files,
)
from harvest.sources.msd_parts import (
    Tables,
    falling,
    files_tables,
    fixed,
    with_single_precision,
)
from harvest.sources.msd_song import ID_CHARACTERS, ID_LENGTH
from harvest.sources.text_kernels import Bytes

Rows = npt.NDArray[np.intp]

_SHORTEST_TAG = len('["",0],')
_SHORTEST_SIMILAR = len('["",0],') + ID_LENGTH
_TAIL = ID_LENGTH + len(".json")
_PREFIX, _SUFFIX = np.frombuffer(b"TR", np.uint8), np.frombuffer(b".json", np.uint8)
_IN_ID = np.isin(np.arange(256), np.frombuffer(ID_CHARACTERS, np.uint8))
_SEPARATORS = np.frombuffer(b"/\\", np.uint8)


def prepare() -> None:
    """Compile what is not yet compiled, so that several processes need not."""
    _scan([], [])


def make_part(chunk: Chunk, path: Path) -> Tables:
    """Read a chunk, and write its part."""
    tables = scan_tables(chunk)
    part_files.write_part(path, tables, is_compressed=False)
    return tables


def scan_tables(chunk: Chunk) -> Tables:
    """Read the files of a chunk into the tables that `msd_parts.chunk_tables` describes."""
    pairs = list(chunk.contents())
    is_read, tables = _scan([name for name, _ in pairs], [content for _, content in pairs])
    if is_read.all():
        return tables | {"malformed": files_tables([])[1]["malformed"]}
    rest = np.flatnonzero(~is_read)
    kept, others = files_tables([pairs[row] for row in rest.tolist()])
    places = np.concatenate([np.flatnonzero(is_read), rest[kept]])
    return _woven(tables, others, places) | {"malformed": others["malformed"]}


def _scan(
    names: Sequence[str], contents: Sequence[bytes | Fault]
) -> tuple[npt.NDArray[np.bool_], Tables]:
    """Return which files are read, and the tables of these."""
    files = [b"" if isinstance(content, Fault) else content for content in contents]
    text = np.frombuffer(b"\0".join([*files, b"\0" * ID_LENGTH]), np.uint8)
    lengths = np.fromiter(map(len, files), np.int64, len(files))
    starts = np.concatenate([[0], np.cumsum(lengths + 1)])
    is_read = np.zeros(len(files), np.bool_)
    ids, columns = _ids(names), _room(len(files), len(text))
    counts = scan_files(text, starts, ids, columns, is_read).tolist()
    songs = _songs(ids[is_read], columns, counts)
    return is_read, {"songs": songs, **_lists(columns, counts)}


def _ids(names: Sequence[str]) -> Bytes:
    """Return whose file each is, in bytes; zeros where its name is no song's, or leads away."""
    raw = [name.encode("utf-8", "surrogateescape") for name in names]
    text = np.frombuffer(b"".join([b"\0" * _TAIL, *raw, b"\0"]), np.uint8)
    lengths = np.fromiter(map(len, raw), np.int64, len(raw))
    ends = np.cumsum(lengths) + _TAIL
    tails = text[ends[:, np.newaxis] + np.arange(-_TAIL, 0)]
    is_sound = (tails[:, :2] == _PREFIX).all(axis=1) & (tails[:, ID_LENGTH:] == _SUFFIX).all(axis=1)
    is_sound &= _IN_ID[tails[:, :ID_LENGTH]].all(axis=1)
    is_sound &= (lengths == _TAIL) | np.isin(text[ends - _TAIL - 1], _SEPARATORS)
    is_sound &= (lengths >= _TAIL) & ~np.isin(text[ends - lengths], _SEPARATORS)
    if b".." in text.tobytes():
        is_sound &= np.fromiter((b".." not in name for name in raw), np.bool_, len(raw))
    return np.where(is_sound[:, np.newaxis], tails[:, :ID_LENGTH], np.uint8(0))


def _room(n_files: int, n_bytes: int) -> Columns:
    """Make columns that hold whatever so many bytes say; what is not written takes no memory."""
    n_tags, n_similars = n_bytes // _SHORTEST_TAG + 1, n_bytes // _SHORTEST_SIMILAR + 1
    artist, title, timestamp, tag, clean = np.empty((5, n_bytes), np.uint8)
    first, second, third = np.zeros((3, n_files + 1), np.int32)
    fourth, fifth = np.zeros((2, n_tags + 1), np.int32)
    return Columns(
        texts=(artist, title, timestamp, tag, clean),
        ends=(first, second, third, fourth, fifth),
        has_timestamp=np.empty(n_files, np.bool_),
        n_tags=np.empty(n_files, np.int32),
        n_similars=np.empty(n_files, np.int32),
        weights=np.empty(n_tags, np.int16),
        similar_ids=np.empty(n_similars * ID_LENGTH, np.uint8),
        matches=np.empty(n_similars, np.float64),
    )


def _songs(ids: Bytes, columns: Columns, counts: Sequence[int]) -> pa.Table:
    n = counts[SONGS]
    timestamps = _texts(columns, TIMESTAMP, counts, n)
    if not columns.has_timestamp[:n].all():
        timestamps = pc.if_else(pa.array(columns.has_timestamp[:n]), timestamps, None)
    return pa.table(
        {
            "id": fixed(ids),
            "artist": _texts(columns, ARTIST, counts, n),
            "title": _texts(columns, TITLE, counts, n),
            "timestamp": timestamps,
            "n_tags": pa.array(columns.n_tags[:n]),
            "n_similars": pa.array(columns.n_similars[:n]),
        }
    )


def _lists(columns: Columns, counts: Sequence[int]) -> Tables:
    n_songs, n_tags, n_similars = counts[SONGS : SIMILARS + 1]
    tags = pa.table(
        {
            "tag": _texts(columns, TAG, counts, n_tags),
            "clean_tag": _texts(columns, CLEAN, counts, n_tags),
            "weight": columns.weights[:n_tags],
        }
    )
    ids = columns.similar_ids[: n_similars * ID_LENGTH]
    similars = pa.table({"id": fixed(ids), "match": columns.matches[:n_similars]})
    similars = falling(similars, "match", columns.n_similars[:n_songs])
    return {
        "tags": falling(tags, "weight", columns.n_tags[:n_songs]),
        "similars": with_single_precision(similars),
    }


def _texts(columns: Columns, of: int, counts: Sequence[int], n: int) -> pa.Array:
    ends, text = columns.ends[of][: n + 1], columns.texts[of][: counts[of]]
    return pa.StringArray.from_buffers(n, pa.py_buffer(ends), pa.py_buffer(text))


def _woven(tables: Tables, others: Tables, places: Rows) -> Tables:
    """Put the rows of both into the order of the files.

    Parameters
    ----------
    places : ndarray of int, shape (n_songs,)
        Which file each song is, those of `tables` first.
    """
    both = {name: pa.concat_tables([tables[name], others[name]]) for name in tables}
    woven = {"songs": both["songs"].take(np.argsort(places))}
    for name in ("tags", "similars"):
        owners = np.repeat(places, both["songs"][f"n_{name}"].to_numpy())
        woven[name] = both[name].take(np.argsort(owners, kind="stable"))
    return woven
