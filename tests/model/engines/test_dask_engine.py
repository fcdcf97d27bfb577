import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dask
import numpy as np
import pandas as pd
import pytest
from distributed import LocalCluster

from model.engines import dask_engine
from model.engines.dask_engine import Cluster
from model.engines.engine import Here, cluster_at
from model.errors import InputError, LeakError, ModelError
from model.evaluate import evaluate
from model.protocols.judging import judge_chunk
from model.settings import PARTS, Settings
from tests.model import pieces
from tests.model.engines.test_engine import assert_same_rows, tasks_of

HOLDOUT = Settings(min_count=2, parts=("validation", "test"))
PUBLISHED = Settings(protocol="published", parts=PARTS, n_clusters=2, min_count=2)


PATIENCE = {
    # By itself a local cluster gives up for good a worker that is not back after 15 s.
    "distributed.deploy.lost-worker-timeout": "1 hour",
    "distributed.comm.timeouts.connect": "300s",
}
IN_TIME_S = 100
"""Far above the second that is asked for, far below what Dask would wait by `PATIENCE`."""

LOCAL: dict[str, Any] = {
    "host": "127.0.0.1",
    "dashboard_address": "127.0.0.1:0",
    "silence_logs": 50,
}


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with (
        dask.config.set(PATIENCE),
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, **LOCAL) as started,
    ):
        yield started


@pytest.fixture
def engine(cluster: LocalCluster) -> Cluster:
    """Send work to two workers, whatever befell those of the test before."""
    cluster.scale(2)
    cluster.wait_for_workers(2, timeout=300)
    return Cluster(cluster.scheduler_address, wait_s=60)


def test_every_item_comes_once_with_its_result(engine: Cluster) -> None:
    assert sorted(engine.run(pieces.square, range(50))) == [(n, n**2) for n in range(50)]
    assert list(engine.run(pieces.square, [])) == []


def test_items_that_are_equal_are_each_done(engine: Cluster) -> None:
    assert list(engine.run(pieces.square, [3, 3, 3])) == [(3, 9)] * 3


def test_few_pieces_are_with_the_cluster_at_a_time_and_none_when_it_was_left(
    engine: Cluster, cluster: LocalCluster
) -> None:
    found = engine.run(pieces.slow_square, range(1000))
    scheduler = cluster.scheduler
    for _ in range(10):
        next(found)
        # Two workers of one thread, two pieces for each; results may be on their way.
        assert len(scheduler.tasks) <= 8
    found.close()
    end = time.monotonic() + 100
    while scheduler.tasks and time.monotonic() < end:
        time.sleep(0.05)
    assert not scheduler.tasks


def test_work_has_one_thread(engine: Cluster) -> None:
    assert {threads for _, threads in engine.run(pieces.most_threads, range(4))} == {1}


def test_an_error_comes_back_as_itself_and_at_once(engine: Cluster, tmp_path: Path) -> None:
    with pytest.raises(LeakError) as caught:
        list(engine.run(pieces.leak, [(tmp_path, number) for number in range(1000)]))
    assert caught.value.playlist_ids == (4, 2)
    assert len(list(tmp_path.iterdir())) < 100


def test_what_a_killed_worker_had_is_done_again(engine: Cluster, tmp_path: Path) -> None:
    items = [(tmp_path / "mark", number) for number in range(30)]
    found = sorted(engine.run(pieces.die_once, items))
    assert (tmp_path / "mark").exists()
    assert found == [((tmp_path / "mark", number), number**2) for number in range(30)]


@pytest.mark.parametrize("settings", [HOLDOUT, PUBLISHED])
def test_a_cluster_gives_the_same_figures(
    engine: Cluster, catalogue_state: Path, tmp_path: Path, settings: Settings
) -> None:
    states = [tmp_path / name for name in ("here", "there")]
    for state in states:
        ignored = shutil.ignore_patterns("model", "results")
        shutil.copytree(catalogue_state, state, ignore=ignored)
    here = evaluate(states[0], settings, engine=Here())
    there = evaluate(states[1], settings, engine=engine)
    pd.testing.assert_frame_equal(here.rows, there.rows, check_exact=True)


