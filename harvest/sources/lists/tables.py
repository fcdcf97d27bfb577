"""Playlists in CSV: Exportify's, whose columns have changed over the years, and others like it.

https://github.com/watsonbox/exportify and https://github.com/pavelkomarov/exportify. A column is
found by its name, see `headers`.
"""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from pathlib import Path

from harvest.errors import InputError
from harvest.records import AudioFeatures
from harvest.sources.csv_records import CsvForm, records
from harvest.sources.feature_columns import find_columns
from harvest.sources.feature_csv import HEAD_BYTES, best_form
from harvest.sources.feature_rows import Reject, Row, RowReader
from harvest.sources.feature_values import clock, is_nothing, milliseconds
from harvest.sources.lists.artists import artists_in
from harvest.sources.lists.entries import Entry, Listed, Tracks
from harvest.sources.lists.exportify import in_english
from harvest.sources.lists.headers import Columns, columns_of, name_tracks, what_is_wanted
from harvest.sources.lists.readings import BrokenFileError, NoPlaylistError, Reading
from harvest.sources.lists.texts import unix_seconds

PAGE_ROWS = 1000
MOST_COLUMNS = 1000
MOST_ABOVE = 5  # lines above a header
ROWS = "rows"
FEATURES = "features"

# What a program writes for what is undefined in it.
_NOTHING = frozenset({"", "null", "undefined", "none", "nan", "n/a"})
_LINE_END = re.compile(r"\r\n|\r|\n")
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_ID = re.compile(r"[0-9A-Za-z]{22}", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Line:
    """A row by what its cells are."""

    columns: Columns
    cells: Sequence[str]

    def all(self, field: str) -> list[str]:
        """Return what the columns of a field hold, in their order."""
        return [cell for cell in self._cells(field) if cell.casefold() not in _NOTHING]

    def one(self, field: str) -> str:
        """Return what the preferred column of a field holds, empty where none does."""
        return next(iter(self.all(field)), "")

    def names(self) -> tuple[str, str]:
        """Return title and artist; beside a name a word for nothing is one, as in "None" by X."""
        title, artist = self.one("title"), self.one("artist")
        if title and not artist:
            artist = next(iter(self._cells("artist")), "")
        elif artist and not title:
            title = next(iter(self._cells("title")), "")
        return title, artist

    def _cells(self, field: str) -> list[str]:
        cells = (self.cells[index].strip() for index in self.columns[field])
        return [cell for cell in cells if cell]


def read_table(text: str, *, name: str) -> Reading:
    """Read the playlist, or playlists, of a table.

    Parameters
    ----------
    text : str
        Of the whole file; between its fields stand commas, semicolons, tabs or bars.
    name : str
        Of the playlist, where no column says otherwise.

    Returns
    -------
    Reading
        With the audio features of the rows that have them whole.

    Raises
    ------
    BrokenFileError
        It is no table that can be read.
    NoPlaylistError
        No column names tracks: neither their ids, nor artist and title.
    """
    text, form = _form(text)
    form = _in_english(text, form)
    columns = columns_of(form.names)
    if not name_tracks(columns):
        reason = (
            f"it is text, and neither a playlist nor a table of one{what_is_wanted(form.names)}"
        )
        raise NoPlaylistError(reason)
    rows = list(records(StringIO(text, newline=""), form))
    reading = Reading(notes=[] if rows else ["it has a header, and no row below it"])
    gathered: dict[str, tuple[Tracks, list[int]]] = {}
    for row in rows:
        if isinstance(row, Reject):
            reading.tallies[ROWS] += 1
            continue
        line = _Line(columns, [str(cell) for cell in row[1]])
        tracks, added_at = gathered.setdefault(line.one("playlist") or name, (Tracks(), [0]))
        tracks.add(_entry(line))
        added_at.append(unix_seconds(line.one("added_at")))
    if not gathered:
        gathered[name] = Tracks(), [0]
    for title, (tracks, added_at) in gathered.items():
        listed = Listed(name=title, tracks=tracks.found, modified_at=max(added_at))
        reading.playlists.append(listed)
        reading.count(tracks)
    reading.features, n_refused = _features(rows, form)
    reading.tallies += Counter({FEATURES: n_refused})  # which leaves no count of none
    return reading


def _form(text: str) -> tuple[str, CsvForm]:
    """Find what stands between the fields; Excel may say so in a line before the header."""
    said = _SEPARATOR_LINE.match(text)
    text = text[said.end() :] if said else text
    try:
        form = _best_form(text)
        if not name_tracks(columns_of(form.names)):
            return _below_heading(text) or (text, form)
        return text, form
    except csv.Error as error:
        raise BrokenFileError(f"it is no table that can be read: {error}") from error


def _below_heading(text: str) -> tuple[str, CsvForm] | None:
    """Look for a header below lines of another kind, such as Shazam's "Shazam Library"."""
    for line_end in islice(_LINE_END.finditer(text[:HEAD_BYTES]), MOST_ABOVE):
        rest = text[line_end.end() :]
        with suppress(csv.Error):
            form = _best_form(rest)
            columns = columns_of(form.names)
            if columns["title"] and columns["artist"]:
                return rest, form
    return None


def _best_form(text: str) -> CsvForm:
    return best_form(text[:HEAD_BYTES], _likelihood)


def _likelihood(names: Sequence[str]) -> int:
    """Return a number that is greater for more columns that are known, then for more columns."""
    n_known = sum(map(bool, columns_of(names).values()))
    return n_known * MOST_COLUMNS + min(len(names), MOST_COLUMNS - 1)


def _in_english(text: str, form: CsvForm) -> CsvForm:
    """Give a header in another language the names that are known."""
    columns = columns_of(form.names)
    if all(columns[field] for field in ("reference", "title", "artist")):
        return form
    rows = records(StringIO(text[:HEAD_BYTES], newline=""), form)
    cells = [[str(cell) for cell in row[1]] for row in rows if not isinstance(row, Reject)]
    return CsvForm(form.delimiter, in_english(form.names, cells), form.n_lines)


def _entry(line: _Line) -> Entry:
    artist_uris = [uri for uri in re.split(r"[,;]\s*", line.one("artist_uri")) if uri]
    title, artist = line.names()
    n_artists = 1 if artist == line.one("first_artist") else len(artist_uris)
    return Entry(
        references=tuple(line.all("reference")),
        title=title,
        artist=artists_in(artist, n_artists=n_artists)[0],
        album=line.one("album"),
        artist_uri=_uri("artist", artist_uris[0] if artist_uris else ""),
        album_uri=_uri("album", line.one("album_uri")),
        duration_ms=_quietly(milliseconds, line.one("duration")) or clock(line.one("length")) or 0,
        may_be_bare=True,
    )


def _uri(kind: str, text: str) -> str:
    """Return an artist's or album's URI, of one or of an id; empty where it is neither."""
    found = _ID.fullmatch(text.removeprefix(f"spotify:{kind}:"))
    return f"spotify:{kind}:{found[0]}" if found else ""


def _quietly(read: Callable[[object], int | None], cell: str) -> int:
    try:
        return read(cell) or 0
    except ValueError:
        return 0


def _features(rows: Sequence[Row | Reject], form: CsvForm) -> tuple[list[AudioFeatures], int]:
    """Read the audio features of the rows that have them; return also how many cannot be used.

    Most of Exportify's layouts have none, nor have some of the rows of those that do.
    """
    try:
        columns = find_columns(form.names, Path())
    except InputError:
        return [], 0
    reader = RowReader(columns, has_decimal_comma=form.delimiter != ",")
    sound = [row for row in rows if not isinstance(row, Reject)]
    pages = [reader.read(page) for page in _pages(sound)]
    places = [column.index for column in columns.features if column.field != "duration_ms"]
    refused, cells = (reject.line for page in pages for reject in page.rejects), dict(sound)
    n_refused = sum(not all(is_nothing(cells[line][at]) for at in places) for line in refused)
    return [record for page in pages for record in page.records], n_refused


def _pages(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    return (rows[start : start + PAGE_ROWS] for start in range(0, len(rows), PAGE_ROWS))
