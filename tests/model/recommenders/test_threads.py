import os
import subprocess
import sys
import threading
import time
from contextlib import ExitStack

import pytest
from threadpoolctl import threadpool_info

from model.recommenders.threads import (
    Unwanted,
    blocks_in_threads,
    check_wanted,
    each_in_threads,
    in_threads,
    n_threads,
    one_blas_thread,
)
from tests.importing import ROOT


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


@pytest.mark.parametrize("nested", [False, True])
def test_interrupted_threads_end_at_the_next_step(nested):
    ended = []

    def last(until):
        try:
            while time.monotonic() < until:
                check_wanted()
                time.sleep(0.001)
        except Unwanted:
            ended.append(until)
            raise

    def work(item):
        if item:
            until = time.monotonic() + 20
            in_threads(lambda *_: last(until), 64) if nested else last(until)

    items = each_in_threads(work, range(9))
    next(items)
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        items.throw(KeyboardInterrupt)
    assert ended
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("n_processors", [1, 2, 5, 16])
def test_blocks_are_the_same_however_many_processors_there_are(monkeypatch, n_processors):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(n_processors), raising=False)
    for n_rows in (0, 1, 63, 64, 130, 1_000):
        blocks = blocks_in_threads(run, n_rows, size=64)
        assert blocks == [(start, min(start + 64, n_rows)) for start in range(0, n_rows, 64)]


def test_who_is_done_with_a_block_takes_the_next(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(2), raising=False)
    others_are_done = threading.Event()
    names = []

    def work(first, _):
        if first == 0:
            assert others_are_done.wait(10)
        names.append((first, threading.current_thread().name))
        if len(names) == 7:
            others_are_done.set()

    blocks_in_threads(work, 8, size=1)
    assert [first for first, _ in names] == [1, 2, 3, 4, 5, 6, 7, 0]
    assert len({name for _, name in names[:-1]}) == 1


@pytest.fixture(autouse=True)
def loaded():
    """Load what is loaded by the first use, so that there are as many libraries before as after."""
    with one_blas_thread():
        pass


def blas_threads():
    return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]


def test_products_run_in_one_thread_within_the_block_alone():
    before = blas_threads()
    with one_blas_thread():
        assert blas_threads() == [1] * len(before)
    assert blas_threads() == before


def test_libraries_that_are_loaded_within_are_held_to_one_thread_too():
    code = (
        "from threadpoolctl import threadpool_info\n"
        "from model.recommenders.threads import one_blas_thread\n"
        "with one_blas_thread():\n"
        "    import scipy.linalg, sklearn.utils.extmath\n"
        "    pools = [one for one in threadpool_info() if one['user_api'] == 'blas']\n"
        "    print({one['num_threads'] for one in pools})\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert done.stdout == "{1}\n"


def test_who_leaves_first_does_not_end_it_for_who_is_still_within():
    before = blas_threads()
    first, second = ExitStack(), ExitStack()
    first.enter_context(one_blas_thread())
    second.enter_context(one_blas_thread())
    first.close()
    assert blas_threads() == [1] * len(before)
    second.close()
    assert blas_threads() == before
