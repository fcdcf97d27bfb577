from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from distributed import LocalCluster

from model.engines.dask_engine import Cluster
from model.engines.engine import Engine, Here, Processes
from model.ragged import Ragged
from model.similarity.cooccurrence import Neighbours, find_published, find_similar
from model.similarity.interactions import Interactions
from model.similarity.weighting import Weighting
from model.stages.sharding import Search, Shard, _find, find_over

COSINE = Search(k=7, min_count=2, weighting=Weighting("cosine", shrinkage=1.0))
PUBLISHED = Search(k=7, min_count=2, weighting=None)


@pytest.fixture(scope="module")
def engines() -> Iterator[dict[str, Engine]]:
    with LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0"
    ) as cluster:
        yield {
            "here": Here(),
            "processes": Processes(2),
            "dask": Cluster(cluster.scheduler_address),
        }


@pytest.mark.parametrize("name", ["here", "processes", "dask"])
@pytest.mark.parametrize("search", [COSINE, PUBLISHED])
def test_every_engine_gives_the_bytes_that_threads_give(
    engines: dict[str, Engine], name: str, search: Search, tmp_path: Path
) -> None:
    held = _held(repeats=search.weighting is None)
    found = find_over(engines[name], held, search, tmp_path, n_shards=9)
    assert _bytes(found) == _bytes(_found_by_threads(held, search))
    assert not list(tmp_path.iterdir())


def test_no_songs_give_no_neighbours(tmp_path: Path) -> None:
    held = Interactions.of(Ragged.of([]), 0)
    assert len(find_over(Here(), held, COSINE, tmp_path).songs) == 0


def test_a_shard_that_is_done_twice_is_there_once(tmp_path: Path) -> None:
    held = _held(repeats=False)
    held.save(tmp_path)
    before = set(tmp_path.iterdir())
    shard = Shard(tmp_path, 0, (0, held.n_songs), COSINE)
    _find(shard)
    _find(shard)
    assert set(tmp_path.iterdir()) - before == {shard.part}
    assert _bytes(Neighbours.open(shard.part)) == _bytes(_found_by_threads(held, COSINE))


def _held(*, repeats: bool) -> Interactions:
    rng = np.random.default_rng(3)
    lists = [rng.zipf(1.6, 30).clip(max=150) - 1 for _ in range(200)]
    return Interactions.of(Ragged.of([one.tolist() for one in lists]), 150, repeats=repeats)


def _found_by_threads(held: Interactions, search: Search) -> Neighbours:
    if search.weighting is None:
        return find_published(held, k=search.k, min_count=search.min_count)
    return find_similar(held, k=search.k, min_count=search.min_count, weighting=search.weighting)


def _bytes(found: Neighbours) -> list[bytes]:
    return [array.tobytes() for array in (found.indptr, found.songs, found.counts, found.scores)]
