"""Read the columns of a Parquet file that audio features need, row by row."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import types

from harvest.errors import InputError
from harvest.sources.feature_rows import Row
from harvest.tables import opened

# Columns are read in pieces of this size, and none ahead: whole, they are as large as the file.
BUFFER_BYTES = 2**20
ROWS_AT_A_TIME = 10_000

_READABLE: Sequence[Callable[[pa.DataType], bool]] = (
    types.is_integer,
    types.is_floating,
    types.is_decimal,
    types.is_boolean,
    types.is_null,
    types.is_string,
    types.is_large_string,
    types.is_string_view,
    types.is_binary,
    types.is_large_binary,
)


def column_names(path: Path) -> list[str]:
    """List the columns whose cells are numbers or texts, in the file's order.

    Raises
    ------
    InputError
        The file cannot be read as Parquet.
    """
    with _reading(path) as file:
        return [field.name for field in file.schema_arrow if _is_readable(field.type)]


def read_rows(path: Path, names: Sequence[str]) -> Iterator[Row]:
    """Read some columns, which `column_names` listed; the cells of a row stand in that order.

    Raises
    ------
    InputError
        The file is damaged; the rows before the damage came already.
    """
    with _reading(path) as file:
        line = 1
        for batch in file.iter_batches(ROWS_AT_A_TIME, columns=list(names)):
            places = [batch.schema.names.index(name) for name in names]
            columns = [batch.column(place).to_pylist() for place in places]
            for cells in zip(*columns, strict=True):
                yield line, cells
                line += 1


def _is_readable(kind: pa.DataType) -> bool:
    inner = kind.value_type if types.is_dictionary(kind) else kind
    return any(is_kind(inner) for is_kind in _READABLE)


@contextmanager
def _reading(path: Path) -> Iterator[pq.ParquetFile]:
    try:
        with (
            opened(path) as raw,
            pq.ParquetFile(
                raw, page_checksum_verification=True, buffer_size=BUFFER_BYTES, pre_buffer=False
            ) as file,
        ):
            yield file
    except (pa.ArrowException, OSError, KeyError, ValueError) as error:
        reason = str(error).partition("\n")[0]
        raise InputError(f"cannot read {path}: {reason}; get the file again") from error
