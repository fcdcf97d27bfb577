import numpy as np

from model.similarity.fusion_kernels import fuse_rows
from model.similarity.neighbours import Neighbours


def fused(*sources: list[list[int]], k: int, damping: int = 0) -> Neighbours:
    n_rows = len(sources[0])
    lengths = np.array([len(row) for source in sources for row in source])
    ends = np.concatenate([[0], np.cumsum(lengths)])
    starts = np.arange(len(sources))[:, None] * n_rows
    indptr = np.ascontiguousarray(ends[starts + np.arange(n_rows + 1)], np.int64)
    values = np.array([one for source in sources for row in source for one in row], np.int32)
    found = Neighbours(
        np.zeros(n_rows + 1, np.int64),
        np.empty(len(values), np.int32),
        np.empty(len(values), np.int32),
        np.empty(len(values), np.float32),
    )
    fuse_rows(
        *(indptr, values, k, damping, int(values.max()) + 1),
        *(found.indptr, found.songs, found.counts, found.scores),
    )
    size = found.indptr[-1]
    return Neighbours(found.indptr, found.songs[:size], found.counts[:size], found.scores[:size])


def test_reciprocal_places_are_added_as_shares_of_the_most_possible() -> None:
    # 3: 1; 1: 1/2 + 1; 2: 1/2; first in both would be 2.
    found = fused([[3, 1]], [[1, 2]], k=9)
    assert found.songs.tolist() == [1, 3, 2]
    assert found.counts.tolist() == [2, 1, 1]
    assert found.scores.tolist() == [0.75, 0.5, 0.25]


def test_of_equal_sums_the_song_of_the_earlier_source_comes_first() -> None:
    found = fused([[4], [2]], [[0], [0]], k=1, damping=60)
    assert found.songs.tolist() == [4, 2]
    assert found.scores.tolist() == [0.5, 0.5]


def test_rows_begin_anew_and_may_be_empty() -> None:
    found = fused([[5, 6], [], [6]], [[6, 5], [], []], k=1)
    assert found.indptr.tolist() == [0, 1, 1, 2]
    # Equal in the first row, (1 + 1/2) / 2; in the last, one of two sources names it.
    assert found.songs.tolist() == [5, 6]
    assert found.scores.tolist() == [0.75, 0.5]
