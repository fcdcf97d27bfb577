"""Expected figures are worked out from the table of `small_state`."""

from math import hypot, log
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.library.lists import Lists
from model.library.songs import Library
from model.library.texts import Texts
from model.stages.library import make_shelf
from model.stages.shelving import Arrays, catalogue_arrays, playlist_norms, portrait_arrays
from model.tables import read_tables, table_paths


@pytest.fixture(scope="module")
def catalogue(small_state: Path) -> Arrays:
    tables = read_tables(small_state, need_features=False)
    return catalogue_arrays(tables, table_paths(small_state)["tracks"])


def lists(arrays: Arrays, name: str) -> list[list[int]]:
    made = Lists(arrays[f"{name}_indptr"], arrays[f"{name}_values"])
    return [made[row].tolist() for row in range(len(made))]


def texts(arrays: Arrays, name: str) -> list[str]:
    return list(Texts(arrays[f"{name}_letters"], arrays[f"{name}_ends"]))


def test_songs_are_ranked_by_the_playlists_that_hold_them(catalogue: Arrays) -> None:
    assert lists(catalogue, "holders") == [
        *([0, 1, 3, 4], [0, 1, 2, 4], [0, 2], [3], [1, 2]),
        *([4], [3], [4], []),
    ]
    assert catalogue["by_rank"].tolist() == [0, 1, 2, 4, 3, 5, 6, 7, 8]
    # A song that a playlist holds twice counts once.
    assert sorted(lists(catalogue, "playlists")[2]) == [1, 2, 4]


def test_another_release_is_the_same_work_and_another_artist_none(catalogue: Arrays) -> None:
    works, spellings = catalogue["works"], catalogue["spellings"]
    assert works[0] == works[5]
    assert spellings[0] != spellings[5]
    assert works[0] != works[3]


def test_folded_titles_ascend_with_and_without_their_notes(catalogue: Arrays) -> None:
    keys = texts(catalogue, "keys")
    rows = list(zip(keys, catalogue["key_ranks"].tolist(), strict=True))
    assert keys == sorted(keys, key=str.encode)
    # Songs 0, 3 and 5 are of ranks 0, 4 and 5; song 4 is of rank 3.
    assert [rank for key, rank in rows if key == "creep"] == [0, 4, 5]
    assert [key for key, rank in rows if rank == 3] == ["yesterday", "yesterday remastered 2009"]


def test_playlists_are_named_by_followers(catalogue: Arrays) -> None:
    assert catalogue["followers"].tolist() == [3021, 5, 40, 7, 2, 9]
    assert catalogue["names_by_rank"].tolist() == [0, 2, 5, 3, 1, 4]


def test_a_playlist_is_as_long_as_its_inverse_frequencies() -> None:
    playlists = Lists(np.array([0, 2, 2, 3]), np.array([0, 1, 0], dtype=np.int32))
    # Three playlists; two hold song 0, one song 1.
    norms = playlist_norms(playlists, np.array([2, 1]))
    expected = [hypot(log(1 + 3 / 2), log(1 + 3)), 0.0, log(1 + 3 / 2)]
    assert norms.tolist() == pytest.approx(expected, rel=1e-6)


def test_portraits_hold_features_and_the_weightiest_tags(
    small_state: Path, library: Library
) -> None:
    shelf = make_shelf(small_state, say=lambda _: None)
    arrays, summary = portrait_arrays(small_state, shelf.library)
    assert summary == {"n_with_features": 8, "n_tagged": 2}
    assert np.flatnonzero(np.isnan(arrays["features"][:, 0])).tolist() == [3]
    # Energy: playlist 1 holds songs of .5, .5 and .1; nothing is known of an empty one.
    assert arrays["playlist_features"][1, 1] == pytest.approx(1.1 / 3)
    assert np.isnan(arrays["playlist_features"][5]).all()
    assert arrays["followers"].size == 0
    names = texts(arrays, "tag_names")
    tags = [[names[tag] for tag in row] for row in lists(arrays, "tags")]
    assert tags == [["shoegaze", "sad"], [], ["sad", "shoegaze"], *[[]] * 6]


def test_a_state_of_tables_alone_has_empty_portraits(tmp_path: Path, made_up: Any) -> None:
    songs = [made_up.Song("a"), made_up.Song("b")]
    made_up.write_tables(tmp_path, [made_up.Listed("x", 1, [0, 1])], songs)
    shelf = make_shelf(tmp_path, say=lambda _: None)
    arrays, summary = portrait_arrays(tmp_path, shelf.library)
    assert summary == {"n_with_features": 0, "n_tagged": 0}
    assert np.isnan(arrays["features"]).all()
    assert arrays["tags_indptr"].tolist() == [0, 0, 0]
