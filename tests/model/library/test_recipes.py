import fcntl
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from model.library.recipes import find_shelf, is_harvested_now
from model.stages.library import make_shelf


@pytest.fixture
def state(tmp_path: Path, made_up: Any) -> Path:
    songs = [made_up.Song(f"Song {row}") for row in range(3)]
    return Path(made_up.write_state(tmp_path / "s", [made_up.Listed("a", 1, [0, 1])], songs))


def add_tags(state: Path) -> None:
    with closing(sqlite3.connect(state / "harvest.db")) as db, db:
        db.execute("CREATE TABLE lastfm_tag (spotify_id, tag, weight)")
        db.execute("INSERT INTO lastfm_tag VALUES (?, 'sad', 100)", (f"{0:022d}",))


def test_nothing_is_found_before_it_is_made(state: Path) -> None:
    assert find_shelf(state) is None
    assert find_shelf(state / "nothing") is None
    made = make_shelf(state, say=lambda _: None)
    assert find_shelf(state) == made


def test_tables_that_change_are_read_anew(state: Path) -> None:
    make_shelf(state, say=lambda _: None)
    os.utime(state / "tables" / "tracks.parquet", ns=(1, 1))
    assert find_shelf(state) is None


def test_what_services_say_is_read_anew_and_nothing_else(state: Path) -> None:
    made = make_shelf(state, say=lambda _: None)
    add_tags(state)
    assert find_shelf(state) is None
    lines: list[str] = []
    again = make_shelf(state, say=lines.append)
    assert [line.split(":")[0] for line in lines] == ["portraits"]
    assert again.library == made.library
    assert again.portraits.manifest.summary == {"n_with_features": 3, "n_tagged": 1}


def test_while_a_harvester_is_at_work_what_is_there_does(state: Path) -> None:
    made = make_shelf(state, say=lambda _: None)
    add_tags(state)
    with (state / "harvest.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert is_harvested_now(state)
        found = find_shelf(state)
        assert found is not None
        assert found.portraits == made.portraits
        assert not found.is_current
    assert not is_harvested_now(state)
    assert find_shelf(state) is None
