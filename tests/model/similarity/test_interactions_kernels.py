import numpy as np
import pytest

from model.similarity.interactions_kernels import (
    count_values,
    drop_repeats,
    relabel,
    sum_by_song,
    transpose,
)

# Two playlists, (2, 0, 2) and (0): of three songs.
INDPTR = np.array([0, 3, 4])


@pytest.fixture
def songs() -> np.ndarray:
    return np.array([2, 0, 2, 0], dtype=np.int32)


def test_values_are_counted_whatever_their_width(songs: np.ndarray) -> None:
    assert count_values(songs, 3).tolist() == [2, 0, 2]
    assert count_values(songs.astype(np.int64), 3).tolist() == [2, 0, 2]


def test_labels_take_four_bytes_whatever_they_stand_for(songs: np.ndarray) -> None:
    labels = np.array([5, 6, 7], dtype=np.int32)
    for values in (songs, songs.astype(np.int64)):
        made = relabel(values, labels)
        assert made.dtype == np.int32
        assert made.tolist() == [7, 5, 7, 5]


def test_the_first_occurrence_is_kept(songs: np.ndarray) -> None:
    indptr, kept = drop_repeats(INDPTR, songs, 3)
    assert indptr.tolist() == [0, 2, 3]
    assert kept.tolist() == [2, 0, 0]


def test_a_transpose_holds_a_playlist_as_often_as_it_holds_the_song(songs: np.ndarray) -> None:
    song_indptr, playlists = transpose(INDPTR, songs, 3)
    assert song_indptr.tolist() == [0, 2, 2, 4]
    assert playlists.tolist() == [0, 1, 0, 0]


def test_a_sum_is_over_the_playlists_of_the_songs_asked_for(songs: np.ndarray) -> None:
    song_indptr, playlists = transpose(INDPTR, songs, 3)
    asked = np.array([2, 0, 1], dtype=np.int32)
    # Song 2 stands twice in the playlist of 10; song 0 in both.
    assert sum_by_song(asked, song_indptr, playlists, np.array([10, 1])).tolist() == [20, 11, 0]
