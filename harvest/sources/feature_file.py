"""Audio features that others gathered, in a CSV or a Parquet file.

Spotify closed its own to new apps; dumps and playlist exporters hold them for millions of tracks.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from harvest.errors import InputError
from harvest.sources import feature_csv, feature_parquet
from harvest.sources.feature_columns import count_known, find_columns
from harvest.sources.feature_rows import FeaturePage, Reject, Row, RowReader

PAGE_ROWS = 1000
PARQUET_MARK = b"PAR1"


def read_features(path: Path) -> Iterator[FeaturePage]:
    """Read the audio features of a file; its header is checked at once, its rows page by page.

    Parameters
    ----------
    path : Path
        CSV, with commas, semicolons or tabs, gzipped or not, or Parquet; the content decides, not
        the name.

    Returns
    -------
    iterator of FeaturePage
        Of about 1,000 rows each, in the file's order. A track that stands in it twice comes twice.

    Raises
    ------
    InputError
        The file cannot be read, or lacks a column that is needed. Where only its end is damaged:
        when the pages before that are through.
    """
    return _parquet_pages(path) if _is_parquet(path) else _csv_pages(path)


def _csv_pages(path: Path) -> Iterator[FeaturePage]:
    form = feature_csv.find_form(path, count_known)
    # Where a comma parts the fields it parts no decimals.
    reader = RowReader(find_columns(form.names, path), has_decimal_comma=form.delimiter != ",")
    return _pages(feature_csv.read_rows(path, form), reader)


def _parquet_pages(path: Path) -> Iterator[FeaturePage]:
    columns = find_columns(feature_parquet.column_names(path), path)
    names = list(dict.fromkeys(each.name for each in (*columns.ids, *columns.features)))
    return _pages(feature_parquet.read_rows(path, names), RowReader(find_columns(names, path)))


def _pages(rows: Iterable[Row | Reject], reader: RowReader) -> Iterator[FeaturePage]:
    source = iter(rows)
    while page := list(islice(source, PAGE_ROWS)):
        yield reader.read(page)


def _is_parquet(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(PARQUET_MARK)) == PARQUET_MARK
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error
