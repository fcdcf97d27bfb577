import numpy as np
import pytest

from model.errors import InputError
from model.ragged import Ragged
from model.similarity.fusion import fuse


def test_scores_are_sums_of_reciprocal_places() -> None:
    found = fuse([Ragged.of([[5, 6, 7], []]), Ragged.of([[7, 8], [4]])], k=10)
    assert [found.lists[song].tolist() for song in range(2)] == [[7, 5, 6, 8], [4]]
    # 7 stands third and first: (1/63 + 1/61) / (2/61); 5 first in one, 6 and 8 second in one.
    wanted = [(61 / 63 + 1) / 2, 1 / 2, 61 / 62 / 2, 61 / 62 / 2, 1 / 2]
    np.testing.assert_allclose(found.scores, wanted, rtol=1e-6)
    assert found.counts.tolist() == [2, 1, 1, 1, 1]


def test_of_equal_scores_the_earlier_source_comes_first() -> None:
    found = fuse([Ragged.of([[9, 3]]), Ragged.of([[1, 2]])], k=3)
    assert found.songs.tolist() == [9, 1, 3]


def test_one_source_stays_as_it_is() -> None:
    lists = Ragged.of([[4, 2, 9], [], [1]])
    found = fuse([lists], k=100)
    assert found.songs.tolist() == lists.values.tolist()
    assert found.indptr.tolist() == lists.indptr.tolist()
    assert fuse([lists], k=0).songs.size == 0


def test_what_one_source_does_not_know_another_may() -> None:
    found = fuse([Ragged.of([[], []]), Ragged.of([[1], []])], k=5)
    assert [found.lists[song].tolist() for song in range(2)] == [[1], []]


@pytest.mark.parametrize("lengths", [[], [1, 2]])
def test_sources_of_different_catalogues_are_refused(lengths: list[int]) -> None:
    with pytest.raises(InputError, match="same number"):
        fuse([Ragged.of([[0]] * length) for length in lengths], k=1)
