import numpy as np

from model.figures.intervals_kernels import sum_rows


def test_rows_are_added_as_often_as_they_are_named() -> None:
    values, sums = np.array([[1.0, 10.0], [2.0, 20.0], [4.0, 40.0]]), np.array([0.0, 100.0])
    sum_rows(np.array([2, 0, 2]), values, sums)
    # 4 + 1 + 4, and 100 + 40 + 10 + 40.
    assert sums.tolist() == [9, 190]
