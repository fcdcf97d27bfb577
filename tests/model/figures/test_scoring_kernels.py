import numpy as np
import pytest

from model.figures.scoring_kernels import count_common, score_r_precision, score_ranking
from model.metrics import discounts
from model.ragged import FloatArray, IntArray, Ragged

LISTS = Ragged.of([[3, 3, 1, 0], [], [2]])
TRUTHS = Ragged.of([[0, 4], [4], []])


def make_marks(n: int) -> IntArray:
    return np.zeros(n, dtype=np.int32)


def count(lists: Ragged, truths: Ragged) -> list[list[int]]:
    counts = np.zeros((len(lists), 2), dtype=np.int64)
    count_common(lists.indptr, lists.values, truths.indptr, truths.values, make_marks(5), counts)
    return counts.tolist()


def rank(lists: Ragged, truths: Ragged, places: int, songs_per_click: int) -> FloatArray:
    scores = np.full((len(lists), 3), np.nan)
    gains = discounts(places)
    score_ranking(
        lists.indptr,
        lists.values,
        truths.indptr,
        truths.values,
        gains,
        np.cumsum(gains),
        songs_per_click,
        51.0,
        make_marks(5),
        scores,
    )
    return scores


def test_different_songs_and_those_in_common_are_counted_list_by_list() -> None:
    # 3, 1 and 0 are different, 0 is true; nothing; 2, of which nothing is known.
    assert count(LISTS, TRUTHS) == [[3, 1], [0, 0], [1, 0]]


def test_marks_of_one_list_mean_nothing_to_the_next() -> None:
    counts = count(Ragged.of([[0], [0], [0]]), Ragged.of([[0], [], [0]]))
    assert counts == [[1, 1], [1, 0], [1, 1]]


def test_r_precision_looks_at_different_songs_as_many_as_are_true() -> None:
    artists = np.array([0, 7, 8, 9, 9])
    # Of 3 and 1 (3 stands twice) none is true, but 3 is by the artist of 4: 0.25 / 2.
    scores = np.full(3, np.nan)
    score_r_precision(
        LISTS.indptr,
        LISTS.values,
        TRUTHS.indptr,
        TRUTHS.values,
        artists,
        0.25,
        make_marks(5),
        make_marks(10),
        np.empty(2, dtype=np.int64),
        scores,
    )
    assert scores[:2].tolist() == [0.125, 0]
    assert np.isnan(scores[2])


def test_recall_ndcg_and_clicks_look_at_different_songs_in_order() -> None:
    scores = rank(LISTS, TRUTHS, 500, 2)
    # Song 0 is the third different one: 1 / log2 4 = 0.5, of 1 + 1 / log2 3 = 1.6309; with two
    # songs a click it comes after one. The second list is empty.
    assert scores[0].tolist() == pytest.approx([0.5, 0.5 / 1.6309, 1], rel=1e-4)
    assert scores[1].tolist() == [0, 0, 51]
    assert np.isnan(scores[2]).all()


def test_hits_behind_the_last_discount_count_for_recall_alone() -> None:
    scores = rank(LISTS, TRUTHS, 2, 10)
    assert scores[0].tolist() == [0.5, 0, 51]
