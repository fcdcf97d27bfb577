import numpy as np
import pytest
from scipy.sparse import csr_array

from model.similarity.kernels import Room
from model.similarity.neighbours import Neighbours
from model.similarity.tag_kernels import Rows, find_nearest


def rows(matrix: csr_array) -> Rows:
    return Rows(
        matrix.indptr.astype(np.int64),
        matrix.indices.astype(np.int32),
        matrix.data.astype(np.float32),
    )


def nearest(table: list[list[float]], numbers: list[int], *, k: int, start: int = 0) -> Neighbours:
    """Find the nearest of all songs from `start`; candidates by rank are `numbers`."""
    songs = csr_array(np.array(table))
    candidates = csr_array(np.array(table)[numbers])
    n_songs = len(table) - start
    room = Room(
        np.zeros(n_songs + 1, np.int64),
        np.empty(n_songs * k, np.int32),
        np.empty(n_songs * k, np.int32),
        np.empty(n_songs * k, np.float32),
    )
    held = rows(csr_array(candidates.T.tocsr()))
    order = np.array(numbers, np.int32)
    find_nearest(start, len(table), rows(songs), rows(candidates), held, order, room, k)
    size = room.indptr[-1]
    return Neighbours(room.indptr, room.songs[:size], room.counts[:size], room.scores[:size])


TABLE = [[1.0, 0.0, 0.0], [0.6, 0.8, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]]


def test_songs_have_their_cosines_best_first_and_no_song_itself() -> None:
    found = nearest(TABLE, [2, 0, 1], k=2)
    # A song without tags has no neighbours, and songs that share none are none.
    assert found.indptr.tolist() == [0, 1, 3, 4, 4]
    assert found.songs.tolist() == [1, 2, 0, 1]
    assert found.counts.tolist() == [1, 1, 1, 1]
    assert found.scores.tolist() == pytest.approx([0.6, 0.8, 0.6, 0.8])


def test_a_run_may_begin_anywhere_and_keeps_the_best() -> None:
    found = nearest(TABLE, [2, 0, 1], k=1, start=1)
    assert found.indptr.tolist() == [0, 1, 2, 2]
    assert found.songs.tolist() == [2, 1]


def test_shared_tags_are_counted_and_of_equal_scores_the_lower_rank_comes_first() -> None:
    table = [[0.6, 0.8]] * 4
    found = nearest(table, [3, 1, 0, 2], k=2)
    assert found.songs.reshape(4, 2).tolist() == [[3, 1], [3, 0], [3, 1], [1, 0]]
    assert set(found.counts.tolist()) == {2}
    assert found.scores.tolist() == pytest.approx([1.0] * 8)


def test_songs_that_share_only_a_frequent_tag_are_not_missed_for_want_of_better() -> None:
    # Songs 0 and 1 share a rare tag; all share a frequent one.
    table = [[0.8, 0.6], [0.8, 0.6], *[[0.0, 1.0]] * 30]
    found = nearest(table, list(range(32)), k=3)
    assert found.songs[:3].tolist() == [1, 2, 3]
    assert found.scores[:3].tolist() == pytest.approx([1.0, 0.6, 0.6])
    assert found.counts[:3].tolist() == [2, 1, 1]
