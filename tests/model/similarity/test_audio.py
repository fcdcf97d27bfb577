import numpy as np
import pytest

from model.errors import InputError
from model.similarity.audio import find_by_audio
from model.similarity.neighbours import Neighbours


def lists_of(found: Neighbours) -> list[list[int]]:
    return [found.lists[song].tolist() for song in range(len(found.lists))]


def test_the_nearest_are_those_of_the_least_scaled_distance() -> None:
    rng = np.random.default_rng(0)
    songs = rng.random((80, 12)) * np.array([1.0] * 7 + [400, 11, 60, 200, 5])
    popularity = rng.integers(0, 3, 80)
    found = find_by_audio(songs, popularity, k=6)
    held = songs[popularity > 0]
    scaled = np.clip((songs - held.min(axis=0)) / np.ptp(held, axis=0), 0, 1)
    for song in range(80):
        distances = np.sqrt(((scaled - scaled[song]) ** 2).sum(axis=1))
        distances[(popularity == 0) | (np.arange(80) == song)] = np.inf
        wanted = np.argsort(distances)[:6]
        assert found.lists[song].tolist() == wanted.tolist()
        scores = found.scores[found.indptr[song] : found.indptr[song + 1]]
        np.testing.assert_allclose(scores, 1 - distances[wanted] / np.sqrt(12), rtol=1e-5)


def test_of_songs_equally_near_those_of_more_playlists_come_first() -> None:
    songs = np.zeros((4, 12))
    assert lists_of(find_by_audio(songs, np.array([1, 5, 0, 5]), k=3))[2] == [1, 3, 0]


def test_songs_without_features_neither_find_nor_are_found() -> None:
    songs = np.repeat([[0.0], [np.nan], [1.0], [0.9]], 12, axis=1)
    assert lists_of(find_by_audio(songs, np.ones(4, np.int64), k=1)) == [[3], [], [3], [2]]
    assert lists_of(find_by_audio(songs[:2], np.ones(2, np.int64), k=1)) == [[], []]
    assert lists_of(find_by_audio(songs, np.zeros(4, np.int64), k=1)) == [[], [], [], []]


def test_shards_and_workers_change_no_byte() -> None:
    songs = np.random.default_rng(1).random((200, 12)).round(1)
    popularity = np.ones(200, np.int64)
    one = find_by_audio(songs, popularity, k=5, n_shards=1, workers=1)
    other = find_by_audio(songs, popularity, k=5, n_shards=7, workers=2)
    assert lists_of(one) == lists_of(other)
    assert one.scores.tobytes() == other.scores.tobytes()


@pytest.mark.parametrize(("k", "n"), [(-1, 3), (5, 2)])
def test_numbers_out_of_range_are_refused(k: int, n: int) -> None:
    with pytest.raises(InputError, match="k of 0 or more"):
        find_by_audio(np.zeros((3, 12)), np.ones(n, np.int64), k=k)
