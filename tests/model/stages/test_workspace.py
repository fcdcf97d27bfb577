import os
from pathlib import Path
from typing import Any

import pytest

from model.errors import InputError
from model.settings import Settings
from model.stages.workspace import Workspace


def workspace(state: Path, said: list[str] | None = None) -> Workspace:
    return Workspace(state, Settings(), (said if said is not None else []).append)


@pytest.fixture
def state(tmp_path: Path, made_up: Any) -> Path:
    return made_up.write_state(tmp_path / "s", [made_up.Listed("a", 2, [0])], [made_up.Song("x")])


def test_it_says_whether_an_artifact_was_made_or_taken(state: Path) -> None:
    said: list[str] = []
    for _ in range(2):
        workspace(state, said).make(
            "pieces", lambda _: {}, label="x", parameters={"a": (1, 2)}, inputs={}
        )
    assert said[0].startswith("pieces: made in")
    assert said[1].startswith("pieces: taken from model/pieces/x-")


def test_every_file_that_is_read_is_among_the_hashes(state: Path) -> None:
    before = workspace(state).harvested()
    files = set(before) - {"audio_features", "lastfm", "msd"}  # Marks of what was harvested.
    assert files == {
        "albums.parquet",
        "artists.parquet",
        "entries.parquet",
        "harvest.db",
        "playlists.parquet",
        "tracks.parquet",
    }
    for name in files:
        path = state / name if name == "harvest.db" else state / "tables" / name
        path.write_bytes(path.read_bytes() + b" ")
        assert workspace(state).harvested()[name] != before[name]


def test_a_database_that_was_touched_counts_as_changed(state: Path) -> None:
    before = workspace(state).harvested()
    os.utime(state / "harvest.db", ns=(1, 1))
    assert workspace(state).harvested() != before


def test_an_absent_state_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="harvest mpd"):
        workspace(tmp_path / "none").harvested()


def test_an_empty_log_of_the_database_is_no_change(state: Path) -> None:
    before = workspace(state).harvested()
    (state / "harvest.db-wal").write_bytes(b"")
    assert workspace(state).harvested() == before
    (state / "harvest.db-wal").write_bytes(b"frames")
    assert workspace(state).harvested() != before


def test_what_sources_of_similar_songs_read_is_marked_where_they_are_asked_for(state: Path) -> None:
    marks = {
        sources: Workspace(state, Settings(sources=sources), print).source_marks()
        for sources in (("cooccurrence",), ("audio",), ("cooccurrence", "tags"), ("similars",))
    }
    assert [set(one) for one in marks.values()] == [
        set(),
        set(),
        {"lastfm", "msd"},
        {"lastfm", "msd"},
    ]
