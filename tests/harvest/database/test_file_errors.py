import sqlite3
from contextlib import closing

import pytest

from harvest.errors import StorageError
from harvest.store import Store


def test_a_file_that_lacks_a_column_is_not_called_whole(gathered):
    with closing(sqlite3.connect(gathered / "harvest.db")) as db:
        db.execute("ALTER TABLE job DROP COLUMN wanted")
    with (
        pytest.raises(StorageError, match=r"no such column: wanted; `harvest verify`") as caught,
        Store.open(gathered) as store,
    ):
        store.want("lastfm", 1)
    assert "stored is whole" not in str(caught.value)


def test_a_disc_that_is_full_leaves_what_was_stored_whole(gathered):
    with Store.open(gathered) as store:
        (n_pages,) = store.one("PRAGMA page_count")
        store.one(f"PRAGMA max_page_count = {n_pages}")
        with (
            pytest.raises(StorageError, match=r"is full; what was stored is whole: make room"),
            store.transaction() as db,
        ):
            db.execute("INSERT INTO track VALUES (99, 'x', '', ?)", ("t" * 100_000,))
