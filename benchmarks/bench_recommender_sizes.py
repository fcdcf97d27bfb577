"""What recommenders take for many playlists: seconds to learn, playlists a second, memory.

    python benchmarks/synthetic_mpd.py --playlists 1000000 --tables STATE
    python benchmarks/bench_recommender_sizes.py STATE --held 20000 --recommenders neighbours ranker
    python benchmarks/bench_recommender_sizes.py STATE --held 1000      # all of them

STATE holds the tables of `harvest mpd`, or made-up ones, and what was harvested for them, if
anything was. As many playlists as `--held` says, drawn by `--seed`, are held out; each recommender
learns from all others in a process of its own, one after the other. Once it has answered some, it
is asked twice: for up to 1,000 of those held out, cut in the ten ways of the RecSys Challenge 2018,
equally many of each, and for all of them with title and first track. Memory is the most that the
process held at any time, the playlists themselves included.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from model.challenge.categories import CATEGORIES, Category
from model.challenge.cutting import Challenge, cut_challenge
from model.challenge.scores import score
from model.corpus import Corpus
from model.ragged import IntArray
from model.recommenders.registry import NAMES, make_recommender
from model.settings import Settings
from model.stages.grounds import Songs
from model.stages.workspace import Workspace

FIGURES = ("r_precision", "ndcg", "clicks")
N_TRACKS, MOST_CUT, N_FIRST = 500, 1_000, 100
ONE_SEED = CATEGORIES[1:2]


def main() -> None:
    """Measure one after another, or the one that a process of its own was started for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("state", type=Path)
    parser.add_argument("--held", type=int, default=1_000, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    parser.add_argument("--recommenders", nargs="+", default=list(NAMES), metavar="NAME")
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not (options.state / "tables").is_dir():
        parser.error(f"{options.state} holds no tables: make some by benchmarks/synthetic_mpd.py")
    if options.alone:
        (name,) = options.recommenders
        print(json.dumps(measure(options.state, name, options.held, options.seed)))
        return
    print(f"{'':18s}{'fit s':>8s}{'ten/s':>9s}{'one/s':>9s}{'GB':>6s}" + heads(), flush=True)
    measured = [run_alone(name, options) for name in options.recommenders]
    print(f"{'together':18s}{sum(one['fit_s'] for one in measured):8.1f}")


def run_alone(name: str, options: argparse.Namespace) -> dict[str, Any]:
    """Measure one in a process of its own, and print a line."""
    own = ("--held", options.held, "--seed", options.seed, "--recommenders", name, "--alone")
    command = [sys.executable, __file__, options.state, *own]
    done = subprocess.run([str(one) for one in command], check=True, stdout=subprocess.PIPE)
    found: dict[str, Any] = json.loads(done.stdout)
    figures = "".join(f"{found[one]:12.4f}" for one in FIGURES)
    rates = f"{found['ten_a_second']:9,.0f}{found['one_a_second']:9,.0f}{found['gb']:6.1f}"
    print(f"{name:18s}{found['fit_s']:8.1f}{rates}{figures}", flush=True)
    return found


def measure(state: Path, name: str, n_held: int, seed: int) -> dict[str, Any]:
    """Fit one, ask it twice, and score the ten categories."""
    songs = Songs.of(Workspace(state, Settings(protocol="challenge"), say)).open()
    corpus = songs.corpus
    order = np.random.default_rng(seed).permutation(len(corpus.playlists))
    held, training = np.sort(order[:n_held]), np.sort(order[n_held:])
    train = songs.training(training)
    started = time.perf_counter()
    recommender = make_recommender(name).fit(train)
    fit_s = time.perf_counter() - started
    ten = cut(corpus, held, seed, CATEGORIES, MOST_CUT)
    # Compiled code is loaded at the first answer.
    recommender.recommend(ten.seeds.take(np.arange(N_FIRST)), n=N_TRACKS)
    lists, ten_a_second = ask(recommender, ten)
    _, one_a_second = ask(recommender, cut(corpus, held, seed, ONE_SEED, n_held))
    figures = score(lists, ten.truth, corpus.artists)
    gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    costs = {"fit_s": fit_s, "ten_a_second": ten_a_second, "one_a_second": one_a_second, "gb": gb}
    return costs | {one: float(figures[one].mean()) for one in FIGURES}


def say(line: str) -> None:
    """Pass a line of progress on."""
    print(line, file=sys.stderr)


def cut(
    corpus: Corpus, rows: IntArray, seed: int, wanted: Sequence[Category], most: int
) -> Challenge:
    """Hide a part of the playlists held out."""
    titles = corpus.titles or corpus.names
    return cut_challenge(corpus.playlists, titles, rows, seed, n_playlists=most, wanted=wanted)


def ask(recommender: Any, challenge: Challenge) -> tuple[Any, float]:
    """Give 500 tracks for each playlist, and how many playlists a second that was."""
    titles = [title or "" for title in challenge.titles]
    started = time.perf_counter()
    lists, _ = recommender.recommend(challenge.seeds, n=N_TRACKS, title=titles)
    return lists, len(challenge) / (time.perf_counter() - started)


def heads() -> str:
    """Name the columns of figures."""
    return "".join(f"{one[:11]:>12s}" for one in FIGURES)


if __name__ == "__main__":
    main()
