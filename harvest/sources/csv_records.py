"""The rows of a CSV text one by one, each with the line at which it starts.

A quote that nothing closes makes one cell of all lines up to the next quote. Where the lines that
it joins are rows, it is taken for a character like any other, and they are read one by one.
"""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import chain
from typing import TextIO

from harvest.sources.feature_rows import Reject, Row

LONGEST_LINE = 2**20
LEAST_DELIMITERS = 3  # fewer may stand in a text of some lines just as they would in rows
HALF, ALL_OF_TEN = 0.5, 0.9


@dataclass(frozen=True, slots=True)
class CsvForm:
    """How a CSV file is written.

    Attributes
    ----------
    delimiter : str
        What stands between its fields.
    names : sequence of str
        Its header.
    n_lines : int
        From the first line to the end of the header.
    """

    delimiter: str
    names: Sequence[str]
    n_lines: int = 1


def find_header(text: str, delimiter: str, count_known: Callable[[Sequence[str]], int]) -> CsvForm:
    """Find the header of a text; see `records` for a quote that it leaves open.

    Parameters
    ----------
    text : str
        The beginning of it.
    delimiter : str
    count_known : callable
        Says how many of some names are known.

    Raises
    ------
    csv.Error
        It cannot be read.
    """
    lines, form = StringIO(text, newline=""), CsvForm(delimiter, ())
    numbered = enumerate(lines, start=1)
    n, first = next((each for each in numbered if not _is_empty(each[1], form)), (0, ""))
    single = CsvForm(delimiter, alone(first, form), n)
    reader = csv.reader(chain([first], lines), delimiter=delimiter)
    try:
        joined = CsvForm(delimiter, next(reader, []), n - 1 + reader.line_num)
    except csv.Error:  # what is joined may be too long
        if not count_known(single.names):
            raise
        return single
    return max(joined, single, key=lambda form: count_known(form.names))


def records(text: TextIO, form: CsvForm) -> Iterator[Row | Reject]:
    """Read the rows of a text that stand behind its header.

    Empty lines, and those of delimiters alone, are passed over. However many quotes are left open,
    a line is looked at a few times at most.
    """
    for _ in range(form.n_lines):
        _pass_over(text)
    source, line, n_fields = _Source(text, form), form.n_lines + 1, len(form.names)
    while source.advance():
        if source.is_torn:
            rows = source.put_last_back()
            found = [_row(n, [row], alone(row, form), form) for n, row in enumerate(rows, line)]
            yield from (row for row in found if row)
            line += len(rows)
            continue
        row: Row | Reject | None = (line, source.cells)
        if source.is_faulty or len(source.cells) != n_fields or not any(source.cells):
            row = _row(line, source.lines, source.cells, form, source.reason)
        line += len(source.lines)
        if row:
            yield row


def alone(line: str, form: CsvForm) -> list[str]:
    r"""Return the fields of a line by itself; a quote that it leaves open is a character.

    >>> form = CsvForm(",", ["artist", "title", "year"])
    >>> alone('"Bowie, David","Heroes,1977\n', form)
    ['Bowie, David', '"Heroes', '1977']
    """
    reader = csv.reader([line, ""], delimiter=form.delimiter)
    try:
        cells = next(reader)
    except csv.Error:
        return []
    if reader.line_num == 1:
        return cells
    *before, rest = cells
    return [*before, *f'"{rest}'.rstrip("\r\n").split(form.delimiter)]


