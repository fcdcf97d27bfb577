"""What a state holds for the model, and which command is sensible next.

It is what `model` says when it is called alone. Answers at once, so nothing here may wait for
pandas or a compiler.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from model.amounts import amount
from model.errors import InputError
from model.inputs.database import open_harvest
from model.status.older_results import COMPARE, older_results

DEMO: Final = Path("state/demo")
LEAST: Final = 10
"""Playlists: fewer cannot be split."""
LEAST_TO_COMPARE: Final = 100
"""Playlists: fewer cannot be cut in ten categories."""

_FIRST: Final = (
    ("harvest demo", "the main job on made-up data, without keys or a network, in a minute or two"),
    ("harvest playlists PATH…", "read playlists of your own: Exportify, JSPF, XSPF, M3U, …"),
    ("harvest mpd PATH", "read the Million Playlist Dataset"),
)
_DONE: Final = "SELECT count(*) FROM task WHERE job = ? AND state = 'done' AND seq >= 0"
_ROWS: Final = {"spotify": "audio_features", "lastfm": "lastfm_track"}
"""Where rows are counted of a database without a resume log."""
_SERVICES: Final = {"spotify": "audio features", "lastfm": "last.fm"}


class _Manifest(msgspec.Struct):
    """What is looked at of ``tables/manifest.json``."""

    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Step:
    """A command, and what it is good for."""

    command: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What a state holds; times are Unix seconds.

    Parameters
    ----------
    state : Path
    has_tables : bool
    rows : mapping of str to int
        Of the tables, by their manifest; empty without one.
    tables_at : float
        When the tables were last written; 0 without any.
    n_harvested : mapping of str to int
        Tracks that each service was asked for with success.
    learnt : mapping of str to float
        When the latest artifact of each stage under ``model`` was made.
    figures : mapping of str to float
        When each folder of ``results`` was written.
    explored_at, reported_at : float
        When ``explore`` and ``report.html`` were written; 0 where they are not there.
    outdated : mapping of str to str
        What is of other data than what is there now, and the command that makes it again.
    """

    state: Path
    has_tables: bool
    rows: Mapping[str, int]
    tables_at: float
    n_harvested: Mapping[str, int]
    learnt: Mapping[str, float]
    figures: Mapping[str, float]
    explored_at: float
    reported_at: float
    outdated: Mapping[str, str]

    @property
    def is_judgeable(self) -> bool:
        """Whether there are playlists enough with followers, which own ones lack, and features."""
        n_others = self.rows.get("playlists", LEAST) - self.rows.get("own_playlists", 0)
        return n_others >= LEAST and self.n_harvested.get("spotify", 0) > 0


def read_overview(state: Path) -> Overview:
    """Look at a state, which need not exist.

    Raises
    ------
    InputError
        If `harvest.db` is no such database.
    """
    tables = state / "tables"
    return Overview(
        state=state,
        has_tables=(tables / "tracks.parquet").is_file(),
        rows=_rows(tables / "manifest.json"),
        tables_at=_time(tables / "tracks.parquet"),
        n_harvested=_harvested(state / "harvest.db"),
        learnt=_latest(state / "model", "*/*/manifest.json", depth=2),
        figures=_latest(state / "results", "*/*.json", depth=1),
        explored_at=_time(state / "explore"),
        reported_at=_time(state / "report.html"),
        outdated=older_results(state),
    )


def next_steps(overview: Overview) -> list[Step]:
    """Return what is sensible next, the best first."""
    if not overview.has_tables or overview.rows.get("playlists") == 0:
        is_there = overview.state != DEMO and (DEMO / "tables").is_dir()
        there = [Step(f"model --state {DEMO}", "what the demo has made")] if is_there else []
        return [*(Step(*each) for each in _FIRST), *there]
    steps = [*_judging(overview), *_again(overview), *_making(overview), *_showing(overview)]
    # Each command once, for the first of its reasons.
    return list({step.command: step for step in reversed(steps)}.values())[::-1]


def shown(overview: Overview, steps: Sequence[Step]) -> RenderableType:
    """Lay it out for a terminal."""
    return Group(
        _grid(_facts(overview)),
        Text("next", style="bold"),
        _grid([(step.command, step.why) for step in steps]),
        Text("all commands: model --help"),
    )


def first_contact(state: Path) -> RenderableType:
    """Return what `model` shows when called alone."""
    overview = read_overview(state)
    return shown(overview, next_steps(overview))


def _rows(path: Path) -> Mapping[str, int]:
    try:
        counts = msgspec.json.decode(path.read_bytes(), type=_Manifest).counts
    except (OSError, ValueError):
        return {}
    return counts if counts.keys() >= {"playlists", "entries", "tracks"} else {}


