import os
import sqlite3
from contextlib import closing

import pytest

from harvest.errors import StorageError
from harvest.own_playlists.unresolved import write_unresolved
from harvest.store import Store


def put(state, **states):
    with Store.open(state) as store:
        page = [(f"name:track:{key}", f"Artist, {key}", key) for key in states]
        store.add_tasks("ids", [page], fingerprint="x")
    with closing(sqlite3.connect(state / "harvest.db")) as db, db:
        for key, value in states.items():
            db.execute(
                "UPDATE task SET state = ?, error = 'why', provider = 'spotify' "
                "WHERE spotify_id = ?",
                (value, f"name:track:{key}"),
            )


def test_what_was_not_found_is_listed_in_order(tmp_path):
    put(tmp_path, b="missing", a="dead", c="done", d="pending")
    path, n_tracks = write_unresolved(tmp_path)
    assert n_tracks == 2
    assert path.read_text().splitlines() == [
        "artist,title,state,why",
        '"Artist, b",b,missing,why',
        '"Artist, a",a,dead,why',
    ]


def test_where_nothing_is_left_the_list_goes(tmp_path):
    put(tmp_path, a="missing")
    path, _ = write_unresolved(tmp_path)
    put(tmp_path, a="done")
    assert write_unresolved(tmp_path) == (path, 0)
    assert not path.exists()


def test_a_list_that_the_disk_refuses_leaves_the_old_one_and_no_other_file(tmp_path, monkeypatch):
    put(tmp_path, a="missing")
    path, _ = write_unresolved(tmp_path)
    put(tmp_path, a="dead", b="dead")
    before = {each: each.read_bytes() for each in tmp_path.glob("*unresolved*")}

    def fail(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(StorageError, match=rf"{path}: No space left"):
        write_unresolved(tmp_path)
    assert {each: each.read_bytes() for each in tmp_path.glob("*unresolved*")} == before


def test_before_any_job_there_is_none(tmp_path):
    assert write_unresolved(tmp_path)[1] == 0
