"""Files -> part files: each holds the playlists of some files as tables."""

import json
import os
import unicodedata
from collections import Counter
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pyarrow as pa

from harvest.records import AudioFeatures
from harvest.sources import part_files
from harvest.sources.lists.entries import Listed, digits, hash_of
from harvest.sources.lists.finding import File, member_record
from harvest.sources.lists.formats import HEAD_BYTES, read_list, why_no_text
from harvest.sources.lists.readings import BrokenFileError, NoPlaylistError, Reading
from harvest.sources.mpd_slice import Playlist, Track, tables_of
from harvest.sources.zip_members import BadMemberError, read_member
from harvest.tables import MADE_UP, SCHEMAS

PART_VERSION = 1
MAX_FILE_BYTES = 2**28
FIRST_PID = 2**40  # of own playlists; those of the Million Playlist Dataset are below 2^21
EMPTY = "empty"
PLAYLISTS_READ = "playlists"
NOTES = "notes"  # among the tallies: a list of `Reading.notes`

# The `playlists` table without its number, then the file it is from, and what it is known by.
PLAYLISTS = pa.schema(
    [
        *(each for each in SCHEMAS["playlists"] if each.name != "playlist_id"),
        pa.field("file", pa.int32(), nullable=False),
        pa.field("by_uris", pa.int64(), nullable=False),
        pa.field("by_names", pa.int64()),
    ]
)
FILES = pa.schema(
    [
        pa.field("place", pa.string(), nullable=False),
        pa.field("fingerprint", pa.string(), nullable=False),
        pa.field("problem", pa.string()),
        pa.field("is_broken", pa.bool_(), nullable=False),
        pa.field("tallies", pa.string(), nullable=False),
    ]
)
FEATURES = pa.schema([pa.field("record", pa.string(), nullable=False)])
TABLES = ("playlists", "tracks", "entries", "files", "features")


@dataclass(frozen=True, slots=True)
class Piece:
    """Files that are read together."""

    files: Sequence[File]

    @property
    def fingerprint(self) -> str:
        """Of all its files."""
        return digits(file.fingerprint for file in self.files)


def part_path(directory: Path, piece: Piece) -> Path:
    """Where a piece's part lies."""
    return part_files.part_path(directory, f"lists {piece.fingerprint}", version=PART_VERSION)


def parts(
    pieces: Sequence[Piece], directory: Path, *, workers: int
) -> Generator[Mapping[str, pa.Table]]:
    """Yield each piece's tables in order; make the parts that are missing.

    Parameters
    ----------
    pieces : sequence of Piece
    directory : Path
        Of the part files.
    workers : int
        Processes that read, see `part_files.make_parts`.
    """
    paths = [part_path(directory, each) for each in pieces]
    made = part_files.make_parts(pieces, paths, make_part, workers=workers)
    for piece, path in zip(pieces, made, strict=True):
        yield part_files.read_part(path, TABLES) or make_part(piece, path)


def make_part(piece: Piece, path: Path) -> Mapping[str, pa.Table]:
    """Read a piece's files, and write its part."""
    tables = piece_tables(piece)
    part_files.write_part(path, tables)
    return tables


def piece_tables(piece: Piece) -> Mapping[str, pa.Table]:
    """Read a piece's files; what cannot be read has its reason in `files`."""
    content = _Content()
    for number, file in enumerate(piece.files):
        content.add(number, file)
    return content.tables()


def keys_of(listed: Listed) -> tuple[int, int | None]:
    """Return what a playlist is known by: name and tracks, and name and the tracks' names.

    The same playlist from a file with ids and from one without is told by the second, which is None
    where a track has no name.
    """
    tracks = listed.tracks
    by_uris = key_of(listed.name, (track.track_uri for track in tracks))
    if not all(track.track_name and track.artist_name for track in tracks):
        return by_uris, None
    names = (names_of(track.artist_name, track.track_name) for track in tracks)
    return by_uris, key_of(listed.name, names)


def names_of(artist: str, title: str) -> str:
    """Return what stands for a track in a playlist that is known by names."""
    return folded(f"{artist}\x1e{title}")


def folded(text: str) -> str:
    r"""Return what of a name tells it from others: not its capitals, nor how accents are written.

    macOS writes letters and accents apart.

    >>> folded("Cafe\u0301") == folded("CAFÉ")
    True
    """
    return unicodedata.normalize("NFC", text.casefold())


def key_of(name: str, tracks: Iterable[str]) -> int:
    """Return a number below 2^63 that stands for a playlist."""
    return hash_of((folded(name).strip(), *tracks)) >> 193


def how_much_is_known(track: Track) -> int:
    """Return a number that is greater the more is said of a track; its names count most."""
    return (
        8 * bool(track.track_name and track.artist_name)
        + 4 * (not track.artist_uri.startswith(MADE_UP))
        + 2 * (not track.album_uri.startswith(MADE_UP))
        + (track.duration_ms > 0)
    )


