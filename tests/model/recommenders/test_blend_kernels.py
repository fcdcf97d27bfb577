import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from model.ragged import Ragged
from model.recommenders.blend_kernels import count_on_top


def count(lists: list[list[int]], scores: list[float], hits: list[bool], n: list[int]) -> list[int]:
    rows, counts = Ragged.of(lists), np.zeros(len(lists), dtype=np.int64)
    wanted = np.array(n)
    count_on_top(rows.indptr, rows.values, np.array(scores), np.array(hits), wanted, counts)
    return counts.tolist()


def test_hits_among_the_best_count_list_by_list() -> None:
    # Best first: 5, 6, 4 and 2, 1.
    scores, hits = [1.0, 3.0, 2.0, 0.0, 1.0], [True, False, True, True, False]
    assert count([[4, 5, 6], [1, 2]], scores, hits, [2, 1]) == [1, 0]
    assert count([[4, 5, 6], [1, 2]], scores, hits, [3, 2]) == [2, 1]


def test_of_equal_scores_the_lower_number_comes_first() -> None:
    assert count([[5, 4]], [1.0, 1.0], [True, False], [1]) == [0]
    assert count([[5, 4]], [1.0, 1.0], [False, True], [1]) == [1]


def test_nothing_is_found_where_nothing_is() -> None:
    assert count([[], [3]], [1.0], [False], [4, 4]) == [0, 0]


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=12), st.integers(1, 6))
def test_counting_gives_what_sorting_gives(songs: list[tuple[int, bool]], n: int) -> None:
    scores, hits = [float(score) for score, _ in songs], [hit for _, hit in songs]
    best = sorted(range(len(songs)), key=lambda song: (-scores[song], song))[:n]
    assert count([list(range(len(songs)))], scores, hits, [n]) == [sum(hits[song] for song in best)]
