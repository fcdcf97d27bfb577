"""The ranker beside five methods that a user would pick instead, in one run.

    python benchmarks/bench_recommenders.py STATE                     # three cuts: seeds 1, 2, 3
    python benchmarks/bench_recommenders.py STATE --seeds 7 --test 700 --train 2800
    python benchmarks/bench_recommenders.py STATE --ours ranker blend ridge

STATE holds the tables of `harvest mpd`. For each seed the playlists are dealt into training and
test anew; the test playlists are cut twice: all with their title and first track, and in the ten
ways of the RecSys Challenge 2018, equally many of each. Everybody is fitted on the same training
playlists and gives 500 tracks. R-precision, NDCG and clicks are those of `model score`.

The five: the most popular tracks; item neighbours by cosine and by BM25; playlist neighbours;
`implicit`'s ALS, called directly, with its own fold-in of new playlists. `implicit` is not among
our dependencies: `pip install implicit`. A ratio is ours over the best of the five in that figure;
p is of a paired bootstrap of the playlists, two-sided, 10,000 resamples. Memory is how much more
the process held at the end of fitting; on a loaded machine compare seconds within a run alone.
"""

import argparse
import time
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from model.challenge.categories import CATEGORIES
from model.challenge.cutting import Challenge, cut_challenge
from model.challenge.scores import score
from model.comparison.pairs import compare_pairs
from model.corpus import Corpus, read_corpus
from model.errors import InputError
from model.ragged import Ragged
from model.recommenders.base import Training, training_part
from model.recommenders.holdings import held_songs
from model.recommenders.popularity import Popularity
from model.recommenders.registry import make_recommender
from model.tables import read_tables

FIGURES = ("r_precision", "ndcg", "clicks")
GOALS = {
    "title + first track": {"r_precision": 1.35, "ndcg": 1.27, "clicks": 0.55},
    "ten categories": {"r_precision": 1.25, "ndcg": 1.18, "clicks": 0.65},
}
N_TRACKS, N_RESAMPLES = 500, 10_000


class ImplicitAls:
    """`implicit`'s ALS as its users call it: fit, then `recommend` with recalculate_user."""

    def __init__(self, *, factors: int, regularization: float, alpha: float) -> None:
        self.options = {"factors": factors, "regularization": regularization, "alpha": alpha}

    def fit(self, train: Training) -> "ImplicitAls":
        """Fit on the playlists, and popularity for those without seeds."""
        module = import_module("implicit.cpu.als")
        self.model = module.AlternatingLeastSquares(**self.options, iterations=15, random_state=0)
        self.model.fit(csr_matrix(held_songs(train)), show_progress=False)
        self.popular, self.n_songs = Popularity().fit(train), train.n_songs
        return self

    def recommend(
        self, seeds: Ragged, *, n: int, title: list[str] | None = None
    ) -> tuple[Ragged, Any]:
        """Fold in each playlist and take the best; seeds are filtered by the library."""
        known = seeds.distinct()
        rows = csr_matrix(
            (np.ones(len(known.values), np.float32), known.values, known.indptr),
            shape=(len(seeds), self.n_songs),
        )
        ids, scores = self.model.recommend(
            np.arange(len(seeds)), rows, N=n, recalculate_user=True, filter_already_liked_items=True
        )
        popular, _ = self.popular.recommend(seeds, n=n)
        lists = [
            popular[row] if not len(known[row]) else ids[row].astype(np.int64)
            for row in range(len(seeds))
        ]
        return Ragged.of(lists), scores


PEERS: dict[str, Callable[[], Any]] = {
    "popularity": lambda: make_recommender("popularity"),
    "item cosine": lambda: make_recommender("neighbours:cosine"),
    "item BM25": lambda: make_recommender("neighbours:bm25"),
    "playlist neighbours": lambda: make_recommender("playlists"),
    "ALS of implicit": lambda: ImplicitAls(factors=128, regularization=1.0, alpha=10.0),
}


