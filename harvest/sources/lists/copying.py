"""The dataset's rows, from the tables that are there into those that are made."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from harvest.manifests import table_path
from harvest.sources.lists.collection import Own
from harvest.sources.lists.pieces import folded, key_of, names_of
from harvest.sources.mpd_merge import Merger
from harvest.table_writer import TableWriter
from harvest.tables import SCHEMAS, opened

PAGE_ROWS = 2**18

_KEYS = {"tracks": "track_uri", "artists": "artist_uri", "albums": "album_uri"}


class Copy:
    """Tells which own playlists the dataset has too: those of the same name and tracks.

    Of the dataset's playlists, the few that share name and length with an own one are looked at.

    Parameters
    ----------
    own : Own
    """

    def __init__(self, own: Own) -> None:
        columns = (own.playlists[name].to_pylist() for name in ("by_uris", "by_names"))
        self._keys = list(zip(*columns, strict=True))
        names = (folded(name).strip() for name in own.playlists["name"].to_pylist())
        self._shapes = set(zip(names, own.playlists["num_tracks"].to_pylist(), strict=True))
        self._candidates: dict[int, str] = {}
        self._tracks: defaultdict[int, list[int]] = defaultdict(list)
        self._found: set[int | None] = set()

    def see_playlists(self, page: pa.Table) -> None:
        """Look at some of the dataset's playlists."""
        columns = (page[name].to_pylist() for name in ("playlist_id", "name", "num_tracks"))
        for number, name, size in zip(*columns, strict=True):
            if (folded(name).strip(), size) in self._shapes:
                self._candidates[number] = name

    def see_entries(self, page: pa.Table) -> None:
        """Look at some of the dataset's entries."""
        if not self._candidates:
            return
        wanted = pa.array(list(self._candidates), pa.int32())
        rows = page.filter(pc.is_in(page["playlist_id"], wanted))
        pairs = zip(rows["playlist_id"].to_pylist(), rows["track_id"].to_pylist(), strict=True)
        for number, track in pairs:
            self._tracks[number].append(track)

    def see_tracks(self, tracks: Mapping[int, tuple[str, str]]) -> None:
        """Take the tracks that were asked for: each one's URI, and `pieces.names_of` it."""
        for number, name in self._candidates.items():
            for texts in zip(*(tracks[track] for track in self._tracks[number]), strict=True):
                self._found.add(key_of(name, texts))

    @property
    def wanted_tracks(self) -> Collection[int]:
        """The dataset's tracks whose URIs and names are needed."""
        return {track for tracks in self._tracks.values() for track in tracks}

    def are_there(self) -> npt.NDArray[np.bool_]:
        """Say of each own playlist whether the dataset has it, by ids or by names."""
        return np.array([not self._found.isdisjoint(keys) for keys in self._keys], np.bool_)


def copy_dataset(
    tables_dir: Path,
    rows: Mapping[str, int],
    merger: Merger,
    writers: Mapping[str, TableWriter],
    copy: Copy,
) -> None:
    """Copy the first so many rows of each table, and let merger and `copy` see them."""
    for page in _pages(tables_dir, "playlists", rows):
        writers["playlists"].append(page)
        merger.know_pids(page["pid"].to_pylist())
        copy.see_playlists(page)
    for page in _pages(tables_dir, "entries", rows):
        writers["entries"].append(page)
        copy.see_entries(page)
    copy.see_tracks(_copy_named(tables_dir, rows, merger, writers, wanted=copy.wanted_tracks))


def _copy_named(
    tables_dir: Path,
    rows: Mapping[str, int],
    merger: Merger,
    writers: Mapping[str, TableWriter],
    *,
    wanted: Collection[int],
) -> dict[int, tuple[str, str]]:
    """Copy tracks, artists and albums; return URI and names of the tracks that are wanted."""
    tracks: list[dict[str, Any]] = []
    for page in _known_pages("tracks", tables_dir, rows, merger, writers):
        tracks += _picked(page, "track_id", wanted)
    artists: dict[int, str] = {}
    wanted = {row["artist_id"] for row in tracks}
    for page in _known_pages("artists", tables_dir, rows, merger, writers):
        found = _picked(page, "artist_id", wanted)
        artists |= {row["artist_id"]: row["artist_name"] for row in found}
    for _ in _known_pages("albums", tables_dir, rows, merger, writers):
        pass
    return {
        row["track_id"]: (row["track_uri"], names_of(artists[row["artist_id"]], row["track_name"]))
        for row in tracks
    }


def _known_pages(
    name: str,
    tables_dir: Path,
    rows: Mapping[str, int],
    merger: Merger,
    writers: Mapping[str, TableWriter],
) -> Iterator[pa.Table]:
    """Yield what is copied of a table whose rows are numbered, once merger knows it."""
    for page in _pages(tables_dir, name, rows):
        writers[name].append(page)
        merger.know(name, page[_KEYS[name]].to_pylist())
        yield page


def _picked(page: pa.Table, column: str, numbers: Collection[int]) -> list[dict[str, Any]]:
    if not numbers:
        return []
    wanted = pa.array(list(numbers), pa.int32())
    rows: list[dict[str, Any]] = page.filter(pc.is_in(page[column], wanted)).to_pylist()
    return rows


def _pages(tables_dir: Path, name: str, rows: Mapping[str, int]) -> Iterator[pa.Table]:
    left = rows[name]
    with (
        opened(table_path(tables_dir, name)) as raw,
        pq.ParquetFile(raw, page_checksum_verification=True) as file,
    ):
        for batch in file.iter_batches(PAGE_ROWS):
            if not left:
                return
            page = pa.Table.from_batches([batch.slice(0, left)]).cast(SCHEMAS[name])
            left -= page.num_rows
            yield page
