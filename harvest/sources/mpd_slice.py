"""One slice of the Million Playlist Dataset: bytes -> tables, pure.

Inside a slice, playlists and tracks are numbered from 0 in order of first appearance; the merge
gives them their numbers in the whole dataset.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Annotated, Literal

import msgspec
import numpy as np
import pyarrow as pa
from msgspec import Meta

from harvest.errors import InputError
from harvest.sources.json_text import mend_surrogates
from harvest.sources.numbering import Ids, first_rows
from harvest.tables import SCHEMAS

VERSION = "v1"
PLAYLIST_FIELDS = [field for field in SCHEMAS["playlists"] if field.name != "playlist_id"]
TRACK_FIELDS = [
    *(
        pa.field(f"{kind}_{part}", pa.string())
        for kind in ("track", "artist", "album")
        for part in ("uri", "name")
    ),
    pa.field("duration_ms", pa.int32()),
]

Count = Annotated[int, Meta(ge=0, le=2**31 - 1)]
Large = Annotated[int, Meta(ge=0, le=2**53)]
TrackDuration = Annotated[int, Meta(ge=-1, le=2**31 - 1)]  # -1: not known
PlaylistDuration = Annotated[int, Meta(ge=-(2**31), le=2**53)]  # a sum that may hold such -1

_ABSENT = -1


class Track(msgspec.Struct, gc=False):
    """An entry of a playlist, as the source has it; a place that it lacks is that in the list."""

    track_uri: str
    track_name: str
    artist_uri: str
    artist_name: str
    album_uri: str
    album_name: str
    pos: Count = _ABSENT
    duration_ms: TrackDuration = 0


class Playlist(msgspec.Struct, gc=False):
    """A playlist, as the source has it; counts that it lacks are taken from its tracks.

    `modified_at` is in Unix seconds, durations are in milliseconds; a track's of -1 is not known.
    """

    pid: Large
    name: str
    tracks: list[Track]
    description: str | None = None
    collaborative: bool | Literal["true", "false"] = False
    modified_at: Large = 0
    num_tracks: Count | None = None
    num_albums: Count | None = None
    num_artists: Count | None = None
    num_followers: Count = 0
    num_edits: Count = 0
    duration_ms: PlaylistDuration | None = None

    def __post_init__(self) -> None:
        self.collaborative = self.collaborative in {True, "true"}
        if self.num_tracks is None:
            self.num_tracks = len(self.tracks)
        if self.num_albums is None:
            self.num_albums = len({track.album_uri for track in self.tracks})
        if self.num_artists is None:
            self.num_artists = len({track.artist_uri for track in self.tracks})
        if self.duration_ms is None:
            self.duration_ms = sum(track.duration_ms for track in self.tracks)


class Info(msgspec.Struct, gc=False):
    """A slice's head; no more than its version is looked at."""

    version: str | None = None


class Document(msgspec.Struct, gc=False):
    """A slice."""

    playlists: list[Playlist]
    info: Info | None = None


@dataclass(frozen=True, slots=True)
class SliceTables:
    """A slice as tables whose numbers are its own.

    Parameters
    ----------
    playlists : pyarrow.Table
        The columns of the `playlists` table without `playlist_id`, in the slice's order.
    tracks : pyarrow.Table
        The fields of `Track` without `pos`; one row per URI, as first seen.
    entries : pyarrow.Table
        playlist, pos, track; ordered by playlist and pos.
    tallies : Counter of str
        Oddities that were met, see `IngestReport`.
    """

    playlists: pa.Table
    tracks: pa.Table
    entries: pa.Table
    tallies: Counter[str]


def slice_tables(content: bytes, *, name: str, known_pids: Collection[int] = ()) -> SliceTables:
    """Turn a slice into tables.

    Parameters
    ----------
    content : bytes
        JSON in the dataset's layout.
    name : str
        Of the slice, for errors.
    known_pids : collection of int
        Playlists to leave out, because they were met before.

    Returns
    -------
    SliceTables
        Of a pid that occurs twice, the first playlist alone.

    Raises
    ------
    InputError
        It is not JSON, or not of this shape.
    """
    document, tallies = _decode(content, name)
    playlists = _first_of_each_pid(document.playlists, known_pids)
    tallies["duplicate_playlists"] = len(document.playlists) - len(playlists)
    tallies["num_tracks_mismatches"] = sum(
        each.num_tracks != len(each.tracks) for each in playlists
    )
    return tables_of(playlists, tallies)


def tables_of(playlists: Sequence[Playlist], tallies: Counter[str]) -> SliceTables:
    """Turn playlists into tables whose numbers are their own."""
    owner, pos, tracks = _entries(playlists)
    uris = _column(tracks, "track_uri", pa.string()).dictionary_encode()
    codes = uris.indices.to_numpy()
    return SliceTables(
        playlists=_table(playlists, PLAYLIST_FIELDS),
        tracks=_table([tracks[row] for row in first_rows(codes).tolist()], TRACK_FIELDS),
        entries=pa.table({"playlist": owner, "pos": pos, "track": codes}),
        tallies=tallies,
    )


def _decode(content: bytes, name: str) -> tuple[Document, Counter[str]]:
    tallies = Counter(mended_slices=0)
    try:
        try:
            document = _DECODER.decode(content)
        except msgspec.ValidationError:
            raise
        except msgspec.DecodeError:
            mended = mend_surrogates(content)
            tallies["mended_slices"] = int(mended != content)
            document = _DECODER.decode(mended)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name} is not {_wanted(error)}: {error}; get the file again") from error
    version = document.info.version if document.info else None
    tallies["other_version_slices"] = int(version not in {None, VERSION})
    return document, tallies


def _wanted(error: Exception) -> str:
    if isinstance(error, msgspec.ValidationError):
        return "a slice of the Million Playlist Dataset"
    return "whole JSON text in UTF-8"


def _first_of_each_pid(playlists: list[Playlist], known: Collection[int]) -> list[Playlist]:
    distinct = {each.pid: each for each in reversed(playlists) if each.pid not in known}
    if len(distinct) == len(playlists):
        return playlists
    return [each for each in playlists if distinct.get(each.pid) is each]


def _entries(playlists: Sequence[Playlist]) -> tuple[Ids, Ids, list[Track]]:
    tracks = [track for playlist in playlists for track in playlist.tracks]
    lengths = np.fromiter((len(each.tracks) for each in playlists), np.int32, len(playlists))
    owner = np.repeat(np.arange(len(playlists), dtype=np.int32), lengths)
    pos = np.fromiter(map(attrgetter("pos"), tracks), np.int32, len(tracks))
    starts = np.repeat(np.cumsum(lengths) - lengths, lengths)
    pos = np.where(pos == _ABSENT, np.arange(len(tracks)) - starts, pos).astype(np.int32)
    if not ((np.diff(pos) < 0) & (np.diff(owner) == 0)).any():
        return owner, pos, tracks
    order = np.lexsort((pos, owner))
    return owner, pos[order], [tracks[row] for row in order.tolist()]


def _table(rows: Sequence[object], fields: Iterable[pa.Field]) -> pa.Table:
    return pa.table({field.name: _column(rows, field.name, field.type) for field in fields})


def _column(rows: Iterable[object], name: str, of: pa.DataType) -> pa.Array:
    return pa.array(list(map(attrgetter(name), rows)), of)


_DECODER = msgspec.json.Decoder(Document)
