"""The manifest of the Million Song tables: believed only where the tables are whole."""

import json

import pytest

from harvest.sources.msd import ingest_msd
from harvest.sources.msd_tables import read_msd_manifest
from tests.harvest.msd_files import files, write_zip


@pytest.fixture
def msd_dir(tmp_path):
    ingest_msd([write_zip(tmp_path / "a.zip", files([1]))], tmp_path / "msd", workers=1)
    return tmp_path / "msd"


def test_manifest_of_whole_tables_is_read(msd_dir):
    manifest = read_msd_manifest(msd_dir)
    assert (manifest.counts.songs, manifest.inputs[0].name) == (1, "a.zip")


@pytest.mark.parametrize("name", ["lastfm_tag.parquet", "manifest.json"])
def test_lost_file_makes_it_none(msd_dir, name):
    (msd_dir / name).unlink()
    assert read_msd_manifest(msd_dir) is None


def test_table_of_another_size_makes_it_none(msd_dir):
    with (msd_dir / "lastfm_tag.parquet").open("ab") as file:
        file.write(b"x")
    assert read_msd_manifest(msd_dir) is None


@pytest.mark.parametrize("change", [{"schema_version": 2}, {"counts": None}])
def test_other_version_or_form_makes_it_none(msd_dir, change):
    path = msd_dir / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    assert read_msd_manifest(msd_dir) is None


def test_of_no_folder_there_is_none(tmp_path):
    assert read_msd_manifest(tmp_path / "none") is None
