"""Chunks' tables -> the tables of the whole: songs get their numbers, ids become these."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TextIO

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from harvest.sources.msd_ids import IdNumbers, as_text
from harvest.sources.msd_parts import ID, Tables
from harvest.sources.msd_tables import MSD_SCHEMAS
from harvest.sources.numbering import Ids, first_rows
from harvest.sources.tag_counts import TagCounts
from harvest.table_writer import TableWriter

Mask = npt.NDArray[np.bool_]

FIRST_MALFORMED = 10


class SongNumbers:
    """Numbers of the songs: by first appearance.

    Parameters
    ----------
    ids : sequence of FixedSizeBinaryArray
        Of the songs of each chunk, in order.

    Attributes
    ----------
    distinct : FixedSizeBinaryArray
        A song's id at its number.
    """

    def __init__(self, ids: Sequence[pa.Array]) -> None:
        encoded = pa.concat_arrays([pa.array([], ID), *ids]).dictionary_encode()
        self.distinct = encoded.dictionary
        self._numbers: Ids = encoded.indices.to_numpy()
        self._is_first = np.zeros(len(self._numbers), bool)
        self._is_first[first_rows(self._numbers)] = True
        self._ends = np.cumsum([len(each) for each in ids])

    @property
    def n_duplicates(self) -> int:
        """Files whose song was met before."""
        return len(self._numbers) - len(self.distinct)

    def of_chunk(self, number: int) -> tuple[Ids, Mask]:
        """Return a chunk's songs' numbers, and which of them appear for the first time."""
        start = int(self._ends[number - 1]) if number else 0
        rows = slice(start, int(self._ends[number]))
        return self._numbers[rows], self._is_first[rows]


class Merger:
    """Writes chunk after chunk.

    Parameters
    ----------
    writers : mapping of str to TableWriter
        By table name.
    numbers : SongNumbers
    ids : IdNumbers
        Of `numbers.distinct`.
    malformed : file
        Takes CSV: input, file, reason.
    page_similars : int
        Rows of similars to look up together.

    Attributes
    ----------
    tags : TagCounts
        Rows of each clean tag; those of which nothing is left are counted under "".
    n_malformed : int
    first_malformed : list of str

    Notes
    -----
    Stays in memory: the songs' ids and numbers (22 bytes a song), the tags' counts, and `ids`.
    """

    def __init__(
        self,
        writers: Mapping[str, TableWriter],
        numbers: SongNumbers,
        ids: IdNumbers,
        malformed: TextIO,
        *,
        page_similars: int,
    ) -> None:
        self.tags = TagCounts()
        self.n_malformed = 0
        self.first_malformed: list[str] = []
        self._writers = writers
        self._numbers = numbers
        self._ids = ids
        self._page_similars = page_similars
        self._malformed = csv.writer(malformed, lineterminator="\n")
        self._malformed.writerow(["input", "file", "reason"])

    def add_all(self, chunks: Iterable[tuple[str, Tables]]) -> Iterator[int]:
        """Add all chunks, then what is only named.

        Parameters
        ----------
        chunks : iterable of (input's name, tables)

        Yields
        ------
        int
            How many chunks were added.
        """
        n_added = 0
        for page in _pages(chunks, self._page_similars):
            similars = [self._add_songs(n_added + at, *each) for at, each in enumerate(page)]
            self._add_similars(pa.concat_tables(similars))
            n_added += len(page)
            yield n_added
        self._add_named()

    def _add_songs(self, number: int, name: str, tables: Tables) -> pa.Table:
        """Write a chunk's songs and tags; return its similars, still by id."""
        self._note_malformed(name, tables["malformed"])
        numbers, is_first = self._numbers.of_chunk(number)
        songs = tables["songs"].append_column("track_id", pa.array(numbers))
        tags = _owned(tables["tags"], numbers, is_first, songs["n_tags"])
        self._append("lastfm_tag", tags)
        self.tags.add(tags["clean_tag"])
        new = songs if is_first.all() else songs.filter(pa.array(is_first))
        self._append("lastfm_track", new.append_column("msd_id", as_text(new["id"])))
        return _owned(tables["similars"], numbers, is_first, songs["n_similars"])

    def _add_similars(self, similars: pa.Table) -> None:
        numbers = self._ids.number(similars["id"].combine_chunks())
        self._append("lastfm_similar", similars.append_column("similar_id", pa.array(numbers)))

    def _add_named(self) -> None:
        start = len(self._numbers.distinct)
        ids = as_text(self._ids.others())
        columns = {
            "track_id": np.arange(start, start + len(ids), dtype=np.int32),
            "msd_id": ids,
        }
        empty = pa.nulls(len(ids), pa.string())
        rest = dict.fromkeys(("artist", "title", "timestamp"), empty)
        self._append("lastfm_track", pa.table(columns | rest))

    def _note_malformed(self, name: str, found: pa.Table) -> None:
        for each in found.to_pylist():
            self._malformed.writerow([name, each["file"], each["reason"]])
            if len(self.first_malformed) < FIRST_MALFORMED:
                self.first_malformed.append(f"{name}: {each['file']} {each['reason']}")
        self.n_malformed += found.num_rows

    def _append(self, name: str, table: pa.Table) -> None:
        schema = MSD_SCHEMAS[name]
        self._writers[name].append(table.select(schema.names).cast(schema))


def _pages(
    chunks: Iterable[tuple[str, Tables]], page_similars: int
) -> Iterator[list[tuple[str, Tables]]]:
    """Put chunks together until they have so many similars."""
    page: list[tuple[str, Tables]] = []
    n_similars = 0
    for name, tables in chunks:
        page.append((name, tables))
        n_similars += tables["similars"].num_rows
        if n_similars >= page_similars:
            yield page
            page, n_similars = [], 0
    if page:
        yield page


def _owned(table: pa.Table, numbers: Ids, is_first: Mask, lengths: pa.ChunkedArray) -> pa.Table:
    """Give the rows of each song its number; drop those of songs that were met before."""
    repeats = lengths.to_numpy()
    owned = table.append_column("track_id", pa.array(np.repeat(numbers, repeats)))
    return owned if is_first.all() else owned.filter(pa.array(np.repeat(is_first, repeats)))
