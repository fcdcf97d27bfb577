import numpy as np
import pytest
from scipy.sparse import csr_array

from model.errors import InputError
from model.inputs.track_tags import tf_idf
from model.ragged import IntArray
from model.similarity.neighbours import Neighbours
from model.similarity.tags import find_by_tags


def make_tags(n_songs: int, *, n_tags: int = 30, seed: int = 0) -> tuple[csr_array, IntArray]:
    """Some tags are on most songs; some songs have none, some are in no training playlist."""
    rng = np.random.default_rng(seed)
    shares = 0.6 / np.arange(1, n_tags + 1)
    # Few different weights, so that many songs are equally near.
    weights = (rng.random((n_songs, n_tags)) < shares) * rng.choice(
        [50.0, 100.0], (n_songs, n_tags)
    )
    return tf_idf(csr_array(weights)), rng.integers(0, 5, n_songs)


def expected(tags: csr_array, popularity: IntArray, k: int) -> list[list[int]]:
    """Sort every song by its cosine; the products are worked out as plainly as can be."""
    rows = tags.toarray().astype(np.float64)
    lists = []
    for song in range(len(rows)):
        cosines = np.array([sum(rows[song] * row) for row in rows]).astype(np.float32)
        order = np.lexsort((np.arange(len(rows)), -popularity, -cosines))
        known = (cosines > 0) & (popularity > 0) & (np.arange(len(rows)) != song)
        lists.append([int(other) for other in order if known[other]][:k])
    return lists


def lists_of(found: Neighbours) -> list[list[int]]:
    return [found.lists[song].tolist() for song in range(len(found.lists))]


@pytest.mark.parametrize("k", [1, 3, 10, 200])
def test_the_nearest_are_those_of_the_highest_cosine(k: int) -> None:
    tags, popularity = make_tags(120)
    found = find_by_tags(tags, popularity, k=k)
    # Scores that differ in the last bit alone change places: compare these first.
    for song, wanted in enumerate(expected(tags, popularity, k)):
        scores = found.scores[found.indptr[song] : found.indptr[song + 1]]
        rows = tags[[song]].toarray() @ tags[wanted].toarray().T if wanted else np.empty((1, 0))
        np.testing.assert_allclose(scores, rows[0], atol=1e-6)
        assert (np.diff(scores) <= 0).all()


def test_of_equal_songs_those_of_more_playlists_come_first() -> None:
    tags = csr_array(np.array([[1.0], [1.0], [1.0], [1.0], [1.0]]))
    found = find_by_tags(tags, np.array([1, 3, 0, 3, 2]), k=3)
    # Song 2 is in no training playlist: it is not found, but finds.
    assert lists_of(found) == [[1, 3, 4], [3, 4, 0], [1, 3, 4], [1, 4, 0], [1, 3, 0]]
    assert found.scores.tolist() == [1.0] * 15


def test_cosines_are_those_worked_out_by_hand() -> None:
    tags = csr_array(np.array([[0.6, 0.8, 0.0], [0.8, 0.0, 0.6], [0.0, 0.0, 1.0]]))
    found = find_by_tags(tags, np.ones(3, np.int64), k=5)
    assert lists_of(found) == [[1], [2, 0], [1]]
    # 0.6 * 0.8 = 0.48.
    np.testing.assert_allclose(found.scores, [0.48, 0.6, 0.48, 0.6], rtol=1e-6)
    assert found.counts.tolist() == [1, 1, 1, 1]


def test_shards_and_workers_change_no_byte() -> None:
    tags, popularity = make_tags(300, seed=1)
    one = find_by_tags(tags, popularity, k=7, n_shards=1, workers=1)
    for n_shards, workers in ((2, 1), (9, 2), (400, 2)):
        other = find_by_tags(tags, popularity, k=7, n_shards=n_shards, workers=workers)
        assert lists_of(one) == lists_of(other)
        assert one.scores.tobytes() == other.scores.tobytes()
        assert one.counts.tobytes() == other.counts.tobytes()


def test_what_is_left_out_early_is_never_among_the_best() -> None:
    # Each pair of songs shares a rare tag, all share a frequent one, which is then passed over.
    n_songs = 400
    weights = np.zeros((n_songs, 1 + n_songs // 2))
    weights[:, 0] = 50
    weights[np.arange(n_songs), 1 + np.arange(n_songs) // 2] = 100
    found = find_by_tags(tf_idf(csr_array(weights)), np.ones(n_songs, np.int64), k=1)
    assert found.songs.tolist() == [song ^ 1 for song in range(n_songs)]


def test_songs_without_tags_have_no_neighbours_and_there_may_be_none_at_all() -> None:
    tags = csr_array(np.array([[0.0], [1.0], [1.0]]))
    assert lists_of(find_by_tags(tags, np.array([9, 1, 0]), k=5)) == [[], [], [1]]
    assert lists_of(find_by_tags(csr_array((2, 0)), np.array([1, 1]), k=5)) == [[], []]
    assert lists_of(find_by_tags(tags, np.zeros(3, np.int64), k=5)) == [[], [], []]
    assert lists_of(find_by_tags(tags, np.ones(3, np.int64), k=0)) == [[], [], []]


@pytest.mark.parametrize(("k", "n"), [(-1, 3), (5, 2)])
def test_numbers_out_of_range_are_refused(k: int, n: int) -> None:
    with pytest.raises(InputError, match="k of 0 or more"):
        find_by_tags(csr_array((3, 1)), np.ones(n, np.int64), k=k)
