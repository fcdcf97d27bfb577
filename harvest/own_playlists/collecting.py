"""Read people's own playlists into `state/playlists`, and from there into the tables."""

import shutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from harvest.errors import InputError
from harvest.jobs.importing import count_as_harvested, store_features
from harvest.machine.processors import default_workers
from harvest.manifests import Manifest
from harvest.own_playlists.collected import CollectReport, Gathered
from harvest.records import AudioFeatures
from harvest.sources.lists import collection
from harvest.sources.lists.collection import Gatherer, Own
from harvest.sources.lists.combining import COMMAND, combine, require_whole
from harvest.sources.lists.finding import Found, find_files, lie_in, pieces, place_of, vanished
from harvest.sources.lists.pieces import PLAYLISTS_READ, Piece, part_path, parts
from harvest.sources.lists.repeats import first_of_each
from harvest.sources.mpd import IngestReport, OnSlice, ingest
from harvest.sources.part_files import keep_only, tidy
from harvest.table_writer import writing

PROVIDER = "exportify"
EMPTY_ZIP = "it is a zip that holds no file"
STAYS = "what was read from it before stays"

OnPiece = Callable[[int, int], None]
Tables = Mapping[str, pa.Table]
Row = dict[str, Any]  # of `pieces.FILES`


def collect(
    state: Path,
    paths: Sequence[Path],
    *,
    workers: int | None = None,
    replaces: bool = False,
    on_slice: OnSlice | None = None,
    on_piece: OnPiece = lambda *_: None,
) -> CollectReport:
    """Read playlists, and add them to those that are there.

    A file that was read before, and has not changed, is passed over; the playlists of one that has
    changed are replaced, unless it cannot be read any more.

    Parameters
    ----------
    state : Path
    paths : sequence of Path
        Files, folders and zips.
    workers : int, optional
        Processes that read; None = one a core, at most 8.
    replaces : bool
        Whether the own playlists that are there are forgotten first.
    on_slice : callable, optional
        See `ingest`.
    on_piece : callable
        Told how many pieces of some hundred files are read, of how many.

    Raises
    ------
    InputError
        No playlist was found, or the dataset's tables are damaged. What is there is untouched.
    StateInUse, StorageError, Postponed
        As for `ingest`.
    """
    found = find_files(paths, state=state)
    if len(found.datasets) > 1:
        first, second = found.datasets[:2]
        raise InputError(f"{first} and {second} are both the Million Playlist Dataset; give one")
    if not found.datasets:  # else the tables are made anew
        require_whole(state / "tables")
    reader = _Reader(state, workers=workers or default_workers(), on_piece=on_piece)
    gathered = Gathered(problems=list(found.problems))
    if replaces or found.files or found.empty_zips or not found.datasets:
        reader.read(found, gathered, replaces=replaces)
    dataset = (
        ingest(found.datasets[0], state / "tables", workers=workers, on_slice=on_slice)
        if found.datasets
        else None
    )
    manifest = combine(state)
    assert manifest is not None
    if gathered.n_features:
        count_as_harvested(state)
    return _report(manifest, found, gathered, dataset)