def main() -> None:
    """Run what the options ask for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("state", type=Path)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--train", type=int, default=2_800)
    parser.add_argument("--test", type=int, default=700)
    parser.add_argument("--ours", nargs="+", default=["ranker"])
    options = parser.parse_args()
    if find_spec("implicit") is None:
        parser.error("implicit, one of the five, is not installed: pip install implicit")
    try:
        corpus = read_corpus(read_tables(options.state), "challenge")
    except InputError as error:
        parser.error(str(error))
    for seed in options.seeds:
        run(corpus, seed, options)


def run(corpus: Corpus, seed: int, options: argparse.Namespace) -> None:
    """Compare on one cut, and print."""
    order = np.random.default_rng(seed).permutation(len(corpus.playlists))
    test = np.sort(order[: options.test])
    training = np.sort(order[options.test : options.test + options.train])
    cuts = {
        "title + first track": cut(corpus, test, seed, wanted=CATEGORIES[1:2]),
        "ten categories": cut(corpus, test, seed, wanted=CATEGORIES),
    }
    print(f"\nseed {seed}: {len(training):,} training, {len(test):,} test playlists")
    train = training_part(corpus, training)
    figures = {}
    print(f"{'':22s}{'fit s':>8s}{'a second':>10s}{'MB':>7s}" + header(cuts))
    for name in [*PEERS, *options.ours]:
        make = PEERS.get(name) or (lambda name=name: make_recommender(name))
        figures[name] = measure(name, make(), train, cuts, corpus)
    for name in options.ours:
        for label, goals in GOALS.items():
            compare(name, label, goals, figures)


def cut(corpus: Corpus, rows: Any, seed: int, *, wanted: Any) -> Challenge:
    """Hide a part of the test playlists."""
    titles = corpus.titles or corpus.names
    return cut_challenge(corpus.playlists, titles, rows, seed, wanted=wanted)


def measure(
    name: str, recommender: Any, train: Training, cuts: dict[str, Challenge], corpus: Corpus
) -> dict[str, pd.DataFrame]:
    """Fit, recommend, score, and print a line."""
    before, started = resident_mb(), time.perf_counter()
    recommender.fit(train)
    fitted, memory = time.perf_counter() - started, resident_mb() - before
    figures, asked, started = {}, 0, time.perf_counter()
    lists = {}
    for label, challenge in cuts.items():
        titles = [title or "" for title in challenge.titles]
        lists[label], _ = recommender.recommend(challenge.seeds, n=N_TRACKS, title=titles)
        asked += len(challenge)
    rate = asked / (time.perf_counter() - started)
    for label, challenge in cuts.items():
        figures[label] = score(lists[label], challenge.truth, corpus.artists)
    means = "".join(f"{figures[label][one].mean():12.4f}" for label in cuts for one in FIGURES)
    print(f"{name:22s}{fitted:8.1f}{rate:10,.0f}{memory:7,.0f}{means}", flush=True)
    return figures


def compare(
    name: str, label: str, goals: dict[str, float], figures: dict[str, dict[str, pd.DataFrame]]
) -> None:
    """Print ours over the best of the five, figure by figure."""
    for figure, goal in goals.items():
        lower = figure == "clicks"
        means = {peer: figures[peer][label][figure].mean() for peer in PEERS}
        best = (min if lower else max)(means, key=lambda peer: means[peer])
        ours, theirs = figures[name][label][figure], figures[best][label][figure]
        ratio = ours.mean() / theirs.mean()
        reached = ratio <= goal if lower else ratio >= goal
        print(
            f"  {name}, {label}, {figure}: {ours.mean():.4f} / {theirs.mean():.4f} ({best}) = "
            f"{ratio:.3f}, goal {'<=' if lower else '>='} {goal}: "
            f"{'reached' if reached else 'MISSED'}, p {paired_p(ours - theirs):.4f}"
        )


def paired_p(differences: "pd.Series[float]") -> float:
    """Two-sided p that the mean difference is 0, by a bootstrap of the playlists."""
    pairs = compare_pairs(differences.to_numpy()[:, None], n_resamples=N_RESAMPLES)
    return float(pairs.p_value[0])


def header(cuts: dict[str, Challenge]) -> str:
    """Name the columns."""
    return "".join(f"{one[:11]:>12s}" for _ in cuts for one in FIGURES)


def resident_mb() -> float:
    """Memory that this process holds."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


if __name__ == "__main__":
    main()