def _time(path: Path) -> float:
    return path.stat().st_mtime if path.exists() else 0.0


def _latest(root: Path, pattern: str, *, depth: int) -> dict[str, float]:
    """Give the time of the latest file of each folder of `root`, by the folder's name."""
    latest: dict[str, float] = {}
    for path in sorted(root.glob(pattern)):
        parts = path.relative_to(root).parts
        if not any(part.startswith(".") for part in parts[:depth]):
            latest[parts[0]] = max(latest.get(parts[0], 0.0), _time(path))
    return latest


def _harvested(path: Path) -> Mapping[str, int]:
    if not path.is_file():
        return {}
    try:
        with closing(open_harvest(path)) as db:
            return {job: _count(db, job) for job in _SERVICES}
    except sqlite3.Error as error:
        msg = f"cannot read {path} ({error}); `harvest verify` says what is wrong"
        raise InputError(msg) from error


def _count(db: sqlite3.Connection, job: str) -> int:
    known = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
    if "task" in known:
        return int(db.execute(_DONE, (job,)).fetchone()[0])
    if _ROWS[job] in known:
        return int(db.execute(f"SELECT count(*) FROM {_ROWS[job]}").fetchone()[0])
    return 0


def _judging(overview: Overview) -> Iterator[Step]:
    """Propose what is judged and learnt, where it was not, or of other data."""
    judged = max(
        (at for name, at in overview.figures.items() if name.startswith("holdout")), default=0
    )
    if overview.is_judgeable and judged < overview.tables_at:
        yield Step("model evaluate", "how good generated playlists are, where ten have followers")
    if not overview.n_harvested.get("spotify"):
        yield Step("harvest spotify", "audio features, by which `model evaluate` works")


def _again(overview: Overview) -> Iterator[Step]:
    for name, command in overview.outdated.items():
        yield Step(command, f"again: {name} is of other data than there are now")


def _making(overview: Overview) -> Iterator[Step]:
    is_first = "library" not in overview.learnt
    takes = "; the first one takes longer" if is_first else ""
    yield Step('model generate "Artist - Title"', f"a playlist, with its reasons{takes}")
    yield Step("model serve", "the same in the browser")


def _showing(overview: Overview) -> Iterator[Step]:
    if overview.explored_at < overview.tables_at:
        yield Step("model explore", "tables and figures of playlists, songs and tags")
    is_compared = any(name.startswith("compare") for name in overview.figures)
    if overview.rows.get("playlists", 0) >= LEAST_TO_COMPARE and not is_compared:
        yield Step(COMPARE, "all recommenders beside each other")
    made_at = max((*overview.figures.values(), overview.explored_at))
    if made_at > overview.reported_at:
        yield Step("model report", "all figures in one page")


def _facts(overview: Overview) -> list[tuple[str, str]]:
    facts = [("state", str(overview.state)), ("playlists", _playlists(overview))]
    if not overview.has_tables:
        return facts
    n_tracks = overview.rows.get("tracks")
    for job, name in _SERVICES.items():
        n_asked = overview.n_harvested.get(job, 0)
        of_all = amount(n_asked if n_tracks is None else n_tracks, "track")
        facts.append((name, of_all if n_tracks is None else f"{n_asked:,} of {of_all}"))
    facts.append(("learnt", _dated(overview.learnt)))
    facts.append(("figures", _dated(overview.figures)))
    pages = {"explore/": overview.explored_at, "report.html": overview.reported_at}
    facts.append(("pages", _dated({name: at for name, at in pages.items() if at})))
    if overview.outdated:
        facts.append(("of older data", ", ".join(sorted(overview.outdated))))
    return facts


def _playlists(overview: Overview) -> str:
    rows = overview.rows
    if not rows:
        return "tables that nobody counted" if overview.has_tables else "none yet"
    own = rows.get("own_playlists", 0)
    yours = f", {own:,} of them your own" if own else ""
    entries = amount(rows["entries"], "entry", "entries")
    return f"{rows['playlists']:,}{yours}; {entries} of {amount(rows['tracks'], 'track')}"


def _dated(made: Mapping[str, float]) -> str:
    """Name what was made, and when the latest of it was."""
    if not made:
        return "nothing yet"
    latest = datetime.fromtimestamp(max(made.values()), UTC).astimezone()
    return f"{', '.join(sorted(made))}; {latest:%Y-%m-%d %H:%M}"


def _grid(rows: Sequence[tuple[str, str]]) -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for name, text in rows:
        grid.add_row(Text(f"  {name}", style="cyan"), Text(text))
    return grid