@dataclass(slots=True)
class _Content:
    """What a piece's files hold."""

    playlists: list[Playlist] = field(default_factory=list)
    keys: list[tuple[int, int, int | None]] = field(default_factory=list)
    files: list[dict[str, object]] = field(default_factory=list)
    features: dict[str, AudioFeatures] = field(default_factory=dict)

    def add(self, number: int, file: File) -> None:
        """Read a file, the piece's `number`-th."""
        reading, problem, is_broken = _read(file)
        self.features |= {record.spotify_id: record for record in reading.features}
        for listed in reading.playlists:
            reading.tallies[PLAYLISTS_READ if listed.tracks else EMPTY] += 1
            if listed.tracks:
                self._add(number, listed)
        self.files.append(
            {
                "place": file.place,
                "fingerprint": file.fingerprint,
                "problem": problem,
                "is_broken": is_broken,
                "tallies": json.dumps(_told(reading)),
            }
        )

    def tables(self) -> Mapping[str, pa.Table]:
        """Return it as tables; a track has the row of which most is known."""
        _share_best(self.playlists)
        made = tables_of(self.playlists, Counter())
        records = [msgspec.json.encode(each).decode() for each in self.features.values()]
        return {
            "playlists": _with_keys(made.playlists, self.keys),
            "tracks": made.tracks,
            "entries": made.entries,
            "files": pa.Table.from_pylist(self.files, FILES),
            "features": pa.table({"record": records}, FEATURES),
        }

    def _add(self, number: int, listed: Listed) -> None:
        by_uris, by_names = keys_of(listed)
        pid = FIRST_PID + by_uris % (2**53 - FIRST_PID)
        self.playlists.append(_playlist(listed, pid=pid))
        self.keys.append((number, by_uris, by_names))


def _with_keys(playlists: pa.Table, keys: Sequence[tuple[int, int, int | None]]) -> pa.Table:
    columns = zip(*keys, strict=True) if keys else ((), (), ())
    for name, values in zip(("file", "by_uris", "by_names"), columns, strict=True):
        column = pa.array(list(values), PLAYLISTS.field(name).type)
        playlists = playlists.append_column(PLAYLISTS.field(name), column)
    return playlists


def _share_best(playlists: Sequence[Playlist]) -> None:
    """Put the row of a track of which most is known, the first of these, for all of them."""
    best: dict[str, Track] = {}
    for track in (track for playlist in playlists for track in playlist.tracks):
        known = best.setdefault(track.track_uri, track)
        if how_much_is_known(track) > how_much_is_known(known):
            best[track.track_uri] = track
    for playlist in playlists:
        playlist.tracks = [best[track.track_uri] for track in playlist.tracks]


def _read(file: File) -> tuple[Reading, str | None, bool]:
    """Return what a file holds, why it cannot be read, and whether it is broken."""
    try:
        return read_list(_content(file), name=file.stem), None, False
    except (BrokenFileError, OSError) as error:
        return Reading(), getattr(error, "strerror", None) or str(error), True
    except BadMemberError as error:
        return Reading(), f"it {error.args[0]}", True
    except NoPlaylistError as error:
        return Reading(), str(error), False


def _told(reading: Reading) -> dict[str, object]:
    """Return what was left out of a file, and what else is said of it."""
    return {**reading.tallies, **({NOTES: reading.notes} if reading.notes else {})}


def _content(file: File) -> bytes:
    if not file.member:
        return _of_file(file)
    _require_size(file)
    descriptor = os.open(file.container, os.O_RDONLY)
    try:
        record = member_record(file.member)
        return read_member(descriptor, record, max_size=MAX_FILE_BYTES)[1]
    finally:
        os.close(descriptor)


def _of_file(file: File) -> bytes:
    """Read a file, of one that is no text the beginning alone: music may be many gigabytes."""
    with Path(file.container).open("rb") as stream:
        if reason := why_no_text(stream.read(HEAD_BYTES)):
            raise NoPlaylistError(reason)
        _require_size(file)
        stream.seek(0)
        return stream.read()


def _require_size(file: File) -> None:
    if file.size > MAX_FILE_BYTES:
        raise NoPlaylistError(f"it has {file.size:,} bytes; {MAX_FILE_BYTES:,} are the most")


def _playlist(listed: Listed, *, pid: int) -> Playlist:
    return Playlist(
        pid=pid,
        name=_writable(listed.name),
        tracks=listed.tracks,
        description=_writable(listed.description) if listed.description else None,
        collaborative=listed.is_collaborative,
        modified_at=listed.modified_at,
        num_followers=listed.num_followers,
    )


def _writable(text: str) -> str:
    """Return a text that can be written as UTF-8, which names of files need not be."""
    return text.encode("utf-8", "replace").decode()
