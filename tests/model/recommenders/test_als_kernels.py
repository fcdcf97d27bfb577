import numpy as np
import pytest

from model.recommenders.als_kernels import FEW, solve_rows


def solve(rows, factors, *, n_steps=0, start=0.0):
    """Solve with alpha 3 and twice the unit matrix for what regularises."""
    factors = np.array(factors, dtype=np.float32)
    gram = 2 * np.eye(2, dtype=np.float32)
    indptr = np.cumsum([0, *map(len, rows)], dtype=np.int64)
    numbers = np.concatenate(rows).astype(np.int32)
    solved = np.full((len(rows), 2), start, dtype=np.float32)
    solve_rows(indptr, numbers, factors, factors / 2, gram, 3.0, n_steps, solved)
    return solved


def test_a_row_of_few_numbers_is_solved_exactly():
    # (2 + 3) x = 4; and [[8, 3], [3, 5]] x = [8, 4], whose determinant is 31.
    solved = solve([[0], [0, 1]], [[1, 0], [1, 1]])
    assert solved == pytest.approx(np.array([[4 / 5, 0], [28 / 31, 8 / 31]]), rel=1e-6)


def test_a_row_that_holds_nothing_becomes_0():
    assert solve([[], [0]], [[1, 0]], start=7.0)[0].tolist() == [0, 0]


def test_a_row_of_many_numbers_is_solved_in_as_many_steps_as_unknowns():
    # Twenty along the first axis, five along the second: 62 x = 80 and 17 y = 20.
    factors = [[1, 0]] * 20 + [[0, 1]] * 5
    solved = solve([range(FEW + 1)], factors, n_steps=2)
    assert solved[0] == pytest.approx([80 / 62, 20 / 17], rel=1e-5)


def test_a_row_of_many_numbers_stays_where_it_was_without_a_step():
    assert solve([range(FEW + 1)], [[1, 0]] * (FEW + 1), start=0.5)[0].tolist() == [0.5, 0.5]