@pytest.mark.parametrize("settings", [HOLDOUT, pytest.param(PUBLISHED, marks=pytest.mark.soak)])
def test_rows_are_the_same_with_a_worker_killed_in_the_middle(
    engine: Cluster, catalogue_state: Path, settings: Settings
) -> None:
    tasks = tasks_of(catalogue_state, settings)
    worker = next(pid for _, pid in engine.run(pieces.process_id, [0]))
    found = []
    for task, rows in engine.run(judge_chunk, tasks):
        if not found:
            os.kill(worker, signal.SIGKILL)
        found.append((task, rows))
    assert_same_rows(tasks, found)


def test_files_that_workers_see_as_they_are_here_are_fine(engine: Cluster, tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    path.write_bytes(b"{}")
    assert list(engine.run(pieces.read_bytes, [path], needs=[path])) == [(path, b"{}")]


def test_files_that_workers_cannot_see_are_refused(engine: Cluster, tmp_path: Path) -> None:
    # /proc/self is another folder in each process: what this one has there, no worker sees.
    with (tmp_path / "x").open("wb") as mine:
        number = os.dup2(mine.fileno(), 777)
    try:
        with pytest.raises(InputError, match=r"cannot read .* same path on all machines"):
            engine.check([Path(f"/proc/self/fd/{number}")])
    finally:
        os.close(number)


def test_files_of_other_content_are_refused(engine: Cluster) -> None:
    with pytest.raises(InputError, match=r"something else at /proc/self/stat"):
        engine.check([Path("/proc/self/stat")])


def test_other_versions_are_refused(engine: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_engine, "library_versions", lambda: {"numpy": "1.0"})
    with pytest.raises(InputError, match=rf"has numpy {np.__version__}, here is 1.0"):
        engine.check()


def test_without_dask_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"pip install 'playlist-harvest\[dask\]'"):
        cluster_at("tcp://127.0.0.1:8786")


@pytest.mark.parametrize("address", ["foo", "http://x:1", "tcp://x:y", "tls://127.0.0.1:1", ""])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(InputError, match="expected tcp://HOST:PORT"):
        Cluster(address).check()


def test_where_no_scheduler_is_it_is_said_in_time() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    start = time.monotonic()
    with (
        dask.config.set(PATIENCE),
        pytest.raises(InputError, match=r"no Dask scheduler answers at .* within 1 s"),
    ):
        Cluster(f"tcp://127.0.0.1:{port}", wait_s=1).check()
    assert time.monotonic() - start < IN_TIME_S


def test_a_listener_that_is_no_scheduler_is_told_in_time() -> None:
    with dask.config.set(PATIENCE), socket.create_server(("127.0.0.1", 0)) as dumb:
        start = time.monotonic()
        with pytest.raises(InputError, match="no Dask scheduler answers"):
            Cluster(f"127.0.0.1:{dumb.getsockname()[1]}", wait_s=1).check()
        assert time.monotonic() - start < IN_TIME_S


def test_a_cluster_without_workers_is_told_in_time() -> None:
    with (
        LocalCluster(n_workers=0, **LOCAL) as empty,
        pytest.raises(InputError, match=r"has no workers, .* within 1 s: .*dask worker"),
    ):
        Cluster(empty.scheduler_address, wait_s=1).check()


def test_a_scheduler_that_is_lost_is_told() -> None:
    with LocalCluster(n_workers=1, **LOCAL) as ending:
        # Long enough to begin on a machine that is busy; as long is looked for what is lost.
        found = Cluster(ending.scheduler_address, wait_s=10).run(pieces.slow_square, range(1000))
        next(found)
        ending.close()
        with pytest.raises(ModelError, match=r"lost the Dask scheduler .* run the same again"):
            list(found)
