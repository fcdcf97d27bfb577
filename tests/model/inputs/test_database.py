import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from model.inputs.database import open_harvest

NOBODY = 65534


@pytest.fixture
def state() -> Iterator[Path]:
    """A folder that everybody may look into, which pytest's own are not."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@contextmanager
def no_right_to_write(state: Path) -> Iterator[None]:
    """Take it from root too, who could otherwise write everywhere."""
    state.chmod(0o555)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)
        state.chmod(0o755)


def write(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path)
    db.execute("PRAGMA journal_mode = WAL")
    with db:
        db.execute("CREATE TABLE IF NOT EXISTS task (id)")
        db.execute("INSERT INTO task VALUES (7)")
    path.chmod(0o644)
    return db


def rows(path: Path) -> list[tuple[int]]:
    with closing(open_harvest(path)) as db:
        return db.execute("SELECT id FROM task").fetchall()


def test_a_state_that_may_not_be_written_to_is_read(state: Path) -> None:
    path = state / "harvest.db"
    write(path).close()
    with no_right_to_write(state):
        assert rows(path) == [(7,)]
    assert [one.name for one in state.iterdir()] == ["harvest.db"]


def test_what_a_harvester_at_work_has_written_is_read(state: Path) -> None:
    path = state / "harvest.db"
    with closing(write(path)):
        assert rows(path) == [(7,)]


def test_a_log_that_may_not_be_read_in_is_not_passed_over(state: Path) -> None:
    """As a harvester leaves it that was killed: what is in the log alone would be missing."""
    path = state / "harvest.db"
    write(path).close()
    (state / "harvest.db-wal").write_bytes(b"rows")
    (state / "harvest.db-wal").chmod(0o644)
    with no_right_to_write(state), pytest.raises(sqlite3.OperationalError):
        rows(path)


def test_what_is_no_database_is_an_error(state: Path) -> None:
    (state / "harvest.db").write_bytes(b"no database" * 100)
    with pytest.raises(sqlite3.DatabaseError, match="not a database"):
        open_harvest(state / "harvest.db")
