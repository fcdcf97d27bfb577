import json
from pathlib import Path

import pytest

from model.storage.freshness import is_outdated, table_hashes


def write(state: Path, content: str) -> Path:
    (state / "tables").mkdir()
    (state / "tables" / "manifest.json").write_text(content)
    return state


def test_tables_are_known_by_the_hashes_that_the_harvester_wrote(tmp_path: Path) -> None:
    files = {"tracks": {"size": 3, "sha256": "ab"}, "entries": {"size": 4, "sha256": "cd"}}
    state = write(tmp_path, json.dumps({"files": files, "counts": {}}))
    assert table_hashes(state) == {"tracks.parquet": "ab", "entries.parquet": "cd"}


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"files": {"tracks": 3}}'])
def test_a_manifest_that_names_no_hash_makes_nothing_outdated(tmp_path: Path, content: str) -> None:
    now = table_hashes(write(tmp_path, content))
    assert now == {}
    assert not is_outdated({"tracks.parquet": "ab"}, now)


def test_without_tables_there_are_no_hashes(tmp_path: Path) -> None:
    assert table_hashes(tmp_path) == {}


def test_a_database_that_was_touched_makes_nothing_outdated() -> None:
    now = {"tracks.parquet": "ab"}
    assert not is_outdated({"tracks.parquet": "ab", "harvest.db": "of yesterday"}, now)
