import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from model.ragged import Ragged
from model.recommenders.spreading import Weighted, beside, best_of_tiles, spread, stacked


def weighted(rows, weights, n):
    return Weighted.of(Ragged.of(rows), np.array(weights), n)


LISTS = weighted([[0, 1], [1, 2], []], [1, 2, 3, 4], 3)


def test_sums_of_lists_come_best_first():
    # Number 1: 2 x 2 + 1 x 3 = 7; number 2: 1 x 4; number 0: 2 x 1.
    best = spread(weighted([[0, 1]], [2, 1], 3), LISTS, n=3)
    assert best.numbers.tolist() == [1, 2, 0]
    assert best.weights.tolist() == [7, 4, 2]


def test_what_is_taken_is_passed_over_and_no_more_than_n_are_kept():
    queries = weighted([[0, 1], [1]], [2, 1, 1], 3)
    best = spread(queries, LISTS, n=np.array([1, 2]), taken=Ragged.of([[1], []]))
    assert [best.lists[row].tolist() for row in range(2)] == [[2], [2, 1]]


def test_ties_go_to_the_lower_number():
    even = weighted([[2, 0, 1]], [1, 1, 1], 3)
    assert spread(weighted([[0]], [1], 1), even, n=2).numbers.tolist() == [0, 1]


def test_weights_not_above_zero_count_for_nothing():
    assert spread(weighted([[0]], [-1], 3), LISTS, n=3).numbers.tolist() == []


@given(
    st.lists(st.lists(st.integers(0, 4), max_size=4, unique=True), min_size=1, max_size=40),
    st.integers(0, 2**32),
)
def test_a_step_is_a_product_of_matrices(rows, seed):
    rng = np.random.default_rng(seed)
    lists = weighted([[0, 3, 5], [1], [], [2, 5], [4, 0]], rng.integers(1, 9, 8), 6)
    queries = weighted(rows, rng.integers(1, 9, sum(map(len, rows))), 5)
    assert np.array_equal(
        spread(queries, lists, n=6).matrix.toarray(), (queries.matrix @ lists.matrix).toarray()
    )


def test_scores_of_tiles_are_kept_like_sums():
    rows = np.arange(70, dtype=np.float32)[:, None] * [[1, -1]]
    best = best_of_tiles(
        lambda tile: np.vstack([tile[0], tile[1], tile[0] * 2]),
        rows.astype(np.float32),
        np.array([4, 2, 7]),
        9,
        n=np.full(70, 2),
        taken=Ragged.of([[]] * 69 + [[7]]),
    )
    # Row 0 scores nothing above 0; row 1 gives 7 (2) and 4 (1); of row 69, 7 is taken.
    assert best.lists[0].tolist() == []
    assert best.lists[1].tolist() == [7, 4]
    assert best.lists[69].tolist() == [4]


def test_lists_are_put_behind_or_beside_each_other():
    assert stacked([LISTS, LISTS]).lists.lengths.tolist() == [2, 2, 0, 2, 2, 0]
    assert beside([LISTS, LISTS]).lists[0].tolist() == [0, 1, 3, 4]


def test_turning_twice_gives_the_same():
    assert np.array_equal(LISTS.transposed().transposed().matrix.toarray(), LISTS.matrix.toarray())
