"""The tracks of own playlists whose Spotify id was not found exactly, for people to look at."""

import csv
from collections.abc import Iterator
from pathlib import Path

from harvest.database.file_errors import unwritable
from harvest.store import Store
from harvest.whole_files import whole_text

FILE_NAME = "unresolved.csv"
COLUMNS = ("artist", "title", "state", "why")

_LEFT = """
    SELECT artist, title, state, error FROM task JOIN track USING (track_id)
    WHERE job = 'ids' AND seq >= 0 AND state IN ('missing', 'dead') ORDER BY seq
"""


def write_unresolved(state: Path) -> tuple[Path, int]:
    """List them in a file, whole or not at all.

    Parameters
    ----------
    state : Path
        Holds harvest.db; the file is made beside it.

    Returns
    -------
    path : Path
        Absent where there are none.
    n_tracks : int

    Raises
    ------
    StorageError
        It cannot be written.
    """
    path, rows = state / FILE_NAME, list(_rows(state))
    try:
        if rows:
            _write(path, rows)
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise unwritable(path, error) from error
    return path, len(rows)


def _rows(state: Path) -> Iterator[tuple[str, ...]]:
    store = Store.peek(state)
    if store:
        with store:
            yield from store.rows(_LEFT)


def _write(path: Path, rows: list[tuple[str, ...]]) -> None:
    with whole_text(path) as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(rows)
