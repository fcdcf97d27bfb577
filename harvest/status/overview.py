"""What a state holds, and which command is sensible next: what `harvest` says when called alone.

Answers at once, so nothing here may wait for pyarrow or aiohttp.
"""

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from harvest import config
from harvest.amounts import amount
from harvest.errors import InputError
from harvest.machine.surroundings import harvester
from harvest.manifests import read_manifest, table_path
from harvest.status.standings import JobStatus, notices, read_status
from harvest.store import RESOLVING
from harvest.worklist import Counts

DEMO = Path("state/demo")
MSD_MANIFEST, MATCH_MANIFEST = Path("msd/manifest.json"), Path("msd/match_manifest.json")

_NAMES = {"spotify": "audio features", "lastfm": "last.fm", "names": "names", "ids": "Spotify ids"}
_FIRST = (
    ("harvest demo", "the main job on made-up data, without keys or a network, in a minute or two"),
    ("harvest playlists PATH…", "read playlists of your own: Exportify, JSPF, XSPF, M3U, …"),
    ("harvest mpd PATH", "read the Million Playlist Dataset"),
)
_SETTINGS: Mapping[str, Callable[[], object]] = {
    "spotify": config.spotify_settings,
    "lastfm": config.lastfm_settings,
}


@dataclass(frozen=True, slots=True)
class Step:
    """A command, what it is good for, and which setting it lacks, where it lacks one."""

    command: str
    why: str
    lacks: str = ""


