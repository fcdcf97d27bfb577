"""Slices -> part files: each holds its slice's tables."""

import json
from collections import Counter
from collections.abc import Collection, Generator, Sequence
from dataclasses import fields
from pathlib import Path

from harvest.sources import part_files
from harvest.sources.mpd_input import Slice, read_slice
from harvest.sources.mpd_slice import SliceTables, slice_tables

PART_VERSION = 1

_TABLES = [field.name for field in fields(SliceTables) if field.name != "tallies"]
_TALLIES = b"tallies"


def part_path(directory: Path, source: Slice) -> Path:
    """Where a slice's part lies."""
    return part_files.part_path(directory, source.fingerprint, version=PART_VERSION)


def parse(source: Slice, *, known_pids: Collection[int] = ()) -> SliceTables:
    """Read a slice and turn it into tables, leaving out the playlists met before."""
    return slice_tables(read_slice(source), name=source.name, known_pids=known_pids)


def parts(slices: Sequence[Slice], directory: Path, *, workers: int) -> Generator[SliceTables]:
    """Yield each slice's tables in order; make the parts that are missing.

    Parameters
    ----------
    slices : sequence of Slice
        In the order wanted.
    directory : Path
        Of the part files.
    workers : int
        Processes that parse, see `part_files.make_parts`.

    Yields
    ------
    SliceTables
        Of a part that is damaged, made again.

    Raises
    ------
    InputError
        A slice is not usable.
    Postponed
        A worker process was killed.
    """
    paths = [part_path(directory, each) for each in slices]
    made = part_files.make_parts(slices, paths, make_part, workers=workers)
    for source, path in zip(slices, made, strict=True):
        yield read_part(path) or make_part(source, path)


def make_part(source: Slice, path: Path) -> SliceTables:
    """Parse a slice, and write its part."""
    tables = parse(source)
    note = {_TALLIES: json.dumps(tables.tallies)}
    named = {name: getattr(tables, name).replace_schema_metadata(note) for name in _TABLES}
    part_files.write_part(path, named)
    return tables


def read_part(path: Path) -> SliceTables | None:
    """Read a part; None where it does not exist or is damaged."""
    tables = part_files.read_part(path, _TABLES)
    if tables is None:
        return None
    tallies = json.loads(tables[_TABLES[0]].schema.metadata[_TALLIES])
    return SliceTables(**tables, tallies=Counter(tallies))
