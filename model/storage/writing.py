"""Files of results, each there in full or not at all."""

import contextlib
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv

from model.errors import StorageError
from model.storage.whole_files import Writer, write_atomically

__all__ = [
    "GZIP_LEVEL",
    "Writer",
    "csv_writer",
    "json_writer",
    "results_folder",
    "rows_writer",
    "write_atomically",
]

GZIP_LEVEL = 6  # Level 9 takes three times as long for one byte in a hundred.


@contextlib.contextmanager
def results_folder(folder: Path, *, option: str = "--state") -> Iterator[Path]:
    """Make a folder for results, and explain why what is done with it fails.

    Parameters
    ----------
    folder : Path
    option : str
        By which another place is chosen.

    Raises
    ------
    StorageError
        If the folder or a file in it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
    except OSError as error:
        # A state is read as well: another one has to hold the same.
        other = "a copy of the state elsewhere, named" if option == "--state" else "another place"
        msg = (
            f"cannot write results to {folder} ({error.strerror or error}): free space or rights "
            f"are needed there, or {other} with {option}"
        )
        raise StorageError(msg) from error


def csv_writer(frame: pd.DataFrame) -> Writer:
    """Write a frame without its index; the same rows give the same bytes."""
    return lambda file: frame.to_csv(file, index=False)


def rows_writer(frame: pd.DataFrame) -> Writer:
    """Write very many rows without their index, compressed; the same rows give the same bytes.

    Whole numbers are written without a decimal point, whatever their type.
    """
    table = pa.Table.from_pandas(frame, preserve_index=False)
    options = pa_csv.WriteOptions(quoting_style="needed", quoting_header="none")

    def write(file: IO[bytes]) -> None:
        # No time of writing in the archive.
        with gzip.GzipFile("", "wb", GZIP_LEVEL, file, mtime=0) as archive:
            pa_csv.write_csv(table, archive, options)

    return write


def json_writer(value: object) -> Writer:
    """Write plain values as indented JSON."""
    text = json.dumps(value, indent=2) + "\n"
    return lambda file: file.write(text.encode())
