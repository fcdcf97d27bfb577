"""Take audio features from files into the store."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

from harvest import tables
from harvest.errors import StateInUse
from harvest.jobs.running import add_tasks
from harvest.records import AudioFeatures
from harvest.sources.feature_file import read_features
from harvest.sources.feature_rows import FeaturePage, Reject
from harvest.sources.spotify import SpotifyFeatures
from harvest.store import Store

REJECTS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of the rows of the files.

    Attributes
    ----------
    rows : int
        All rows: stored, kept and rejected.
    stored : int
    kept : int
        Met a row of another provider, which stayed.
    rejected : int
    first_rejects : sequence of (Path, Reject)
        In order of reading, at most 20.
    """

    rows: int
    stored: int
    kept: int
    rejected: int
    first_rejects: Sequence[tuple[Path, Reject]]


def import_features(
    state: Path,
    paths: Sequence[Path],
    *,
    provider: str,
    overwrite: bool,
) -> ImportReport:
    """Store the audio features of files, and count their tracks as harvested.

    Parameters
    ----------
    state : Path
        The state directory. With tables in it, their tracks are made tasks first.
    paths : sequence of Path
        CSV or Parquet. The header of each is checked before anything is stored; of a track's rows
        the last counts.
    provider : str
        Who measured them; stored with each row.
    overwrite : bool
        Whether rows of other providers give way.

    Raises
    ------
    InputError
        A file cannot be used. Where only its end is damaged, the pages before that are stored.
    StateInUse, StorageError
        The store cannot be opened or written.
    """
    files = [(path, read_features(path)) for path in paths]
    has_tables = (state / "tables").exists()
    if has_tables:
        tables.fingerprint(state / "tables")  # raises where they are not whole
    tally = _Tally()
    with Store.open(state) as store:
        if has_tables:
            add_tasks(store, SpotifyFeatures.job, state)
        for path, page in _pages(files):
            stored = store.import_features(page.records, provider=provider, overwrite=overwrite)
            tally.add(path, page, stored)
    return tally.report()


def store_features(state: Path, pages: Iterable[Sequence[AudioFeatures]], *, provider: str) -> int:
    """Store audio features that were read already; return how many. What others gave stays."""
    stored, n_stored = None, 0
    with ExitStack() as stack:
        for page in pages:
            if stored is None:
                stored = stack.enter_context(Store.open(state))
            n_stored += stored.import_features(page, provider=provider, overwrite=False)
    return n_stored


def count_as_harvested(state: Path) -> None:
    """Make tasks of the tables' tracks, so that those whose features are stored count as done.

    Beside a running harvester nothing is done: its next start does the same.
    """
    with suppress(StateInUse), Store.open(state) as store:
        add_tasks(store, SpotifyFeatures.job, state)


def _pages(
    files: Sequence[tuple[Path, Iterator[FeaturePage]]],
) -> Iterator[tuple[Path, FeaturePage]]:
    for path, pages in files:
        for page in pages:
            yield path, page


@dataclass(slots=True)
class _Tally:
    stored: int = 0
    kept: int = 0
    rejected: int = 0
    first_rejects: list[tuple[Path, Reject]] = field(default_factory=list)

    def add(self, path: Path, page: FeaturePage, stored: int) -> None:
        """Count a page in."""
        self.stored += stored
        self.kept += len(page.records) - stored
        self.rejected += len(page.rejects)
        room = REJECTS_SHOWN - len(self.first_rejects)
        self.first_rejects += [(path, reject) for reject in page.rejects[:room]]

    def report(self) -> ImportReport:
        rows = self.stored + self.kept + self.rejected
        return ImportReport(rows, self.stored, self.kept, self.rejected, self.first_rejects)
