import sqlite3
from contextlib import closing

import pytest

from harvest.database.rows import import_features, insert, insert_records
from harvest.records import Tag
from harvest.worklist import Change, Commit, State
from tests.harvest.fakes import ID, record, task


@pytest.fixture
def db():
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE TABLE pair (a INTEGER PRIMARY KEY, b TEXT)")
        yield db


@pytest.mark.parametrize("n_rows", [0, 1, 2, 3, 127, 128, 129, 1000])
def test_any_number_of_rows_is_inserted_once_each(db, n_rows):
    rows = [(i, f"row {i}") for i in range(n_rows)]
    insert(db, "pair", rows)
    assert db.execute("SELECT * FROM pair ORDER BY a").fetchall() == rows


def test_a_row_whose_key_is_taken_replaces_or_gives_way(db):
    insert(db, "pair", [(1, "first")])
    insert(db, "pair", [(1, "second")], or_what="IGNORE")
    assert db.execute("SELECT b FROM pair").fetchall() == [("first",)]
    insert(db, "pair", [(1, "third")])
    assert db.execute("SELECT b FROM pair").fetchall() == [("third",)]


def test_few_statements_are_ever_made(db):
    seen = set()
    db.set_trace_callback(lambda statement: seen.add(len(statement.split("),"))))
    for n_rows in range(1, 300):
        insert(db, "pair", [(i, "") for i in range(n_rows)])
    # 1, 2, 4 … 128 rows; BEGIN is a statement of one piece, as an insert of one row is.
    assert len(seen) <= 9


def test_features_are_keyed_by_the_number_of_their_track(store):
    commit = Commit([Change([task(3), task(4)], State.DONE, 1)], [record(ID(4)), record(ID(3))])
    with store.transaction() as db:
        insert_records(db, [commit], provider="spotify", now=7.0)
    rows = store.rows("SELECT track_id, spotify_id, provider, fetched_at FROM audio_features")
    assert set(rows) == {(4, ID(3), "spotify", 7.0), (5, ID(4), "spotify", 7.0)}


def test_records_of_several_kinds_may_come_together(store):
    commit = Commit([Change([task(0)], State.DONE, 1)], [record(ID(0)), Tag(ID(0), "rock", 7)])
    with store.transaction() as db:
        insert_records(db, [commit], provider="spotify", now=7.0)
    assert list(store.rows("SELECT * FROM lastfm_tag")) == [(ID(0), "rock", 7)]


def test_the_last_of_several_rows_for_one_track_is_imported(store):
    once, again = record(ID(0)), record(ID(0)).__class__(**{**_fields(record(ID(0))), "tempo": 9.0})
    with store.transaction() as db:
        assert import_features(db, [once, again], provider="mine", overwrite=False) == 2
    assert list(store.rows("SELECT tempo FROM audio_features")) == [(9.0,)]


def test_nothing_to_import_is_nothing_imported(store):
    with store.transaction() as db:
        assert import_features(db, [], provider="mine", overwrite=False) == 0


def _fields(features):
    return {name: getattr(features, name) for name in features.__struct_fields__}
