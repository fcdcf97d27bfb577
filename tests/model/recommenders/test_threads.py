import os
import threading

import pytest
from threadpoolctl import threadpool_info

from model.recommenders.threads import each_in_threads, in_threads, n_threads, one_blas_thread


def run(first, stop):
    return first, stop


@pytest.mark.parametrize("n_rows", [32, 1000, 1001])
def test_every_row_is_worked_on_once_and_results_keep_their_order(n_rows):
    runs = in_threads(run, n_rows)
    assert [row for first, stop in runs for row in range(first, stop)] == list(range(n_rows))
    assert len(runs) == min(n_threads(), n_rows // 16)


@pytest.mark.parametrize("n_rows", [0, 1, 31])
def test_few_rows_are_one_run(n_rows):
    assert in_threads(run, n_rows) == [(0, n_rows)]


def test_runs_within_runs_start_no_further_threads(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(16), raising=False)
    most = 0

    def inner(first, stop):
        nonlocal most
        most = max(most, threading.active_count() - before)
        return first, stop

    before = threading.active_count()
    runs = in_threads(lambda first, stop: in_threads(inner, stop - first), 16 * 64)
    assert [len(run) for run in runs] == [1] * 16
    assert most <= 16


def test_large_things_may_start_one_more_thread_each(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(16), raising=False)
    assert [len(runs) for runs in each_in_threads(lambda _: in_threads(run, 999), "ab")] == [2, 2]


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
