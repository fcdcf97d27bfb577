"""Read people's own playlists into `state/playlists`, and from there into the tables."""

import json
import shutil
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import numpy as np

from harvest.amounts import amount
from harvest.errors import InputError
from harvest.importing import count_as_harvested, store_features
from harvest.manifests import Manifest
from harvest.records import AudioFeatures
from harvest.sources.lists import collection
from harvest.sources.lists.collection import Gatherer, Own
from harvest.sources.lists.combining import COMMAND, combine, require_whole
from harvest.sources.lists.finding import File, Found, find_files, pieces, vanished
from harvest.sources.lists.pieces import EMPTY, PLAYLISTS_READ, Piece, part_path, parts
from harvest.sources.lists.repeats import first_of_each
from harvest.sources.mpd import IngestReport, OnSlice, default_workers, ingest
from harvest.sources.part_files import keep_only, tidy
from harvest.table_writer import writing

PROVIDER = "exportify"
WANTED = (
    "playlists as Exportify's CSV, JSPF, XSPF, M3U, Spotify's account data or the Million Playlist "
    "Dataset"
)

MOST_NAMED = 3

OnPiece = Callable[[int, int], None]

# What one of them is called, what several are, and why they were left out.
_LEFT_OUT = {
    "episodes": ("episode or audiobook", "episodes and audiobooks", ""),
    "removed": ("entry", "entries", ": the track was removed"),
    "nameless": ("entry", "entries", ": without a Spotify track, and without artist and title"),
    "rows": ("row of a table", "rows of tables", ": unreadable"),
    EMPTY: ("playlist", "playlists", ": without a song"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectReport:
    """What was read, and what stands in the tables now.

    Attributes
    ----------
    n_files, n_new, n_read : int
        Files looked at, those of them that were new or had changed, and those of these that hold
        what could be read.
    n_playlists : int
        Own playlists in the tables.
    n_duplicates : int
        Of what was read, playlists that were there already.
    n_features : int
        Tracks whose audio features were taken.
    left_out : Counter of str
        See `notes`.
    problems : sequence of (name, reason)
        Files that cannot be read.
    others : sequence of str
        Files of other kinds, in folders and zips.
    tables : Manifest
    dataset : IngestReport or None
        Set where the Million Playlist Dataset was among the input.
    """

    n_files: int
    n_new: int
    n_read: int
    n_playlists: int
    n_duplicates: int
    n_features: int
    left_out: Counter[str]
    problems: Sequence[tuple[str, str]]
    others: Sequence[str]
    tables: Manifest
    dataset: IngestReport | None = None

    @property
    def notes(self) -> list[str]:
        """A sentence for each file that cannot be read, and for each kind of what was left out."""
        notes = [f"{name}: {reason}" for name, reason in self.problems]
        return notes + _passed_over(self.others) + _left_out(self.left_out)


def _passed_over(names: Sequence[str]) -> list[str]:
    """Name the first few files that hold no playlist, in a sentence if there are any."""
    if not names:
        return []
    named = f"{', '.join(names[:MOST_NAMED])}{' …' * (len(names) > MOST_NAMED)}"
    return [f"{amount(len(names), 'other file')} without a playlist: {named}"]


def _left_out(tallies: Counter[str]) -> list[str]:
    return [
        f"{amount(n, one, many)} left out{why}"
        for kind, (one, many, why) in _LEFT_OUT.items()
        if (n := tallies[kind])
    ]


@dataclass(slots=True)
class _Gathered:
    """What became of the files."""

    new: Collection[str] = ()
    n_unread: int = 0
    n_duplicates: int = 0
    n_features: int = 0
    others: list[str] = field(default_factory=list)
    tallies: Counter[str] = field(default_factory=Counter)
    problems: list[tuple[str, str]] = field(default_factory=list)


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
    changed are replaced.

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
    gathered = _Gathered(problems=list(found.problems))
    if found.files or not found.datasets:
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

    def read(self, found: Found, gathered: _Gathered, *, replaces: bool) -> None:
        """Read the files that are new or have changed, and keep their playlists."""
        with writing(self._folder, command=COMMAND):
            collection.finish(self._folder)
            own = collection.none() if replaces else collection.read_own(self._folder)
            known = collection.known_files(own)
            new = [each for each in found.files if known.get(each.place) != each.fingerprint]
            cut = [Piece(files) for files in pieces(new)]
            stale = {each.place for each in new} | vanished(known, found.files)
            gathered.new = {each.place for each in new}
            wanted = {part_path(self._scratch, piece) for piece in cut}
            keep_only(self._scratch, wanted)
            try:
                self._read(own, cut, stale, found, gathered, replaces=replaces)
            except BaseException:
                tidy(self._scratch, wanted)
                raise
            shutil.rmtree(self._scratch)

    def _read(
        self,
        own: Own,
        cut: Sequence[Piece],
        stale: Collection[str],
        found: Found,
        gathered: _Gathered,
        *,
        replaces: bool,
    ) -> None:
        own, gathered.n_duplicates = self._gather(own, cut, stale)
        _listen(own, found.files, gathered)
        if not gathered.tallies[PLAYLISTS_READ] and not found.datasets:
            raise _nothing_usable(found, gathered)
        if stale or replaces:
            features = self._features(cut)
            gathered.n_features = store_features(self._state, features, provider=PROVIDER)
            collection.write_own(own, self._folder, self._scratch)

    def _gather(self, own: Own, cut: Sequence[Piece], stale: Collection[str]) -> tuple[Own, int]:
        gatherer = Gatherer()
        for tables in collection.as_parts(own):
            gatherer.add(tables, without=stale)
        n_kept = gatherer.n_files
        with closing(parts(cut, self._scratch, workers=self._workers)) as made:
            for done, tables in enumerate(made, start=1):
                gatherer.add(tables)
                self._on_piece(done, len(cut))
        own = gatherer.gathered()
        is_new = own.playlists["file"].to_numpy() >= n_kept
        first = first_of_each(own)
        return own, int((is_new & (first < np.arange(len(first)))).sum())

    def _features(self, cut: Sequence[Piece]) -> Iterator[Sequence[AudioFeatures]]:
        """Yield the audio features that stand in the files, from their parts."""
        for tables in parts(cut, self._scratch, workers=1):
            if tables["features"].num_rows:
                records = tables["features"]["record"].to_pylist()
                yield [msgspec.json.decode(record, type=AudioFeatures) for record in records]


def _listen(own: Own, files: Sequence[File], gathered: _Gathered) -> None:
    """Take what was noted of these files, now or when they were read."""
    names = {file.place: file for file in files}
    for row in own.files.to_pylist():
        file = names.get(row["place"])
        if file is None:
            continue
        gathered.tallies.update(json.loads(row["tallies"]))
        if not row["problem"]:
            continue
        gathered.n_unread += file.place in gathered.new
        if row["is_broken"] or file.is_given:
            gathered.problems.append((file.name, row["problem"]))
        else:
            gathered.others.append(file.name)


def _nothing_usable(found: Found, gathered: _Gathered) -> InputError:
    reasons = [f"{name}: {reason}" for name, reason in gathered.problems]
    reasons += _passed_over(gathered.others)
    reasons += _left_out(Counter({k: n for k, n in gathered.tallies.items() if k != EMPTY}))
    seen = amount(len(found.files), "file") if found.files else "no file"
    why = f" ({'; '.join(reasons[:3])}{' …' * (len(reasons) > 3)})" if reasons else ""
    return InputError(f"no playlist with a song in {seen}{why}; give {WANTED}")


def _report(
    manifest: Manifest, found: Found, gathered: _Gathered, dataset: IngestReport | None
) -> CollectReport:
    return CollectReport(
        n_files=len(found.files),
        n_new=len(gathered.new),
        n_read=len(gathered.new) - gathered.n_unread,
        n_playlists=manifest.counts.get("own_playlists", 0),
        n_duplicates=gathered.n_duplicates,
        n_features=gathered.n_features,
        left_out=gathered.tallies,
        problems=gathered.problems,
        others=gathered.others,
        tables=manifest,
        dataset=dataset,
    )
