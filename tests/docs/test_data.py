"""docs/data.md names the tables and columns that there are, and no others."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from harvest.matching.files import MATCHES_SCHEMA
from harvest.sources.msd_tables import MSD_SCHEMAS
from harvest.tables import SCHEMAS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
INTERNAL = {"track", "job", "run", "day"}
"""Tables of harvest.db that data.md leaves to schema.sql."""


class Column(NamedTuple):
    """What a row of a table of data.md says of one column."""

    table: str
    name: str
    kind: str


@pytest.mark.parametrize("table", SCHEMAS)
def test_columns_of_the_playlists_tables_are_described_with_their_types(table):
    said = {each.name: each.kind for each in _columns("`state/tables/") if each.table == table}
    assert said == {field.name: _kind(field) for field in SCHEMAS[table]}


@pytest.mark.parametrize("table", MSD_SCHEMAS)
def test_columns_of_the_song_datasets_tables_are_described_with_their_types(table):
    section = list(_columns("`state/msd/"))
    said = {each.name: each.kind for each in section if each.table == f"{table}.parquet"}
    assert said == {field.name: _kind(field) for field in MSD_SCHEMAS[table]}


def test_columns_of_matches_are_described_with_their_types():
    section = list(_columns("`state/msd/"))
    said = {each.name: each.kind for each in section if each.table == "matches.parquet"}
    bare = {name: kind.removesuffix(", nullable") for name, kind in said.items()}
    assert bare == {
        field.name: str(field.type).replace("float", "float32") for field in MATCHES_SCHEMA
    }


def test_tables_and_columns_of_the_store_are_described():
    said: dict[str, set[str]] = {}
    for column in _columns("`state/harvest.db`"):
        said.setdefault(column.table, set()).add(column.name)
    internal = {"track_id"} if "track_id" not in said["audio_features"] else set()
    assert said == {
        name: columns - internal for name, columns in _schema().items() if name not in INTERNAL
    }


def test_tables_that_are_left_to_the_schema_are_named():
    assert set(_schema()) >= INTERNAL
    assert not [name for name in INTERNAL if f"`{name}`" not in _section("`state/harvest.db`")]


def test_every_stage_that_leaves_an_artifact_has_its_files_described():
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "model").rglob("*.py"))
    made = set(re.findall(r'(?:workspace\.make\(\s*|[^>]Recipe\(\s*stage=)"(\w+)"', sources))
    rows = [line.split("|")[1] for line in _section("`state/model/").splitlines() if "|" in line]
    described = {name for cell in rows for name in re.findall(r"`(\w+)`", cell)}
    assert {"corpus", "library", "comparison"} <= made
    assert made == described


def _schema() -> dict[str, set[str]]:
    """Return the columns of each table that `schema.sql` makes."""
    database = sqlite3.connect(":memory:")
    database.executescript(
        (ROOT / "harvest" / "database" / "schema.sql").read_text(encoding="utf-8")
    )
    names = [
        name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
    ]
    columns = {name: database.execute(f"PRAGMA table_info({name})").fetchall() for name in names}
    database.close()
    return {name: {row[1] for row in rows} for name, rows in columns.items()}


def _kind(field) -> str:
    kind = {"float": "float32", "double": "float64"}.get(str(field.type), str(field.type))
    return f"{kind}, nullable" if field.nullable else kind


def _section(title: str) -> str:
    """Return the part of data.md below the heading that begins so."""
    (found,) = [
        part for part in re.split(r"^## ", PAGE, flags=re.MULTILINE) if part.startswith(title)
    ]
    return found


def _columns(title: str) -> Iterator[Column]:
    """Read a section's table; a row without a table's name belongs to the one above.

    A row may name several columns, with one type for all of them, or one each.
    """
    table = ""
    for line in _section(title).splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if not line.startswith("|") or cells[0] in {"table", "file", "---"}:
            continue
        table = cells[0].strip("`") or table
        names = [name for quoted in re.findall(r"`([^`]+)`", cells[1]) for name in quoted.split()]
        kinds = cells[2].split(", ")
        shared = len(kinds) != len(names) or "nullable" in kinds
        for name, kind in zip(names, [cells[2]] * len(names) if shared else kinds, strict=True):
            yield Column(table, name, kind)
