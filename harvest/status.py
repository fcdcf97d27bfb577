"""How `harvest status` shows how far each job is, and what there is of songs."""

from dataclasses import asdict, dataclass
from pathlib import Path

from msgspec import structs
from rich.console import Console
from rich.table import Table

from harvest.amounts import amount
from harvest.msd_tables import (
    MSD_FOLDER,
    MatchManifest,
    MsdManifest,
    read_match_manifest,
    read_msd_manifest,
)
from harvest.plan import clock_time, duration
from harvest.standings import JobStatus

WIDE = 1000  # columns, more than any table takes


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


def as_json(statuses: dict[str, JobStatus], songs: SongStatus | None = None) -> dict[str, object]:
    """Return what `harvest status --json` prints."""
    jobs = {job: _flat(status) for job, status in statuses.items()}
    return {"jobs": jobs, **({"msd": _flat_songs(songs)} if songs else {})}


def as_table(statuses: dict[str, JobStatus], *, width: int = 80) -> Table:
    """Return what `harvest status` prints.

    In `width` columns no number is cut: space is saved beside the cells, then by further lines.
    """
    table = Table("job")
    for title in ("total", "pending", "done", "missing", "dead", "tracks/s", "time left"):
        table.add_column(title, justify="right", overflow="fold")
    for job, status in statuses.items():
        counts = status.counts
        numbers = (counts.total, counts.pending, counts.done, counts.missing, counts.dead)
        table.add_row(job, *(f"{n:,}" for n in numbers), *_pace(status))
    if Console(width=WIDE).measure(table).maximum > width:
        table.padding = (0, 0)
    return table


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


def _flat(status: JobStatus) -> dict[str, object]:
    embargo = status.embargo
    return {
        "total": status.counts.total,
        **asdict(status.counts),
        "new": status.n_new,
        "outdated": status.is_outdated,
        "rate": status.rate and round(status.rate, 2),
        "left_s": None if status.left_s is None else round(status.left_s),
        "not_before": clock_time(embargo.not_before).isoformat() if embargo else None,
    }


def _pace(status: JobStatus) -> tuple[str, str]:
    rate = "–" if status.rate is None else f"{status.rate:,.1f}"
    return rate, "–" if status.left_s is None else duration(status.left_s)
