import os
from pathlib import Path

import pyarrow as pa
import pytest

from model.inputs.parquet import column_names, opened, read_columns, write_rows

TABLE = pa.table({"track_id": [0, 1], "title": ["Creep", "夜に駆ける"]})


@pytest.mark.parametrize("name", [b"a.parquet", b"\xff.parquet", "夜.parquet".encode()])
def test_a_file_is_read_whatever_bytes_its_name_is_made_of(tmp_path: Path, name: bytes) -> None:
    path = tmp_path / os.fsdecode(name)
    write_rows(TABLE, path)
    assert column_names(path) == ["track_id", "title"]
    assert read_columns(path).equals(TABLE)
    assert read_columns(path, ["title"]).column_names == ["title"]
    with opened(path) as file:
        assert file.metadata.num_rows == 2


def test_what_is_absent_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_columns(tmp_path / "none.parquet")


def test_a_damaged_page_is_found_where_it_is_looked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    write_rows(pa.table({"number": list(range(10_000))}), path)
    content = bytearray(path.read_bytes())
    content[1000] ^= 1
    path.write_bytes(content)
    with pytest.raises(OSError, match="CRC"):
        read_columns(path, is_checked=True)
