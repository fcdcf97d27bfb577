"""How `model` finds similar songs, beside the field's own, and how it grows.

    python benchmarks/bench_similarity.py                          # 10,000 and 100,000 playlists
    python benchmarks/bench_similarity.py --playlists 1000000      # half an hour, 12 GB of memory
    python benchmarks/bench_similarity.py --playlists 1000000 --only ours published
    python benchmarks/bench_similarity.py --tables STATE           # tables that are there

Each gets the same saved playlist x song matrix, finds each song's top k by symmetric count (ours
scores by cosine too; `published` counts ordered pairs) and keeps it, in a process of its own.
Seconds and CPU are of the search alone, machine code being made beforehand; memory is the most the
process held, mapped files included. On a loaded machine compare CPU. Then the k-th highest counts
of every song are compared with ours: which of equal ones are kept differs. similaripy, implicit and
sparse_dot_topn are run where they are installed: none of them is among our dependencies.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from scipy.sparse import csr_matrix

from model.inputs.entries import read_lists
from model.ragged import Ragged
from model.similarity.cooccurrence import find_published, find_similar
from model.similarity.interactions import Interactions
from model.similarity.weighting import COSINE, COUNT

HERE = Path(__file__).parent
PEERS = ("similaripy", "implicit", "sparse_dot_topn")
CONTESTANTS = ("ours", "ours, cosine", "published", *PEERS)


def main() -> None:
    """Run what the options ask for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--playlists", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--tables", type=Path, metavar="STATE", help="in place of made-up ones")
    parser.add_argument("--k", type=int, default=100)
    parser.add_argument("--min-count", type=int, default=1, help="of ours alone, if above 1")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", nargs="+", choices=CONTESTANTS, default=CONTESTANTS)
    parser.add_argument("--part", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        work(options.part[0], Path(options.part[1]), Path(options.part[2]), options)
    elif options.tables:
        measure(options.tables, options)
    else:
        grow(options)


def grow(options: argparse.Namespace) -> None:
    """Measure made-up tables, and print the exponent by which our CPU time grows with size."""
    cpu_s = []
    for n_playlists in options.playlists:
        with tempfile.TemporaryDirectory(prefix="bench-") as state:
            script = HERE / "synthetic_mpd.py"
            size = ["--playlists", str(n_playlists), "--tables", state]
            subprocess.run([sys.executable, script, *size], check=True)
            cpu_s.append(measure(Path(state), options))
    if len(cpu_s) > 1 and all(cpu_s):
        exponent = np.polyfit(np.log(options.playlists), np.log(cpu_s), 1)[0]
        print(f"CPU of ours grows with the number of playlists to the power of {exponent:.2f}")


def measure(state: Path, options: argparse.Namespace) -> float:
    """Print what each takes, and its ratio to ours; return the CPU seconds of ours."""
    with _folders() as (saved, found):
        for kind in ("once", "places") if "published" in options.only else ("once",):
            _show(f"build {kind}", _start("build", state, saved / kind, options), {})
        ours: dict[str, Any] = {}
        for name in options.only:
            if name in PEERS and not find_spec(name):
                print(f"  {name:16}  not installed")
                continue
            matrix = saved / ("places" if name == "published" else "once")
            result = _start(name, matrix, found / name, options)
            ours = ours or (result if name == "ours" else {})
            _show(name, result, ours)
            if name in PEERS and ours and "failed" not in result and options.min_count == 1:
                _compare(found / "ours", found / name)
    return float(ours.get("cpu_s", 0.0))


@contextmanager
def _folders() -> Iterator[tuple[Path, Path]]:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        saved, found = Path(name) / "saved", Path(name) / "found"
        for folder in (saved / "once", saved / "places", *(found / one for one in CONTESTANTS)):
            folder.mkdir(parents=True)
        yield saved, found


def _start(name: str, source: Path, target: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Do one thing in a process of its own; a peer that fails or is killed has no figures."""
    command = [sys.executable, __file__, "--part", name, source, target, "--k", str(options.k)]
    command += ["--workers", str(options.workers), "--min-count", str(options.min_count)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=name not in PEERS)
    if done.returncode:
        return {"failed": done.returncode}
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def _show(name: str, result: dict[str, Any], ours: dict[str, Any]) -> None:
    if "failed" in result:
        print(f"  {name:16}  ended with {result['failed']}", flush=True)
        return
    line = f"  {name:16}  {result['seconds']:7.1f} s  {result['cpu_s']:7.1f} s CPU"
    line += f"  {result['memory_mb']:7,.0f} MB  {result['n']:,} {result['what']}"
    if ours and result is not ours:
        ratios = (result[key] / ours[key] for key in ("seconds", "cpu_s", "memory_mb"))
        line += "; of ours: {:.2f} seconds, {:.2f} CPU, {:.2f} memory".format(*ratios)
    print(line, flush=True)


def _compare(ours: Path, its: Path) -> None:
    """Say of how many songs the counts are the same, best first."""
    (indptr, counts), (its_indptr, its_counts) = (
        [np.load(folder / f"{name}.npy", mmap_mode="r") for name in ("indptr", "counts")]
        for folder in (ours, its)
    )
    same = 0
    for row in range(len(indptr) - 1):
        one = counts[indptr[row] : indptr[row + 1]]
        other = its_counts[its_indptr[row] : its_indptr[row + 1]]
        same += len(one) == len(other) and bool((one == other).all())
    print(f"  {'':16}  the same counts as ours for {same:,} of {len(indptr) - 1:,} songs")


# In a process of its own


def work(name: str, source: Path, target: Path, options: argparse.Namespace) -> None:
    """Build or find, and print what it took; what was found is written afterwards."""
    if name == "build":
        report(lambda: build(source, target), "entries")
        return
    held = Interactions.open(source)
    tiny = Interactions.of(Ragged.of([[0, 1, 2], [0, 1, 2]]), 3, repeats=name == "published")
    find = {
        "ours": lambda it: find_similar(it, weighting=COUNT, **_ours(options)),
        "ours, cosine": lambda it: find_similar(it, weighting=COSINE, **_ours(options)),
        "published": lambda it: find_published(it, **_ours(options)),
    }.get(name)
    if find is None:
        matrix, peer = _matrix(held), _PEERS[name]
        peer(_matrix(tiny), 2, options.workers)
        found = report(lambda: peer(matrix, options.k, options.workers), "pairs")
        _save_peers(found, options.k, target)
        return
    find(tiny)
    report(lambda: find(held), "pairs").save(target)


def _ours(options: argparse.Namespace) -> dict[str, int]:
    return {"k": options.k, "min_count": options.min_count, "workers": options.workers}


def build(state: Path, target: Path) -> Interactions:
    """Read tables and save the matrix both ways."""
    sizes = [pq.read_metadata(state / "tables" / f"{name}.parquet").num_rows for name in _TABLES]
    entries = state / "tables" / "entries.parquet"
    lists = read_lists(entries, n_playlists=sizes[0], n_tracks=sizes[1])
    made = Interactions.of(lists, sizes[1], repeats=target.name == "places")
    made.save(target)
    return made


_TABLES = ("playlists", "tracks")


def report(function: Callable[[], Any], what: str) -> Any:
    """Call a function, print what it took, and return what it returned."""
    began, cpu = time.perf_counter(), time.process_time()
    made = function()
    taken = {"seconds": time.perf_counter() - began, "cpu_s": time.process_time() - cpu}
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    n = (
        made.nnz
        if hasattr(made, "nnz")
        else len(made.lists.values if what == "pairs" else made.lists.songs)
    )
    print(json.dumps({**taken, "memory_mb": memory_mb, "n": n, "what": what}))
    return made


# The peers: all give the song itself too, so one more is asked for


def _matrix(held: Interactions) -> csr_matrix:
    """Song x playlist, songs by number, of ones."""
    lists = held.lists
    shape = (held.n_songs, len(lists.indptr) - 1)
    ones = np.ones(len(lists.playlists), dtype=np.float32)
    by_rank = csr_matrix((ones, lists.playlists, lists.song_indptr.astype(np.int32)), shape=shape)
    return by_rank[lists.ranks]


def _similaripy(matrix: csr_matrix, k: int, workers: int) -> csr_matrix:
    found = import_module("similaripy").dot_product(
        matrix, k=k + 1, num_threads=workers, verbose=False, format_output="csr"
    )
    return csr_matrix(found)


def _implicit(matrix: csr_matrix, k: int, workers: int) -> csr_matrix:
    all_pairs_knn = import_module("implicit.nearest_neighbours").all_pairs_knn
    return csr_matrix(
        all_pairs_knn(matrix.T.tocsr().astype(np.float64), k + 1, workers, show_progress=False)
    )


def _sparse_dot_topn(matrix: csr_matrix, k: int, workers: int) -> csr_matrix:
    sp_matmul_topn = import_module("sparse_dot_topn").sp_matmul_topn
    return sp_matmul_topn(matrix, matrix.T.tocsr(), top_n=k + 1, n_threads=workers)


_PEERS = {
    "similaripy": _similaripy,
    "implicit": _implicit,
    "sparse_dot_topn": _sparse_dot_topn,
}


def _save_peers(found: csr_matrix, k: int, target: Path) -> None:
    """Keep each song's counts, best first, without its own."""
    indptr, counts = [0], []
    for row in range(found.shape[0]):
        span = slice(found.indptr[row], found.indptr[row + 1])
        kept = found.data[span][(found.indices[span] != row) & (found.data[span] > 0)]
        counts.append(np.sort(kept)[::-1][:k].astype(np.int32))
        indptr.append(indptr[-1] + len(counts[-1]))
    np.save(target / "indptr.npy", np.array(indptr))
    np.save(target / "counts.npy", np.concatenate(counts))


if __name__ == "__main__":
    main()
