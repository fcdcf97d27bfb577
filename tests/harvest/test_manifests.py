"""Whether tables are whole, by what is written down of them."""

import msgspec
import pytest

from harvest.manifests import (
    TABLES,
    FileStamp,
    Manifest,
    damage,
    fingerprint_of,
    own_playlists,
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


def rewrite_manifest(folder, old, new):
    path = folder / "manifest.json"
    path.write_text(path.read_text().replace(old, new))


def test_whole_tables_and_none_at_all_are_not_damaged(folder, tmp_path):
    assert damage(folder) is None
    assert damage(tmp_path / "nowhere") is None


@pytest.mark.parametrize("content", [b"", b'{"input_name": "mpd.z', b"{}", b"[]", b"\xff"])
def test_an_unreadable_manifest_is_named_as_damaged(folder, content):
    (folder / "manifest.json").write_bytes(content)
    assert damage(folder) == f"{folder}/manifest.json is damaged"


def test_a_manifest_that_may_not_be_read_is_named(folder):
    (folder / "manifest.json").unlink()
    (folder / "manifest.json").mkdir()
    assert damage(folder) == f"{folder}/manifest.json cannot be read: Is a directory"


def test_tables_without_their_manifest_are_damaged(folder):
    (folder / "manifest.json").unlink()
    assert damage(folder) == f"{folder}/manifest.json is missing beside its tables"


def test_another_version_is_named_whatever_else_stands_in_the_manifest(folder):
    (folder / "manifest.json").write_text('{"schema_version": 99, "counts": []}')
    assert damage(folder) == f"{folder}/manifest.json is of version 99 of the tables, not 1"


def test_a_table_that_is_missing_or_of_another_size_is_named(folder):
    size = (folder / "albums.parquet").stat().st_size
    expected = f"albums.parquet is missing, or damaged: it should have {size:,} bytes"
    with (folder / "albums.parquet").open("ab") as file:
        file.write(b"more")
    assert damage(folder) == f"{folder}/{expected}"
    (folder / "albums.parquet").unlink()
    assert damage(folder) == f"{folder}/{expected}"


def test_a_table_that_the_manifest_does_not_name_is_told(folder):
    rewrite_manifest(folder, '"albums"', '"album"')
    assert damage(folder) == f"{folder}/manifest.json does not name albums.parquet"


def test_own_playlists_are_counted_by_the_manifest_alone(folder, tmp_path):
    manifest = Manifest("", "", {"own_playlists": 3}, {})
    (folder / "manifest.json").write_bytes(msgspec.json.encode(manifest))
    assert own_playlists(folder) == 3
    (folder / "manifest.json").write_text("{")
    assert own_playlists(folder) == own_playlists(tmp_path / "nowhere") == 0


def test_a_damaged_table_of_own_playlists_alone_is_no_loss(folder):
    rewrite_manifest(folder, '"input_sha256": "abc"', '"input_sha256": ""')
    (folder / "albums.parquet").unlink()
    assert damage(folder) is None
