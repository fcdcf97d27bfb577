"""Turn the rows of a table into audio features; say of each row that is refused why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite
from operator import itemgetter

import msgspec

from harvest.records import AudioFeatures, require_finite
from harvest.sources.feature_columns import CHARACTERS_SHOWN, PLAIN, Column, Columns
from harvest.sources.feature_values import is_nothing, track_id
from harvest.texts.legible import printable

# `AudioFeatures` wants these to be named, though they may be unknown.
_NULLABLE = ("key", "mode")


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was not taken.

    Parameters
    ----------
    line : int
        Where it starts, from 1: the line of a CSV file, whose header is line 1; the row of a
        Parquet file.
    reason : str
        One line for people.
    """

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class FeaturePage:
    """Some rows of a file as records and rejects, each in the file's order."""

    records: Sequence[AudioFeatures]
    rejects: Sequence[Reject]


# Where a row starts, and its cells.
Row = tuple[int, Sequence[object]]


class RowReader:
    """Reads rows by the columns of one file.

    Parameters
    ----------
    columns : Columns
    has_decimal_comma : bool
        Whether 0,53 may stand for 0.53.

    Notes
    -----
    A page is converted at once. Only where that fails is each of its rows looked at alone, which
    also reads what the quick way leaves aside, such as blanks around a number.
    """

    def __init__(self, columns: Columns, *, has_decimal_comma: bool = False) -> None:
        self._ids = columns.ids
        self._columns = columns.features
        self._has_decimal_comma = has_decimal_comma
        self._pick = itemgetter(*(column.index for column in columns.features))
        self._fields = [column.field for column in columns.features]
        # Plain numbers are left to msgspec, which is quicker at them.
        self._readers = [
            (column.field, self._reader(column))
            for column in columns.features
            if column.unit is not PLAIN or has_decimal_comma
        ]
        self._unknown = {name: None for name in _NULLABLE if name not in self._fields}
        self._types = {
            each.encode_name: each.type for each in msgspec.structs.fields(AudioFeatures)
        }

    def read(self, rows: Sequence[Row | Reject]) -> FeaturePage:
        """Return what a page of rows holds; what is a reject already stays one."""
        try:
            return FeaturePage(self._read_at_once(rows), ())
        except ValueError:
            outcomes = [self._read_alone(row) for row in rows]
        return FeaturePage(
            [each for each in outcomes if isinstance(each, AudioFeatures)],
            [each for each in outcomes if isinstance(each, Reject)],
        )

    def _read_at_once(self, rows: Sequence[Row | Reject]) -> list[AudioFeatures]:
        """Return the record of every row; raise `ValueError` if one of them has none."""
        records = msgspec.convert(list(map(self._item, rows)), list[AudioFeatures], strict=False)
        for record in records:
            require_finite(record)
        return records

    def _item(self, row: Row | Reject) -> dict[str, object]:
        if isinstance(row, Reject):
            raise ValueError(row.reason)
        cells = row[1]
        item = dict(zip(self._fields, self._pick(cells), strict=True))
        for field, read in self._readers:
            item[field] = read(item[field])
        item["id"] = self._track_id(cells)
        item |= self._unknown
        return item

    def _track_id(self, cells: Sequence[object]) -> str:
        for column in self._ids:
            found = track_id(cells[column.index])
            if found:
                return found
        raise ValueError("no id")

    def _read_alone(self, row: Row | Reject) -> AudioFeatures | Reject:
        try:
            return self._read_at_once([row])[0]
        except ValueError:
            return row if isinstance(row, Reject) else self._read_slowly(*row)

    def _read_slowly(self, line: int, cells: Sequence[object]) -> AudioFeatures | Reject:
        """Read a row cell by cell, to find the one at which it fails."""
        try:
            item: dict[str, object] = self._unknown | {"id": self._track_id(cells)}
        except ValueError:
            return Reject(line, self._why_no_id(cells))
        for column in self._columns:
            try:
                item[column.field] = self._value(column, cells[column.index])
            except ValueError:
                return Reject(line, _why(column, cells[column.index]))
        return msgspec.convert(item, AudioFeatures)

    def _value(self, column: Column, cell: object) -> object:
        value = msgspec.convert(self._reader(column)(cell), self._types[column.field], strict=False)
        if isinstance(value, float) and not isfinite(value):
            raise ValueError(cell)
        return value

    def _reader(self, column: Column) -> Callable[[object], object]:
        read = column.unit.read
        if not (self._has_decimal_comma and column.unit.has_decimals):
            return read
        return lambda cell: read(cell.replace(",", ".") if isinstance(cell, str) else cell)

    def _why_no_id(self, cells: Sequence[object]) -> str:
        filled = [column for column in self._ids if not is_nothing(cells[column.index])]
        column = (filled or self._ids)[0]
        return _why(column, cells[column.index])


def _why(column: Column, cell: object) -> str:
    is_empty = cell is None or (isinstance(cell, str) and not cell.strip())
    found = "empty" if is_empty else f"'{printable(str(cell), CHARACTERS_SHOWN)}'"
    return f"{printable(column.name, CHARACTERS_SHOWN)} is {found}; expected {column.expected}"
