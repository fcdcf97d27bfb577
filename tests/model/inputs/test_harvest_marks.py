import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from model.inputs.harvest_marks import harvest_marks, keep_marks


@pytest.fixture
def state(tmp_path: Path, made_up: Any) -> Path:
    songs = [made_up.Song("a"), made_up.Song("b")]
    return Path(made_up.write_state(tmp_path, [made_up.Listed("p", 2, [0, 1])], songs))


def change(state: Path, query: str) -> None:
    with closing(sqlite3.connect(state / "harvest.db")) as db, db:
        db.execute(query)


def touch(path: Path) -> None:
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1_000_000_000))


def test_features_that_come_change_their_mark_alone(state: Path) -> None:
    before = keep_marks(state)
    change(state, "UPDATE audio_features SET fetched_at = fetched_at + 1")
    after = harvest_marks(state)
    assert after["audio_features"] != before["audio_features"]
    assert after["lastfm"] == before["lastfm"]


def test_tags_that_come_change_the_mark_of_lastfm_alone(state: Path) -> None:
    before = keep_marks(state)
    change(state, "CREATE TABLE IF NOT EXISTS job (job TEXT, bytes INTEGER)")
    change(state, "INSERT INTO job (job, bytes) VALUES ('lastfm', 5)")
    after = harvest_marks(state)
    assert after == before | {"lastfm": "5"}


@pytest.mark.parametrize("name", ["manifest.json", "match_manifest.json"])
def test_another_dump_or_other_matches_change_the_mark_of_the_dump_alone(
    name: str, state: Path, made_up: Any
) -> None:
    path = made_up.write_msd(state, matches=[]) / name
    before = keep_marks(state)
    path.write_bytes(path.read_bytes() + b" ")
    after = harvest_marks(state)
    assert after.pop("msd") != before.pop("msd")
    assert after == before


def test_a_dump_that_is_not_matched_is_none_yet(state: Path, made_up: Any) -> None:
    (made_up.write_msd(state, matches=[]) / "match_manifest.json").unlink()
    assert harvest_marks(state)["msd"] == ""


def test_a_file_that_was_only_touched_has_the_same_marks(state: Path) -> None:
    before = keep_marks(state)
    touch(state / "harvest.db")
    assert harvest_marks(state) == before


def test_nothing_is_counted_while_the_file_is_the_same(state: Path) -> None:
    before, path = keep_marks(state), state / "harvest.db"
    status = path.stat()
    path.write_bytes(b"x" * status.st_size)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert harvest_marks(state) == before
    touch(path)
    assert harvest_marks(state) == {"msd": ""}  # What cannot be read makes nothing older.


def test_a_state_without_a_harvest_is_marked_so_that_the_first_one_shows(tmp_path: Path) -> None:
    assert harvest_marks(tmp_path) == {"audio_features": "", "lastfm": "", "msd": ""}
