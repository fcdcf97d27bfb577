import os

import pytest
from threadpoolctl import threadpool_info

from model.recommenders.threads import in_threads, one_blas_thread


def run(first, stop):
    return first, stop


@pytest.mark.parametrize("n_rows", [32, 1000, 1001])
def test_every_row_is_worked_on_once_and_results_keep_their_order(n_rows):
    runs = in_threads(run, n_rows)
    assert [row for first, stop in runs for row in range(first, stop)] == list(range(n_rows))
    assert len(runs) == min(os.cpu_count() or 1, n_rows // 16)


@pytest.mark.parametrize("n_rows", [0, 1, 31])
def test_few_rows_are_one_run(n_rows):
    assert in_threads(run, n_rows) == [(0, n_rows)]


def test_what_goes_wrong_in_a_thread_reaches_the_caller():
    def work(first, stop):
        raise ValueError(f"row {first}")

    with pytest.raises(ValueError, match="row 0"):
        in_threads(work, 64)


def blas_threads():
    return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]


def test_products_run_in_one_thread_within_the_block_alone():
    before = blas_threads()
    with one_blas_thread():
        assert blas_threads() == [1] * len(before)
    assert blas_threads() == before
