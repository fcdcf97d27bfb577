"""How `harvest status` shows how far each job is, and what there is of songs."""

from dataclasses import asdict, dataclass
from pathlib import Path

from msgspec import structs
from rich.console import Console
from rich.table import Table

from harvest.amounts import amount
from harvest.plan import clock_time, duration
from harvest.sources.msd_tables import (
    MSD_FOLDER,
    MatchManifest,
    MsdManifest,
    read_match_manifest,
    read_msd_manifest,
)
from harvest.status.standings import JobStatus

WIDE = 1000  # columns, more than any table takes
TITLES = ("total", "pending", "done", "missing", "dead", "tracks/s", "time left")


@dataclass(frozen=True, slots=True)
class SongStatus:
    """What was read of the Million Song Dataset, and what of it was matched with our tracks.

    Attributes
    ----------
    songs : MsdManifest
    matches : MatchManifest or None
        None before the first `harvest match`.
    """

    songs: MsdManifest
    matches: MatchManifest | None


def read_songs(state: Path) -> SongStatus | None:
    """Return what there is of the Million Song Dataset; None where there is nothing."""
    msd_dir = state / MSD_FOLDER
    manifest = read_msd_manifest(msd_dir)
    return SongStatus(manifest, read_match_manifest(msd_dir)) if manifest else None


def as_json(
    statuses: dict[str, JobStatus], songs: SongStatus | None = None, *, now: float
) -> dict[str, object]:
    """Return what `harvest status --json` prints at `now`, in Unix seconds."""
    jobs = {job: _flat(status, now) for job, status in statuses.items()}
    return {"jobs": jobs, **({"msd": _flat_songs(songs)} if songs else {})}


def as_table(statuses: dict[str, JobStatus], *, width: int = 80) -> Table:
    """Return what `harvest status` prints.

    In `width` columns no figure is split: space is saved beside the cells, then each has its line.
    """
    table = Table("job")
    for title in TITLES:
        table.add_column(title, justify="right", no_wrap=True)
    for job, status in statuses.items():
        table.add_row(job, *_figures(status))
    if _width(table) > width:
        table.padding = (0, 0)
    return table if _width(table) <= width else _as_list(statuses)


def _as_list(statuses: dict[str, JobStatus]) -> Table:
    """Lay each job out as a line for each figure."""
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    for job, status in statuses.items():
        table.add_row(job)
        for title, figure in zip(TITLES, _figures(status), strict=True):
            table.add_row(f"  {title}", figure)
    return table


def _width(table: Table) -> int:
    return Console(width=WIDE).measure(table).maximum


def _figures(status: JobStatus) -> list[str]:
    counts = status.counts
    numbers = (counts.total, counts.pending, counts.done, counts.missing, counts.dead)
    rate = "–" if status.rate is None else f"{status.rate:,.1f}"
    left = "–" if status.left_s is None else duration(status.left_s)
    return [*(f"{n:,}" for n in numbers), rate, left]


def told_of(songs: SongStatus | None) -> list[str]:
    """Return a sentence on the Million Song Dataset, where there is something of it."""
    if songs is None:
        return []
    counts, matches = songs.songs.counts, songs.matches
    told = (
        f"msd: {amount(counts.songs, 'song')}, {amount(counts.tags, 'tag')}, "
        f"{amount(counts.similars, 'similar')}; "
    )
    if matches is None:
        return [told + "not matched yet"]
    n_matched, n_ambiguous = _matched(matches)
    total = amount(matches.tracks, "track")
    return [f"{told}{n_matched:,} of {total} matched, {n_ambiguous:,} ambiguous"]


def _matched(matches: MatchManifest) -> tuple[int, int]:
    steps = matches.steps.values()
    return sum(step.tracks for step in steps), sum(step.ambiguous for step in steps)


def _flat_songs(songs: SongStatus) -> dict[str, object]:
    counts: dict[str, object] = structs.asdict(songs.songs.counts)
    if songs.matches is None:
        return counts
    n_matched, n_ambiguous = _matched(songs.matches)
    return counts | {"tracks_matched": n_matched, "tracks_ambiguous": n_ambiguous}


def _flat(status: JobStatus, now: float) -> dict[str, object]:
    embargo, wait = status.embargo, status.wait(now)
    return {
        "total": status.counts.total,
        **asdict(status.counts),
        "new": status.n_new,
        "outdated": status.is_outdated,
        "rate": status.rate and round(status.rate, 2),
        "left_s": None if status.left_s is None else round(status.left_s),
        "not_before": clock_time(embargo.not_before).isoformat() if embargo else None,
        "waits_until": clock_time(wait.not_before).isoformat() if wait else None,
        "waits_for": wait.reason if wait else None,
    }
