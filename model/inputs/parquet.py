"""Opens Parquet files, whatever bytes their names are made of."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq


@contextmanager
def opened(path: Path) -> Iterator[pq.ParquetFile]:
    """Open a file for pyarrow, which by itself takes no name that is not UTF-8.

    Raises
    ------
    OSError, pyarrow.ArrowException
        If it is absent, or no Parquet.
    """
    with pa.OSFile(os.fsencode(path)) as raw, pq.ParquetFile(raw) as file:
        yield file


def column_names(path: Path) -> list[str]:
    """Name the columns of a file; raises as `opened`."""
    with opened(path) as file:
        names: list[str] = file.schema_arrow.names
    return names


def read_columns(
    path: Path, columns: Sequence[str] | None = None, *, is_checked: bool = False
) -> pa.Table:
    """Read columns of a file, all unless they are named.

    Parameters
    ----------
    path : Path
    columns : sequence of str, optional
    is_checked : bool
        Whether pages are held against their checksums.

    Raises
    ------
    OSError, pyarrow.ArrowException
        If it is absent, no Parquet, or damaged.
    """
    wanted = None if columns is None else list(columns)
    with pa.OSFile(os.fsencode(path)) as raw:
        return pq.read_table(raw, columns=wanted, page_checksum_verification=is_checked)


def write_rows(table: pa.Table, path: Path) -> None:
    """Write a table, with a checksum of each page."""
    with pa.OSFile(os.fsencode(path), "wb") as raw:
        pq.write_table(table, raw, write_page_checksum=True)
