import shutil
from pathlib import Path
from typing import Any

import pytest

from model.errors import InputError
from model.library.songs import Library
from model.stages.library import make_shelf


@pytest.fixture
def state(small_state: Path, tmp_path: Path) -> Path:
    made = shutil.ignore_patterns("model", "results")
    return Path(shutil.copytree(small_state, tmp_path / "state", ignore=made))


def test_all_is_made_once_and_said(state: Path) -> None:
    lines: list[str] = []
    shelf = make_shelf(state, say=lines.append)
    assert [line.split(": made in ")[0] for line in lines] == [
        artifact.manifest.recipe.stage
        for artifact in (shelf.library, shelf.neighbours, shelf.portraits)
    ]
    lines.clear()
    again = make_shelf(state, say=lines.append)
    assert lines == []
    assert again.neighbours.content == shelf.neighbours.content


def test_similar_songs_are_those_of_the_same_playlists(state: Path) -> None:
    library = Library.open(make_shelf(state, say=lambda _: None))
    lists = library.neighbours.lists
    # Song 6 shares playlist 3 with songs 0 and 3; of these, four playlists hold song 0.
    assert lists[6].tolist() == [3, 0]
    assert lists[8].tolist() == []


def test_new_tags_make_only_the_portraits_anew(state: Path, made_up: Any) -> None:
    first = make_shelf(state, say=lambda _: None)
    made_up.write_lastfm(state, tags=[(6, "j-pop", 100)])
    lines: list[str] = []
    second = make_shelf(state, say=lines.append)
    assert len(lines) == 1
    assert second.library.content == first.library.content
    assert second.portraits.content != first.portraits.content


def test_a_state_without_playlists_is_refused_and_left_alone(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="harvest mpd"):
        make_shelf(tmp_path, say=lambda _: None)
    assert not list(tmp_path.iterdir())
