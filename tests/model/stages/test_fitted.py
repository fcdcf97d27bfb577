from pathlib import Path

import pytest

from model.errors import InputError
from model.library.recipes import find_shelf
from model.library.songs import Library
from model.ragged import Ragged
from model.recommenders.keeping import FILE_NAME, open_recommender
from model.stages.fitted import make_fitted


def test_it_is_fitted_once_on_all_playlists(small_state: Path, library: Library) -> None:
    shelf = find_shelf(small_state)
    assert shelf is not None
    said: list[str] = []
    first = make_fitted(small_state, shelf, "neighbours:bm25", say=said.append)
    assert first.is_new
    assert first.manifest.summary == {"n_playlists": 5}  # the sixth holds no song
    assert "neighbours:bm25: fitting on 5 playlists, once" in said
    assert not make_fitted(small_state, shelf, "neighbours:bm25", say=said.append).is_new
    songs, _ = open_recommender(first.folder).recommend(Ragged.of([[0]]), n=1)
    assert songs.values.tolist() == [1]


def test_a_damaged_one_is_fitted_again(small_state: Path, library: Library) -> None:
    shelf = find_shelf(small_state)
    assert shelf is not None
    path = make_fitted(small_state, shelf, "popularity", say=lambda _: None).folder / FILE_NAME
    whole = path.read_bytes()
    path.write_bytes(bytes(len(whole)))
    said: list[str] = []
    make_fitted(small_state, shelf, "popularity", say=said.append)
    assert path.read_bytes() == whole
    assert f"fitted: {path} is damaged; it is made again" in said


def test_an_unknown_name_is_refused(small_state: Path, library: Library) -> None:
    shelf = find_shelf(small_state)
    assert shelf is not None
    with pytest.raises(InputError, match="no recommender 'magic'"):
        make_fitted(small_state, shelf, "magic", say=lambda _: None)