class _Reader:
    """Reads what is new among some files into `state/playlists`."""

    def __init__(self, state: Path, *, workers: int, on_piece: OnPiece) -> None:
        self._state = state
        self._folder = state / collection.FOLDER
        self._scratch = self._folder / collection.SCRATCH_NAME
        self._workers = workers
        self._on_piece = on_piece

    def read(self, found: Found, gathered: Gathered, *, replaces: bool) -> None:
        """Read the files that are new or have changed, and keep their playlists."""
        with writing(self._folder, command=COMMAND):
            collection.finish(self._folder)
            own = collection.none() if replaces else collection.read_own(self._folder)
            known = collection.known_files(own)
            gathered.problems += _empty(found.empty_zips, known)
            new = [each for each in found.files if known.get(each.place) != each.fingerprint]
            cut = [Piece(files) for files in pieces(new)]
            gone = vanished(known, found.files)
            gathered.new = {each.place for each in new}
            wanted = {part_path(self._scratch, piece) for piece in cut}
            keep_only(self._scratch, wanted)
            try:
                self._read(own, cut, gone, found, gathered, replaces=replaces)
            except BaseException:
                tidy(self._scratch, wanted)
                raise
            shutil.rmtree(self._scratch)

    def _read(
        self,
        own: Own,
        cut: Sequence[Piece],
        gone: set[str],
        found: Found,
        gathered: Gathered,
        *,
        replaces: bool,
    ) -> None:
        made = self._made(cut)
        unread = _unread(own, made)
        gone |= lie_in(_sound(made), collection.known_files(own))
        gathered.n_gone = len(gone)
        stale = (gone | set(gathered.new)) - unread.keys()
        own, gathered.n_duplicates = _gather(own, made, stale=stale, unread=unread.keys())
        rows = [unread.get(row["place"], row) for row in own.files.to_pylist()]
        gathered.listen(_with_what_stays(rows), found.files)
        if not gathered.tallies[PLAYLISTS_READ] and not found.datasets:
            raise gathered.nothing_usable(found)
        if stale or replaces:
            features = self._features(cut)
            gathered.n_features = store_features(self._state, features, provider=PROVIDER)
            collection.write_own(own, self._folder, self._scratch)

    def _made(self, cut: Sequence[Piece]) -> list[Tables]:
        """Read what is in the pieces, but for the audio features."""
        made: list[Tables] = []
        with closing(parts(cut, self._scratch, workers=self._workers)) as found:
            for done, tables in enumerate(found, start=1):
                made.append({name: tables[name] for name in collection.SCHEMAS})
                self._on_piece(done, len(cut))
        return made

    def _features(self, cut: Sequence[Piece]) -> Iterator[Sequence[AudioFeatures]]:
        """Yield the audio features that stand in the files, from their parts."""
        for tables in parts(cut, self._scratch, workers=1):
            if tables["features"].num_rows:
                records = tables["features"]["record"].to_pylist()
                yield [msgspec.json.decode(record, type=AudioFeatures) for record in records]


def _empty(zips: Sequence[Path], known: Collection[str]) -> list[tuple[str, str]]:
    """Name zips without a file: perhaps not yet written, they take nothing back."""
    stays = {path: f"; {STAYS}" if lie_in({place_of(path)}, known) else "" for path in zips}
    return [(str(path), EMPTY_ZIP + text) for path, text in stays.items()]


def _unread(own: Own, made: Sequence[Tables]) -> dict[str, Row]:
    """Return the rows of files that cannot be read now and could before, by place.

    What was read of them then stays, under their old fingerprints: they are looked at again until
    they can be read.
    """
    before = {row["place"] for row in own.files.to_pylist() if row["problem"] is None}
    rows = [row for tables in made for row in tables["files"].to_pylist()]
    return {
        row["place"]: row | {"problem": f"{row['problem']}; {STAYS}", "is_broken": True}
        for row in rows
        if row["problem"] is not None and row["place"] in before
    }


def _sound(made: Sequence[Tables]) -> set[str]:
    """Return the places of the files that could be read."""
    rows = (row for tables in made for row in tables["files"].to_pylist())
    return {row["place"] for row in rows if row["problem"] is None}


def _with_what_stays(rows: Sequence[Row]) -> Iterator[Row]:
    """Say of files that cannot be read and were zips before, as half a download, what stays."""
    holders = {str(parent) for row in rows for parent in PurePosixPath(row["place"]).parents}
    for row in rows:
        was_zip = row["problem"] is not None and row["place"] in holders
        told = {"problem": f"{row['problem']}; {STAYS}", "is_broken": True}
        yield row | told if was_zip else row


def _gather(
    own: Own, made: Sequence[Tables], *, stale: Collection[str], unread: Collection[str]
) -> tuple[Own, int]:
    """Put what was read in place of what is stale; return also how much of it was there already."""
    gatherer = Gatherer()
    for tables in collection.as_parts(own):
        gatherer.add(tables, without=stale)
    n_kept = gatherer.n_files
    for tables in made:
        gatherer.add(tables, without=unread)
    own = gatherer.gathered()
    is_new = own.playlists["file"].to_numpy() >= n_kept
    first = first_of_each(own)
    return own, int((is_new & (first < np.arange(len(first)))).sum())


def _report(
    manifest: Manifest, found: Found, gathered: Gathered, dataset: IngestReport | None
) -> CollectReport:
    return CollectReport(
        n_files=len(found.files),
        n_new=len(gathered.new),
        n_read=len(gathered.new) - gathered.n_unread,
        n_gone=gathered.n_gone,
        n_playlists=manifest.counts.get("own_playlists", 0),
        n_duplicates=gathered.n_duplicates,
        n_features=gathered.n_features,
        left_out=gathered.tallies,
        problems=gathered.problems,
        remarks=gathered.remarks,
        others=gathered.others,
        tables=manifest,
        dataset=dataset,
    )