_MODEL = Step("model", "what can be learnt from this, and made of it")


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What a state holds.

    Parameters
    ----------
    state : Path
    has_tables : bool
    rows : mapping of str to int
        Of the tables, and tallies; see `Manifest.counts`. Empty without a manifest.
    statuses : mapping of str to JobStatus
    has_songs, has_matches : bool
        Whether the Million Song Dataset was read, and whether it was matched.
    """

    state: Path
    has_tables: bool
    rows: Mapping[str, int]
    statuses: Mapping[str, JobStatus]
    has_songs: bool
    has_matches: bool

    def pending(self, job: str) -> int:
        """Return how many tracks a job has to ask for."""
        return self.statuses[job].counts.pending if job in self.statuses else 0

    @property
    def at_work(self) -> list[str]:
        """A sentence for each job that a process is at work on."""
        signs = [sign for job, each in self.statuses.items() for sign in harvester(job, each.run)]
        return [f"{sign.subject}: {sign.text}" for sign in signs]

    def is_due(self, job: str) -> bool:
        """Say whether a job has something to ask for, as far as is known before it starts."""
        status = self.statuses.get(job)
        return status is not None and (status.counts.pending > 0 or status.is_outdated)


def read_overview(state: Path) -> Overview:
    """Look at a state, which need not exist, beside a running harvester.

    Raises
    ------
    InputError
        `harvest.db` is not one that this program knows.
    """
    manifest, statuses = read_manifest(state / "tables"), read_status(state)
    return Overview(
        state=state,
        has_tables=table_path(state / "tables", "tracks").is_file(),
        rows=manifest.counts if manifest else {},
        statuses=statuses,
        has_songs=(state / MSD_MANIFEST).is_file(),
        has_matches=(state / MATCH_MANIFEST).is_file(),
    )


def lacking_settings() -> dict[str, str]:
    """Say of each service what is wrong with its settings; those that are in order are absent."""
    lacking = {}
    for job, read in _SETTINGS.items():
        try:
            read()
        except InputError as error:
            lacking[job] = str(error)
    return lacking


def next_steps(overview: Overview, *, lacking: Mapping[str, str], now: float) -> list[Step]:
    """Return what is sensible next, the best first; what has to wait comes last.

    Parameters
    ----------
    overview : Overview
    lacking : mapping of str to str
        See `lacking_settings`.
    now : float
        Unix seconds.
    """
    if not overview.has_tables:
        there = [Step(f"harvest --state {DEMO}", "what the demo has gathered")]
        return [*(Step(*each) for each in _FIRST), *(there if _is_demo_there(overview) else [])]
    if overview.at_work:  # no other that writes would be let in
        return [Step("harvest status", "how far it is"), _MODEL]
    jobs = list(_jobs(overview, lacking))
    waiting = {job for job, status in overview.statuses.items() if status.wait(now)}
    ready = [step for job, step in jobs if job not in waiting]
    return [*ready, *_after(overview), *(step for job, step in jobs if job in waiting)]


def shown(overview: Overview, steps: Sequence[Step], *, now: float) -> RenderableType:
    """Lay it out for a terminal."""
    ready = [step for step in steps if not step.lacks]
    lacking = [step for step in steps if step.lacks]
    reasons = dict.fromkeys(step.lacks for step in lacking)
    return Group(
        _grid(_facts(overview)),
        *map(Text, (*overview.at_work, *notices(overview.statuses, now=now))),
        *_section("next", ready),
        *_section("once it is set up", lacking),
        *map(Text, reasons),
        Text("all commands: harvest --help"),
    )


def first_contact(state: Path) -> RenderableType:
    """Return what `harvest` shows when called alone."""
    now, overview = time.time(), read_overview(state)
    return shown(overview, next_steps(overview, lacking=lacking_settings(), now=now), now=now)


def _is_demo_there(overview: Overview) -> bool:
    return overview.state != DEMO and read_manifest(DEMO / "tables") is not None


def _jobs(overview: Overview, lacking: Mapping[str, str]) -> Iterator[tuple[str, Step]]:
    """Yield what services can be asked for, each with the job that waits for its service."""
    spotify, lastfm = lacking.get("spotify", ""), lacking.get("lastfm", "")
    n_open = sum(map(overview.pending, RESOLVING))
    if n_open:
        why = f"ask Spotify for the lacking names or ids of {amount(n_open, 'track')}"
        yield "ids", Step("harvest resolve", why, spotify)
    if overview.is_due("spotify"):
        why = f"audio features of {_whose(overview, 'spotify')}"
        yield "spotify", Step("harvest spotify", why, spotify)
        if spotify:
            yield "", Step("harvest spotify --provider reccobeats", f"{why}, without a key")
    if overview.is_due("lastfm"):
        why = f"listeners, tags and similar tracks of {_whose(overview, 'lastfm')}"
        yield "lastfm", Step("harvest lastfm", why, lastfm)


def _after(overview: Overview) -> Iterator[Step]:
    if overview.has_songs and not overview.has_matches:
        yield Step("harvest match", "find our tracks among the Million Song Dataset's songs")
    for job, status in overview.statuses.items():
        if status.counts.dead:
            why = f"ask once more for {amount(status.counts.dead, 'track')} given up"
            yield Step(f"harvest retry-dead {job}", why)
    yield _MODEL


def _whose(overview: Overview, job: str) -> str:
    n_pending = overview.pending(job)
    return amount(n_pending, "track") if n_pending else "the tracks that the tables have got since"


def _facts(overview: Overview) -> list[tuple[str, str]]:
    facts = [("state", str(overview.state)), ("playlists", _playlists(overview))]
    if overview.has_tables:
        statuses = overview.statuses.items()
        facts += [(_NAMES[job], _progress(status.counts)) for job, status in statuses]
    if overview.has_songs:
        is_matched = "read and matched" if overview.has_matches else "read, not matched yet"
        facts.append(("Million Songs", is_matched))
    return facts


def _playlists(overview: Overview) -> str:
    rows = overview.rows
    if not rows:
        return "tables that nobody counted" if overview.has_tables else "none yet"
    own = rows.get("own_playlists", 0)
    yours = f", {own:,} of them your own" if own else ""
    playlists, entries, tracks = (rows.get(name, 0) for name in ("playlists", "entries", "tracks"))
    return (
        f"{playlists:,}{yours}; {amount(entries, 'entry', 'entries')} of {amount(tracks, 'track')}"
    )


def _progress(counts: Counts) -> str:
    """Say how much of a job is done; a share of 100 % is never rounded up to."""
    share = math.floor(1000 * counts.done / counts.total) / 10 if counts.total else 0.0
    text = f"{counts.done:,} of {amount(counts.total, 'track')} ({share:g} %)"
    missing = f"{counts.missing:,} unknown to the service" if counts.missing else ""
    dead = f"{counts.dead:,} given up" if counts.dead else ""
    return "; ".join(filter(None, (text, missing, dead)))


def _section(title: str, steps: Sequence[Step]) -> Iterator[RenderableType]:
    if steps:
        yield Text(title, style="bold")
        yield _grid([(step.command, step.why) for step in steps])


def _grid(rows: list[tuple[str, str]]) -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for name, text in rows:
        grid.add_row(Text(f"  {name}", style="cyan"), Text(text))
    return grid
