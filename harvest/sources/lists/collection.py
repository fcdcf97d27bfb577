"""`state/playlists`: people's own playlists, and the files that they were read from.

They are kept apart from `state/tables`, where they stand behind the dataset's, so that either can
be read again without the other.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from harvest.amounts import amount
from harvest.errors import InputError
from harvest.manifests import MANIFEST_NAME, FileStamp, are_there, own_playlists, table_path
from harvest.sources.lists.pieces import FILES, PLAYLISTS
from harvest.sources.mpd_slice import TRACK_FIELDS
from harvest.sources.numbering import DenseIds, Ids, first_rows
from harvest.table_writer import finish_publishing, publish, stamp, stamps, writers
from harvest.tables import MADE_UP, opened

FOLDER = "playlists"
SCRATCH_NAME = ".parts"
VERSION = 1
REMEDY = (
    "bring back a copy of `playlists`, or give `harvest playlists --replace` all the files again"
)

SCHEMAS: Mapping[str, pa.Schema] = {
    "playlists": PLAYLISTS,
    "tracks": pa.schema(TRACK_FIELDS),
    "entries": pa.schema(
        [pa.field(name, pa.int32(), nullable=False) for name in ("playlist", "pos", "track")]
    ),
    "files": FILES,
}

Mask = npt.NDArray[np.bool_]


class _Manifest(msgspec.Struct, frozen=True):
    files: dict[str, FileStamp]
    version: int = VERSION


@dataclass(frozen=True, slots=True)
class Own:
    """Own playlists as tables whose numbers are their own; see `SCHEMAS`.

    Parameters
    ----------
    playlists : pyarrow.Table
        The columns of `PLAYLISTS`.
    tracks : pyarrow.Table
        One row a URI, in order of first appearance.
    entries : pyarrow.Table
        Ordered by playlist and pos.
    files : pyarrow.Table
        All that were read, those without playlists too.
    """

    playlists: pa.Table
    tracks: pa.Table
    entries: pa.Table
    files: pa.Table


def none() -> Own:
    """Return own playlists of which there are none."""
    return Own(**{name: schema.empty_table() for name, schema in SCHEMAS.items()})


def read_own(folder: Path) -> Own:
    """Read what is kept; where nothing is, there are none.

    Raises
    ------
    InputError
        The files are damaged, of another version, or lost: the tables beside them hold some.
    """
    if not (folder / MANIFEST_NAME).exists():
        _require_none(folder)
        return none()
    try:
        manifest = msgspec.json.decode((folder / MANIFEST_NAME).read_bytes(), type=_Manifest)
        if manifest.version == VERSION and are_there(folder, SCHEMAS, manifest.files):
            return Own(
                **{name: _read(folder, name).cast(schema) for name, schema in SCHEMAS.items()}
            )
    except (OSError, ValueError, pa.ArrowException) as error:
        raise InputError(f"{folder} cannot be read: {error}; {REMEDY}") from error
    raise InputError(f"{folder} is not whole, or of another version; {REMEDY}")


def _require_none(folder: Path) -> None:
    tables_dir = folder.parent / "tables"
    if n_lost := own_playlists(tables_dir):
        raise InputError(
            f"{folder / MANIFEST_NAME} is missing, while {tables_dir} holds "
            f"{amount(n_lost, 'playlist')} of your own; {REMEDY}; to go on without them, move "
            f"{tables_dir} away"
        )


def odd_files(folder: Path) -> tuple[str, ...]:
    """Return the names of the files that are not what they were when they were written.

    Those that `write_own`, killed half-way, has not put in place yet are as good as in place.

    Raises
    ------
    OSError, ValueError
        A file, or the manifest, is missing or cannot be read.
    """
    is_half_way = is_half_replaced(folder)
    scratch = folder / SCRATCH_NAME if is_half_way else folder
    manifest = msgspec.json.decode((scratch / MANIFEST_NAME).read_bytes(), type=_Manifest)
    if manifest.version != VERSION:
        return (MANIFEST_NAME,)
    waiting = {name: table_path(scratch, name) for name in SCHEMAS}
    places = {n: path if path.exists() else table_path(folder, n) for n, path in waiting.items()}
    return tuple(n for n, path in places.items() if stamp(path) != manifest.files.get(n))


def write_own(own: Own, folder: Path, scratch: Path) -> None:
    """Put own playlists in place of those that are kept, by way of `scratch`."""
    with writers(scratch, SCHEMAS) as opened:
        for name, writer in opened.items():
            writer.append(getattr(own, name).cast(SCHEMAS[name]))
    manifest = _Manifest(stamps(scratch, SCHEMAS))
    publish(scratch, folder, manifest, files=[table_path(scratch, name).name for name in SCHEMAS])


def finish(folder: Path) -> None:
    """Put the rest in place where `write_own` was killed half-way; the caller holds the folder."""
    finish_publishing(folder, scratches=(SCRATCH_NAME,))


def is_half_replaced(folder: Path) -> bool:
    """Say whether `write_own` was killed half-way, or is at it."""
    return (folder / SCRATCH_NAME / MANIFEST_NAME).exists() and not (
        folder / MANIFEST_NAME
    ).exists()


def own_fingerprint(folder: Path) -> str:
    """Name what is kept by its content; empty where nothing is."""
    path = folder / MANIFEST_NAME
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


class Gatherer:
    """Adds playlists to playlists, also those that are there already (see `repeats`).

    Attributes
    ----------
    n_files : int
        Added so far.
    """

    def __init__(self) -> None:
        self._playlists: list[pa.Table] = []
        self._tracks: list[pa.Table] = []
        self._entries: list[pa.Table] = []
        self._files: list[pa.Table] = []
        self._n_playlists = self._n_tracks = self.n_files = 0

    def add(self, tables: Mapping[str, pa.Table], *, without: Collection[str] = ()) -> None:
        """Add the playlists of some files.

        Parameters
        ----------
        tables : mapping of str to pyarrow.Table
            As `pieces.piece_tables` makes them.
        without : collection of str
            Places of files that are passed over.
        """
        files = tables["files"]
        stays = np.array([place not in without for place in files["place"].to_pylist()], np.bool_)
        numbers = np.cumsum(stays, dtype=np.int32) - np.int32(1) + np.int32(self.n_files)
        owner = tables["playlists"]["file"].to_numpy()
        keep = stays[owner]
        playlists = tables["playlists"].filter(pa.array(keep))
        place = PLAYLISTS.get_field_index("file")
        self._playlists.append(
            playlists.set_column(place, PLAYLISTS.field("file"), pa.array(numbers[owner[keep]]))
        )
        self._add_entries(tables, keep)
        self._files.append(files.filter(pa.array(stays)))
        self._n_playlists += playlists.num_rows
        self.n_files += int(stays.sum())

    def gathered(self) -> Own:
        """Return all that was added."""
        return one_row_a_track(
            Own(
                playlists=_together(self._playlists, SCHEMAS["playlists"]),
                tracks=_together(self._tracks, SCHEMAS["tracks"]),
                entries=_together(self._entries, SCHEMAS["entries"]),
                files=_together(self._files, SCHEMAS["files"]),
            )
        )

    def _add_entries(self, tables: Mapping[str, pa.Table], keep: Mask) -> None:
        entries = entries_of(tables["entries"], keep, first=self._n_playlists)
        track = entries["track"].to_numpy() + np.int32(self._n_tracks)
        self._entries.append(entries.set_column(2, "track", pa.array(track)))
        self._tracks.append(tables["tracks"])
        self._n_tracks += tables["tracks"].num_rows


def without(own: Own, drop: Mask) -> Own:
    """Leave out playlists, and the tracks that no other has."""
    keep = ~drop
    entries = entries_of(own.entries, keep)
    playlists = own.playlists.filter(pa.array(keep))
    return one_row_a_track(Own(playlists, own.tracks, entries, own.files))


def entries_of(entries: pa.Table, keep: Mask, *, first: int = 0) -> pa.Table:
    """Return the entries of the playlists that are kept, these numbered from `first`."""
    owner = entries["playlist"].to_numpy()
    numbers = np.cumsum(keep, dtype=np.int32) - np.int32(1) + np.int32(first)
    rows = np.flatnonzero(keep[owner])
    kept = entries.take(pa.array(rows))
    return kept.set_column(0, "playlist", pa.array(numbers[owner[rows]]))


def one_row_a_track(own: Own) -> Own:
    """Leave each URI the row that says most of it, numbered by first appearance in the entries."""
    uris = own.tracks["track_uri"].to_pylist()
    codes = DenseIds[str]().number(uris)
    best = _best_rows(codes, _how_much_is_known(own.tracks))
    of_entries = codes[own.entries["track"].to_numpy()] if uris else np.empty(0, np.int32)
    appeared = of_entries[_first_of_each(of_entries)]
    numbers = np.empty(len(best), np.int32)
    numbers[appeared] = np.arange(len(appeared), dtype=np.int32)
    entries = own.entries.set_column(2, "track", pa.array(numbers[of_entries], pa.int32()))
    tracks = own.tracks.take(pa.array(best[appeared]))
    return Own(own.playlists, tracks, entries, own.files)


def known_files(own: Own) -> dict[str, str]:
    """Return the fingerprint of each file that was read, by its place."""
    return dict(
        zip(own.files["place"].to_pylist(), own.files["fingerprint"].to_pylist(), strict=True)
    )


def _first_of_each(codes: Ids) -> npt.NDArray[np.intp]:
    """Rows at which each number occurs first, in their order; the numbers come in any order."""
    return np.sort(np.unique(codes, return_index=True)[1])


def _best_rows(codes: Ids, known: Ids) -> npt.NDArray[np.intp]:
    """Row of each number of which most is known, the first of these."""
    order = np.lexsort((np.arange(len(codes)), -known, codes))
    return order[first_rows(codes[order])]


def _how_much_is_known(tracks: pa.Table) -> Ids:
    """Do as `pieces.how_much_is_known`, for a table."""
    is_named = pc.and_(
        *(pc.greater(pc.binary_length(tracks[n]), 0) for n in ("track_name", "artist_name"))
    )
    has_uri = [
        pc.invert(pc.starts_with(tracks[name], MADE_UP)) for name in ("artist_uri", "album_uri")
    ]
    signs = (is_named, *has_uri, pc.greater(tracks["duration_ms"], 0))
    known = np.zeros(tracks.num_rows, np.int32)
    for sign in signs:
        known = known * 2 + np.asarray(sign.combine_chunks()).astype(np.int32)
    return known


def _together(tables: Sequence[pa.Table], schema: pa.Schema) -> pa.Table:
    return pa.concat_tables([schema.empty_table(), *(each.cast(schema) for each in tables)])


def _read(folder: Path, name: str) -> pa.Table:
    with opened(table_path(folder, name)) as file:
        return pq.read_table(file, page_checksum_verification=True)


def as_parts(own: Own) -> Iterator[Mapping[str, pa.Table]]:
    """Yield what is kept in the form in which it is added."""
    if own.files.num_rows:
        yield {name: getattr(own, name) for name in SCHEMAS}
