"""Writing the tables: bytes that depend on rows alone, and nothing half done."""

import errno
import itertools
import os

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvest import table_writer
from harvest.errors import StateInUse, StorageError
from harvest.table_writer import TableWriter, writers, writing
from harvest.tables import SCHEMAS

SCHEMA = SCHEMAS["entries"]


def entries(count):
    numbers = pa.array(range(count), pa.int32())
    return pa.table([numbers] * 3, schema=SCHEMA)


def write(path, pieces):
    writer = TableWriter(path, SCHEMA)
    for piece in pieces:
        writer.append(piece)
    writer.close()
    return path.read_bytes()


@settings(deadline=None, max_examples=30)
@given(cuts=st.lists(st.integers(0, 25), max_size=6))
def test_bytes_do_not_depend_on_how_rows_arrive(cuts, tmp_path_factory):
    path = tmp_path_factory.mktemp("tables") / "entries.parquet"
    rows, bounds = entries(25), [0, *sorted(cuts), 25]
    pieces = [rows.slice(a, b - a) for a, b in itertools.pairwise(bounds)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table_writer, "ROW_GROUP_ROWS", 10)
        assert write(path, pieces) == write(path, [rows])


def test_row_groups_are_full_but_the_last(tmp_path, monkeypatch):
    monkeypatch.setattr(table_writer, "ROW_GROUP_ROWS", 10)
    write(tmp_path / "entries.parquet", [entries(25)])
    described = pq.read_metadata(tmp_path / "entries.parquet")
    groups = [described.row_group(each).num_rows for each in range(described.num_row_groups)]
    assert groups == [10, 10, 5]


def test_table_without_rows_is_written(tmp_path):
    write(tmp_path / "entries.parquet", [])
    assert pq.read_table(tmp_path / "entries.parquet").schema.names == SCHEMA.names


def test_error_leaves_no_file(tmp_path):
    with pytest.raises(ValueError, match="schema"), writers(tmp_path) as opened:
        opened["tracks"].append(entries(table_writer.ROW_GROUP_ROWS))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "No space left on device; free some space and run the same again"),
        (errno.EROFS, "choose another place with --state"),
        (errno.EACCES, "get the right to write there"),
        (errno.EIO, "cannot write"),
    ],
)
def test_refusal_of_the_disk_says_what_to_do(tmp_path, number, words):
    with pytest.raises(StorageError) as caught, writing(tmp_path):
        raise OSError(number, os.strerror(number))
    assert words in str(caught.value)
    assert str(tmp_path) in str(caught.value)


def test_tables_are_held_by_one_writer_and_free_afterwards(tmp_path):
    with writing(tmp_path), pytest.raises(StateInUse), writing(tmp_path):
        pass
    with writing(tmp_path):
        pass
