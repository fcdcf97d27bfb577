"""Tables whose header says nothing, or that have none, with Spotify's ids in a column.

Which column that is can be seen in its cells. Which of the others holds titles cannot, so these
are left to `harvest resolve`, which asks Spotify for the names.
"""

import re
from collections.abc import Iterator, Sequence
from io import StringIO
from itertools import islice

from harvest.sources.csv_records import CsvForm, alone, records
from harvest.sources.feature_csv import DELIMITERS
from harvest.sources.feature_rows import Reject
from harvest.sources.lists.entries import Entry, Listed, Tracks
from harvest.sources.lists.readings import Reading
from harvest.sources.lists.references import reference

LOOKED_AT = 1000  # rows that tell which column it is
NOTE = "no header says what its columns are; Spotify's ids are read, nothing else"
ROWS = "rows"

LEAST_BARE = 2  # ids alone; a single word of 22 letters and digits may be anything
_BARE = re.compile(r"[0-9A-Za-z]{22}", re.ASCII)
_DIGIT = re.compile(r"[0-9]")
_HINT = re.compile(rf"spotify[:.]|\b{_BARE.pattern}\b", re.ASCII)

Cells = Sequence[str]


def read_unnamed(text: str, *, name: str) -> Reading | None:
    r"""Read the one column that holds nothing but Spotify's ids, URIs or addresses.

    Parameters
    ----------
    text : str
        Of the whole file; its first line may be a header.
    name : str
        Of the playlist.

    Returns
    -------
    Reading or None
        None where no column is such, or more than one.

    Examples
    --------
    >>> reading = read_unnamed("Nude,spotify:track:4uLU6hMCjMI75M1A2tKUQC\n", name="x")
    >>> reading.playlists[0].tracks[0].track_uri
    'spotify:track:4uLU6hMCjMI75M1A2tKUQC'
    >>> read_unnamed("Radiohead,Nude\n", name="x") is None
    True
    """
    if not _HINT.search(text):
        return None
    for form in _forms(text):
        column = _column([cells for cells in islice(_rows(text, form), LOOKED_AT) if cells])
        if column is not None:
            return _reading(text, form, column, name)
    return None


def _forms(text: str) -> Iterator[CsvForm]:
    """Yield how the text may be written, the ways that give the most columns first."""
    first = next((line for line in StringIO(text, newline="") if line.strip()), "")
    forms = [CsvForm(mark, alone(first, CsvForm(mark, ())), 0) for mark in DELIMITERS]
    yield from sorted(forms, key=lambda form: -len(form.names))


def _rows(text: str, form: CsvForm) -> Iterator[Cells | None]:
    """Yield the cells of each row, None for one that cannot be read."""
    for row in records(StringIO(text, newline=""), form):
        yield None if isinstance(row, Reject) else [str(cell).strip() for cell in row[1]]


def _column(rows: Sequence[Cells]) -> int | None:
    """Return the place of the only column of ids; the first row may be a header."""
    places = [at for at in range(len(rows[0]) if rows else 0) if _are_ids([r[at] for r in rows])]
    return places[0] if len(places) == 1 else None


def _are_ids(column: Cells) -> bool:
    """Say so where all cells below the first are ids or empty; long words are without digits."""
    ids = [cell for cell in column if _is_id(cell)]
    if not ids or sum(map(bool, column[1:])) > sum(map(_is_id, column[1:])):
        return False
    bare = [cell for cell in ids if _BARE.fullmatch(cell)]
    return not bare or (len(ids) >= LEAST_BARE and any(map(_DIGIT.search, bare)))


def _is_id(cell: str) -> bool:
    return reference(cell, may_be_bare=True) is not None


def _reading(text: str, form: CsvForm, column: int, name: str) -> Reading:
    tracks, n_unreadable = Tracks(), 0
    for number, cells in enumerate(_rows(text, form)):
        if cells is None:
            n_unreadable += 1
        elif number or not cells[column] or _is_id(cells[column]):
            tracks.add(Entry(references=(cells[column],), may_be_bare=True))
    reading = Reading([Listed(name=name, tracks=tracks.found)], notes=[NOTE])
    reading.count(tracks)
    if n_unreadable:
        reading.tallies[ROWS] += n_unreadable
    return reading
