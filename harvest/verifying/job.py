"""Proves that a state is whole: its file, its tasks, its rows, the ranges, the Parquet tables."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path

from rich.markup import escape
from rich.table import Table

from harvest.amounts import amount
from harvest.database.opening import Database
from harvest.errors import InputError, StorageError
from harvest.verifying.checks import COLUMNS, KEYS, RELATIONS, REMEDIES, ROW_TABLES
from harvest.verifying.findings import SALVAGE, Finding, parquet_findings
from harvest.verifying.ranges import KEY, conditions, know_texts

MOST_EXAMPLES = 5
CACHE_KIB = 64 * 1024

_COPY = "bring back a copy, or move the file away and start again"
# SQLite makes the file empty first: a run that was killed just then leaves what a loss leaves.
_GATHER = (
    "if nothing was gathered yet, as where a first run was killed at once, nothing is lost "
    "and any job goes on; else bring back a copy before one is started"
)
_BESIDE = ("tables", "playlists", "msd", "export", "unresolved.csv", "harvest.db-wal")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What all checks of a state found, and how much they went through."""

    path: Path
    findings: tuple[Finding, ...]
    tasks: int
    rows: int

    @property
    def failed(self) -> tuple[Finding, ...]:
        """The findings that keep the state from being whole."""
        return tuple(finding for finding in self.findings if finding.offenders)


def verify(state: Path) -> Verdict:
    """Go through everything that is stored in `state`, beside a running harvester too.

    Raises
    ------
    InputError
        If there is no database, or one of an older version.
    StorageError
        If it cannot be read at all.
    """
    database = Database.peek(state)
    if database is None:
        return _without_database(state)
    with database, database.snapshot() as db:
        db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        findings = _file_findings(db)
        if any(finding.offenders for finding in findings):
            # What is read from a damaged file says nothing.
            return Verdict(database.path, findings, 0, 0)
        know_texts(db)
        db.text_factory = _readable
        findings += (*_relation_findings(db), *_range_findings(db), *parquet_findings(state))
        n_rows = sum(_count(db, f"SELECT 1 FROM {table}") for table in ROW_TABLES)
        return Verdict(database.path, findings, _count(db, "SELECT 1 FROM task"), n_rows)


def _without_database(state: Path) -> Verdict:
    """Look at the tables alone, where there are any; an empty file beside them is a finding."""
    path, findings = state / "harvest.db", parquet_findings(state)
    if path.exists() and any((state / name).exists() for name in _BESIDE):
        found = f"none, in {amount(path.stat().st_size, 'byte')}"
        findings = (Finding("file: harvest.db has its tables", 1, (found,), _GATHER), *findings)
    if not findings:
        what = "is empty" if path.exists() else "does not exist"
        raise InputError(f"{path} {what}; `harvest spotify` and `harvest lastfm` make it")
    return Verdict(path, findings, 0, 0)


def as_json(verdict: Verdict) -> dict[str, object]:
    """Return what `harvest verify --json` prints."""
    return {
        "path": str(verdict.path),
        "is_whole": not verdict.failed,
        "tasks": verdict.tasks,
        "rows": verdict.rows,
        "checks": [asdict(finding) for finding in verdict.findings],
    }


def as_table(verdict: Verdict) -> Table:
    """Return what `harvest verify` prints."""
    table = Table("", "check")
    table.add_column("offenders", justify="right")
    table.add_column("for example", overflow="fold")
    for finding in verdict.findings:
        mark, number = ("✗", f"{finding.offenders:,}") if finding.offenders else ("✓", "")
        table.add_row(mark, finding.check, number, escape("\n".join(finding.examples)))
    return table


def conclude(verdict: Verdict) -> str:
    """Return the sentence that a whole state ends in.

    Raises
    ------
    StorageError
        If it is not whole.
    """
    if not verdict.failed and not verdict.path.exists():
        return f"the tables in {verdict.path.parent} are whole; there is no {verdict.path.name} yet"
    if not verdict.failed:
        held = f"{amount(verdict.tasks, 'task')}, {amount(verdict.rows, 'row')}"
        return f"{verdict.path} is whole: {held}"
    first, n_failed = verdict.failed[0], len(verdict.failed)
    raise StorageError(
        f"{verdict.path.parent} is not whole: {n_failed} of {len(verdict.findings)} checks failed, "
        f"first “{first.check}” ({first.offenders:,}); {first.remedy}"
    )


def _file_findings(db: sqlite3.Connection) -> tuple[Finding, ...]:
    """Check the file itself, then what tables it has."""
    whole = _integrity(db)
    if whole.offenders:
        return (whole,)
    ours, expected = _schema(db), _expected_schema()
    odd = sorted(name for name in ours | expected if ours.get(name) != expected.get(name))
    return whole, Finding("file: tables as in schema.sql", len(odd), tuple(odd), _COPY)


def _integrity(db: sqlite3.Connection) -> Finding:
    """Let SQLite go through every page and index, and every row's own constraints."""
    check = "file: every page and index is sound"
    try:
        said = [str(row[0]) for row in db.execute("PRAGMA integrity_check")]
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError as error:
        return Finding(check, 1, (str(error),), _COPY)
    found = [] if said == ["ok"] else said
    return Finding(check, len(found), tuple(found[:MOST_EXAMPLES]), _COPY)


def _schema(db: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
    """Return the columns of every table and index by its name."""
    names = db.execute(
        "SELECT type, name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
    ).fetchall()
    return {name: db.execute(f"PRAGMA {kind}_xinfo({name})").fetchall() for kind, name in names}


def _expected_schema() -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(":memory:")) as db:
        db.executescript(
            resources.files("harvest.database").joinpath("schema.sql").read_text("utf-8")
        )
        return _schema(db)


def _readable(text: bytes) -> str:
    """Let a text that is no UTF-8 be shown, rather than end the search."""
    return text.decode("utf-8", "replace")


def _relation_findings(db: sqlite3.Connection) -> Iterator[Finding]:
    return (_offending(db, check, query) for check, query in RELATIONS.items())


def _range_findings(db: sqlite3.Connection) -> Iterator[Finding]:
    """Check every value of a table in one pass; look at each column only where one offends."""
    for table, kinds in COLUMNS.items():
        sound = {name: text for kind in kinds for name, text in conditions(kind).items()}
        query = f"SELECT {KEYS.get(table, KEY)} FROM {table} WHERE NOT"
        if not _count(db, f"{query} ({' AND '.join(sound.values())})"):
            yield Finding(f"{table}: every value in its range")
            continue
        for name, text in sound.items():
            finding = _offending(db, f"{table}: {name} in its range", f"{query} {text}")
            if finding.offenders:
                yield finding


def _offending(db: sqlite3.Connection, check: str, query: str) -> Finding:
    n_offenders = _count(db, query)
    if not n_offenders:
        return Finding(check)
    # By place: a query that joins tables has several columns of one name.
    examples = db.execute(f"{query} ORDER BY 1 LIMIT {MOST_EXAMPLES}")
    remedy = REMEDIES.get(check, SALVAGE)
    return Finding(check, n_offenders, tuple(str(row[0]) for row in examples), remedy)


def _count(db: sqlite3.Connection, query: str) -> int:
    return int(db.execute(f"SELECT count(*) FROM ({query})").fetchone()[0])
