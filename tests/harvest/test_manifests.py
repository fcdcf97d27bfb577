"""Whether tables are whole, by what is written down of them."""

import pytest

from harvest.manifests import (
    TABLES,
    FileStamp,
    Manifest,
    fingerprint_of,
    read_manifest,
)
from harvest.table_writer import publish, stamps, writers
from harvest.tables import SCHEMAS, fingerprint


@pytest.fixture
def folder(tmp_path):
    scratch = tmp_path / "tables" / ".parts"
    scratch.mkdir(parents=True)
    with writers(scratch):
        pass
    publish(scratch, tmp_path / "tables", Manifest("mpd.zip", "abc", {}, stamps(scratch)))
    scratch.rmdir()
    return tmp_path / "tables"


def test_the_tables_are_those_that_have_a_schema():
    assert set(TABLES) == set(SCHEMAS)


def test_the_fingerprint_is_that_of_the_tables(folder):
    manifest = read_manifest(folder)
    assert fingerprint_of(manifest) == fingerprint(folder)
    other = Manifest("", "", {}, manifest.files | {"tracks": FileStamp(1, "other")})
    assert fingerprint_of(other) != fingerprint(folder)


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b'{"schema_version": "x"}'])
def test_unreadable_manifest_counts_as_none(folder, content):
    (folder / "manifest.json").write_bytes(content)
    assert read_manifest(folder) is None


def test_manifest_of_another_schema_counts_as_none(folder):
    path = folder / "manifest.json"
    path.write_text(path.read_text().replace('"schema_version": 1', '"schema_version": 0'))
    assert read_manifest(folder) is None


def test_manifest_beside_a_table_of_another_size_counts_as_none(folder):
    assert read_manifest(folder) is not None
    with (folder / "tracks.parquet").open("ab") as file:
        file.write(b"more")
    assert read_manifest(folder) is None
