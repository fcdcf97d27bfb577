import bz2
import gzip
import lzma

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.errors import InputError
from harvest.sources import feature_csv
from harvest.sources.csv_records import LONGEST_LINE
from harvest.sources.feature_csv import find_form, read_rows
from harvest.sources.feature_rows import Reject
from tests.harvest.sources.refusing import refused


def count(names):
    """Only these three names are known."""
    return len({"id", "a", "b"} & set(names))


@pytest.fixture
def read(tmp_path):
    """Write a file, read it back as rows."""

    def write_and_read(content):
        path = tmp_path / "f.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return list(read_rows(path, find_form(path, count)))

    return write_and_read


def refusal(path):
    return refused(lambda: list(read_rows(path, find_form(path, count))))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_the_one_that_yields_known_names(delimiter, tmp_path):
    path = tmp_path / "f.txt"
    # The last name holds all three of them.
    path.write_text(delimiter.join(["id", "a", "b", '"x,x;x\tx"']) + "\n")
    form = find_form(path, count)
    assert (form.delimiter, list(form.names)) == (delimiter, ["id", "a", "b", "x,x;x\tx"])


def test_a_header_without_known_names_is_read_with_commas(tmp_path):
    (tmp_path / "f.csv").write_text("x,y;z\n")
    assert find_form(tmp_path / "f.csv", count).names == ["x", "y;z"]


def test_each_row_comes_with_the_line_where_it_starts(read):
    rows = read('id,a\n1,"two\nlines"\n2,b\n\n3,"x\r\ny\rz"\n4,d\n')
    # The row 1 takes lines 2 and 3, line 5 is empty, the row 3 takes lines 6 to 8.
    assert rows == [
        (2, ["1", "two\nlines"]),
        (4, ["2", "b"]),
        (6, ["3", "x\r\ny\rz"]),
        (9, ["4", "d"]),
    ]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_any_line_ending_will_do(read, ending):
    assert read(ending.join(["id,a", "1,b", "2,c"])) == [(2, ["1", "b"]), (3, ["2", "c"])]


def test_a_byte_order_mark_is_no_part_of_the_first_name(read):
    assert read("\ufeffid,a\n1,é\n") == [(2, ["1", "é"])]


def test_empty_lines_are_passed_over(read):
    assert read("\n\nid,a\n\n1,b\n,\n\r\n2,c\n\n") == [(5, ["1", "b"]), (8, ["2", "c"])]


def test_rows_of_another_length_are_rejected(read):
    assert read("id,a\n1\n2,b,c\n3,d\n") == [
        Reject(2, "has 1 fields, the header 2"),
        Reject(3, "has 3 fields, the header 2"),
        (4, ["3", "d"]),
    ]


def test_an_over_long_field_costs_its_row_alone(read):
    rows = read(f"id,a\n1,{'x' * 200_000}\n2,c\n")
    assert rows[0].line == 2
    assert "field larger than field limit" in rows[0].reason
    assert rows[1:] == [(3, ["2", "c"])]


def test_an_over_long_line_costs_its_row_alone(read):
    many = ",".join(["x" * 1000] * 3000)
    rows = read(f"id,a\n1,{many}\n2,c\n")
    assert rows == [Reject(2, f"is longer than {LONGEST_LINE:,} characters"), (3, ["2", "c"])]


def test_a_nul_byte_costs_its_row_alone(read):
    assert read("id,a\n1,b\0\n2,c\n") == [Reject(2, "holds a NUL byte"), (3, ["2", "c"])]


def test_a_lone_bad_byte_costs_its_row_alone(read):
    assert read(b"id,a\n1,b\xe9\n2,\xc3\xa9\n3,d\n") == [
        Reject(2, "is not UTF-8"),
        (3, ["2", "é"]),
        (4, ["3", "d"]),
    ]


def test_a_bad_byte_in_the_middle_of_a_long_row_costs_that_row_alone(read):
    assert read(b'id,a\n1,"b\n\xe9\nc"\n2,d\n') == [Reject(2, "is not UTF-8"), (5, ["2", "d"])]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        ("id,a\n1,b\n".encode("utf-16"), "is UTF-16 text; save it as UTF-8"),
        (b"PK\x03\x04 and so on", "is a zip or Excel file; unpack it, or save it as CSV"),
        (bz2.compress(b"id,a"), "is compressed with bzip2; unpack it"),
        (lzma.compress(b"id,a"), "is compressed with xz; unpack it"),
        (b"\x28\xb5\x2f\xfd and so on", "is compressed with zstd; unpack it"),
        (gzip.compress(b"PAR1", mtime=0), "is a gzipped Parquet file; unpack it"),
        (b"SQLite format 3\0\1\2", "is neither a CSV nor a Parquet file"),
        ("id,é\n".encode("latin-1"), "is not text in UTF-8; save it as UTF-8"),
        (b"id,a\n" + b"1,\xe9\n" * 20, "is not text in UTF-8; save it as UTF-8"),
        (b'"' + b"x" * 200_000, "has no header that can be read: field larger than field limit"),
    ],
)
def test_what_is_no_csv_file_is_refused_with_the_reason(content, reason, tmp_path):
    path = tmp_path / "f.csv"
    path.write_bytes(content)
    assert refusal(path).startswith(f"{path} {reason}")


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    assert refusal(tmp_path / "none.csv").endswith("none.csv: No such file or directory")
    assert refusal(tmp_path).endswith(": Is a directory")


def test_a_gzipped_file_is_known_by_its_content(tmp_path):
    path = tmp_path / "f.csv"
    path.write_bytes(gzip.compress(b"id,a\n1,b\n"))
    assert list(read_rows(path, find_form(path, count))) == [(2, ["1", "b"])]


def long_gzip():
    """Incompressible enough that its beginning holds many rows."""
    lines = [f"{i * 7919 % 104729},{i * 15485863 % 179424673}" for i in range(200_000)]
    return gzip.compress("\n".join(["id,a", *lines]).encode())


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda packed: packed[:-100], "ended before the end-of-stream marker"),
        (lambda packed: packed[:-8] + b"\0" * 8, "CRC check failed"),
        (lambda packed: packed[:-2000] + b"\xff" * 2000, ""),
    ],
)
def test_what_stands_before_the_damage_is_read_first(damage, reason, tmp_path):
    path = tmp_path / "f.csv.gz"
    path.write_bytes(damage(long_gzip()))
    rows = read_rows(path, find_form(path, count))
    assert next(rows) == (2, ["0", "0"])
    with pytest.raises(InputError, match=rf"^cannot read .*{reason}"):
        list(rows)


@given(st.binary(max_size=300))
def test_no_content_whatever_breaks_the_reader(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    for head in (b"", b"id,a\n", b'id;a\n1;"'):
        path.write_bytes(head + content)
        try:
            rows = list(read_rows(path, find_form(path, count)))
        except InputError:
            continue
        lines = [row.line if isinstance(row, Reject) else row[0] for row in rows]
        assert lines == sorted(set(lines))


def test_the_longest_field_is_shorter_than_the_longest_line():
    assert feature_csv.csv.field_size_limit() < LONGEST_LINE <= feature_csv.HEAD_BYTES