class _Source:
    """Goes from record to record.

    Attributes
    ----------
    lines : list of str
        Of this record, as quotes join them.
    cells : list of str
        Empty where it cannot be read.
    reason : str
        Why not.
    is_torn : bool
        Whether its lines are rows of their own.
    is_faulty : bool
        Whether anything may be wrong with the characters of its lines.
    """

    def __init__(self, text: TextIO, form: CsvForm) -> None:
        self.lines: list[str] = []
        self.cells: list[str] = []
        self.reason = ""
        self.is_torn = self.is_faulty = False
        self._text = text
        self._form = form
        self._start()

    def advance(self) -> bool:
        """Read a record; return whether there was one."""
        self.lines.clear()
        self.reason, self.is_torn, self.is_faulty = "", False, False
        try:
            self.cells = next(self._reader)
        except StopIteration:
            return False
        except csv.Error:
            self._read_malformed()
        else:
            if len(self.lines) > 1:
                self.is_torn = self._are_rows(fits=self._fits(), is_sound=True)
        return True

    def put_last_back(self) -> list[str]:
        """Return the lines of this record but the last, at which the next one begins.

        It had a quote, or the text ended: it may be the first of lines that are one row.
        """
        *rows, last = self.lines
        self._start(last)
        return rows

    def _start(self, first: str = "") -> None:
        self._rest = self._read(first)
        self._reader = csv.reader(self._rest, delimiter=self._form.delimiter, strict=True)

    def _read(self, first: str) -> Iterator[str]:
        """Yield the lines, of which the longest are cut."""
        if first:
            self.is_faulty = bool(_fault(first))
            self.lines.append(first)
            yield first
        while line := self._text.readline(LONGEST_LINE):
            if len(line) == LONGEST_LINE or "\0" in line or not _is_utf8(line):
                self.is_faulty = True
                if _is_cut(line):
                    _pass_over(self._text)
            self.lines.append(line)
            yield line

    def _read_malformed(self) -> None:
        """Read what goes on behind a closing quote, never ends, or is too long."""
        self.is_torn = self._are_rows(fits=True, is_sound=False)
        if self.is_torn:
            return
        joined = chain(self.lines.copy(), self._rest)
        try:
            self.cells = next(csv.reader(joined, delimiter=self._form.delimiter))
        except csv.Error as error:
            self.cells, self.reason = [], f"cannot be read: {error}"
        self.is_torn = self._are_rows(fits=self._fits(), is_sound=False)

    def _fits(self) -> bool:
        return len(self.cells) == len(self._form.names)

    def _are_rows(self, *, fits: bool, is_sound: bool) -> bool:
        """Say whether most lines have as many fields as the header.

        Where together they fit too, the first and the last have to be among them, and they must
        not look like prose; where nothing is wrong with them together, all of ten are wanted.
        """
        lines = [line for line in self.lines if line.strip()]
        n_delimiters = len(lines) * (len(self._form.names) - 1)
        if len(lines) <= 1 or (fits and is_sound and n_delimiters < LEAST_DELIMITERS):
            return False
        if not fits:
            return self._share(lines[:-1]) > HALF
        are_ends = self._is_row(lines[0]) and self._is_row(lines[-1])
        wanted = ALL_OF_TEN if is_sound else HALF
        return are_ends and not self._are_prose(lines) and self._share(lines) > wanted

    def _share(self, lines: Sequence[str]) -> float:
        """Return the share of lines that are rows."""
        return sum(map(self._is_row, lines)) / len(lines)

    def _are_prose(self, lines: Sequence[str]) -> bool:
        """Say whether a space follows a delimiter in most lines, and none does in the header."""
        n_spaced = sum(f"{self._form.delimiter} " in line for line in lines)
        return n_spaced > HALF * len(lines) and not any(n.startswith(" ") for n in self._form.names)

    def _is_row(self, line: str) -> bool:
        n_fields = len(self._form.names)
        if line.count(self._form.delimiter) + 1 < n_fields:  # which is quickly seen
            return False
        return len(alone(line, self._form)) == n_fields


def _is_empty(line: str, form: CsvForm) -> bool:
    """Say whether a line is of delimiters alone; one that cannot be read is not."""
    cells = alone(line, form)
    return not any(cells) if cells else not line.strip()


def _pass_over(text: TextIO) -> None:
    """Read to the end of a line."""
    while line := text.readline(LONGEST_LINE):
        if line.endswith(("\r", "\n")):
            return


def _row(
    line: int, lines: Sequence[str], cells: list[str], form: CsvForm, reason: str = ""
) -> Row | Reject | None:
    """Return what some lines say, None where that is nothing."""
    fault = next(filter(None, map(_fault, lines)), "")
    if not (fault or reason or any(cells)):
        return None
    over = f" over {len(lines):,} lines" if len(lines) > 1 else ""
    if not fault and reason:
        fault = f"{reason}{over}; is a quote left open?"
    elif not fault and len(cells) != len(form.names):
        hint = f"{over}; is a quote left open?" if over else ""
        fault = f"has {len(cells):,} fields, the header {len(form.names):,}{hint}"
    return Reject(line, fault) if fault else (line, cells)


def _fault(line: str) -> str:
    if _is_cut(line):
        return f"is longer than {LONGEST_LINE:,} characters"
    if "\0" in line:
        return "holds a NUL byte"
    return "" if _is_utf8(line) else "is not UTF-8"


def _is_cut(line: str) -> bool:
    return len(line) == LONGEST_LINE and not line.endswith(("\r", "\n"))


def _is_utf8(line: str) -> bool:
    """Say whether no byte of a line had to be smuggled in as half a surrogate pair."""
    if line.isascii():
        return True
    try:
        line.encode()
    except UnicodeEncodeError:
        return False
    return True
