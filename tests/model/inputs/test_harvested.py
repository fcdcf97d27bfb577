import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from model.errors import InputError
from model.inputs.harvested import read_harvest


def test_tracks_are_counted_by_job_provider_and_state(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "harvest.db")) as db, db:
        db.execute("CREATE TABLE task (job, provider, state, error)")
        rows = [
            ("spotify", "spotify", "done", None),
            ("spotify", "spotify", "done", None),
            ("spotify", "reccobeats", "missing", "unknown there"),
            ("spotify", None, "pending", None),
        ]
        db.executemany("INSERT INTO task VALUES (?, ?, ?, ?)", rows)
        db.execute(
            "CREATE TABLE run (job, started_at, seen_at, requests, settled, limited, "
            "failed, rejected)"
        )
        db.execute("INSERT INTO run VALUES ('spotify', 10, 70, 5, 3, 1, 0, 0)")
        db.execute("INSERT INTO run VALUES ('spotify', 100, 140, 2, 0, 0, 1, 0)")
    frames = read_harvest(tmp_path)
    assert frames["tasks"].to_numpy().tolist() == [
        ["spotify", "", "pending", 1],
        ["spotify", "reccobeats", "missing", 1],
        ["spotify", "spotify", "done", 2],
    ]
    assert frames["reasons"].to_numpy().tolist() == [["spotify", "missing", "unknown there", 1]]
    # 60 s and 40 s.
    assert frames["runs"].to_numpy().tolist() == [["spotify", 2, 100, 7, 3, 1, 1, 0]]
    assert "features" not in frames


def test_a_state_without_a_database_has_nothing(tmp_path: Path) -> None:
    assert read_harvest(tmp_path) == {}


def test_what_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "harvest.db").write_bytes(b"not a database at all, but long" * 50)
    with pytest.raises(InputError, match=r"harvest\.db"):
        read_harvest(tmp_path)
