import os
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from harvest.errors import InputError
from harvest.sources.feature_parquet import ROWS_AT_A_TIME, column_names, read_rows


@pytest.fixture
def written(tmp_path):
    """Write columns; return the file."""

    def write(**columns):
        pq.write_table(pa.table(columns), tmp_path / "f.parquet")
        return tmp_path / "f.parquet"

    return write


def test_rows_are_numbered_from_1_and_have_the_columns_asked_for(written):
    path = written(a=[1, 2], b=["x", None], c=[0.5, None])
    assert list(read_rows(path, ["c", "a"])) == [(1, (0.5, 1)), (2, (None, 2))]


def test_a_file_whose_name_is_no_utf_8_is_read_like_others(written):
    path = written(a=[5])
    other = path.rename(os.fsdecode(os.fsencode(path) + b"\xff"))
    assert column_names(other) == ["a"]
    assert list(read_rows(other, ["a"])) == [(1, (5,))]


def test_numbers_go_on_from_batch_to_batch(written):
    n = 2 * ROWS_AT_A_TIME + 1
    rows = list(read_rows(written(a=range(n)), ["a"]))
    assert rows == [(i + 1, (i,)) for i in range(n)]


def test_columns_of_texts_and_numbers_are_listed(written):
    path = written(
        **{
            "track.id": ["x"],
            "packed": pa.array(["x"]).dictionary_encode(),
            "bytes": [b"x"],
            "exact": [Decimal("0.5")],
            "flag": [True],
            "gone": pa.nulls(1),
            "list": [[1]],
            "struct": [{"id": 1}],
        }
    )
    names = column_names(path)
    assert names == ["track.id", "packed", "bytes", "exact", "flag", "gone"]
    assert list(read_rows(path, names)) == [(1, ("x", "x", b"x", Decimal("0.5"), True, None))]


def test_of_equal_names_the_first_is_read(tmp_path):
    path = tmp_path / "f.parquet"
    pq.write_table(pa.table([pa.array([1]), pa.array([2])], names=["a", "a"]), path)
    assert list(read_rows(path, ["a"])) == [(1, (1,))]


def test_an_empty_table_has_no_rows(written):
    assert list(read_rows(written(a=pa.array([], pa.int8())), ["a"])) == []


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"PAR1",
        lambda content: content[:-20],
        lambda content: content[: len(content) // 2],
        lambda content: content[:-8] + b"\xff\xff\xff\x7fPAR1",
        lambda content: content[:-60] + b"\0" * 40 + content[-20:],
    ],
)
def test_a_damaged_file_is_refused_in_one_line(written, damage):
    path = written(a=range(1000))
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(InputError, match=r"^cannot read .*; get the file again$") as raised:
        column_names(path)
    assert "\n" not in str(raised.value)


def test_damage_in_the_middle_is_found_where_it_is_met(tmp_path):
    path = tmp_path / "f.parquet"
    table = pa.table({"a": [i * 7919 % 104729 for i in range(100_000)]})
    pq.write_table(table, path, row_group_size=20_000, write_page_checksum=True)
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 50] = b"\xff" * 50
    path.write_bytes(content)
    rows = read_rows(path, column_names(path))
    assert next(rows) == (1, (0,))
    with pytest.raises(InputError, match=r"^cannot read "):
        list(rows)
