"""How many hidden songs the methods of `model generate` find, on playlists that are held out.

    python benchmarks/bench_making.py --state STATE --playlists 500

Holds playlists of ten songs and more out, learns from the others alone, gives the first songs and
the name of each, and asks for as many songs as are hidden: R-precision over tracks, with 95 %
bootstrap intervals. The same playlists for all methods, so that differences are in pairs. The state
has to be ready (`model generate`).
"""

import argparse
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from model.library.lists import Lists
from model.library.recipes import NEIGHBOURS, SHRINKAGE, WEIGHTING, find_shelf
from model.library.songs import Library, Neighbours
from model.library.word_building import transposed
from model.making import scores
from model.making.wish import Wish
from model.ragged import Ragged
from model.similarity.cooccurrence import find_similar
from model.similarity.interactions import Interactions
from model.similarity.weighting import Weighting
from model.stages.shelving import playlist_norms

METHODS = (
    ("popularity", 0.5),
    ("titles", 0.5),
    ("neighbours", 0.5),
    ("playlists", 0.5),
    *(("blend", share) for share in (0.2, 0.5)),
)
N_RESAMPLED = 1_000


def main() -> None:
    """Print a row a method."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--playlists", type=int, default=500)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 5])
    options = parser.parse_args()
    shelf = find_shelf(options.state)
    if shelf is None:
        sys.exit(f"{options.state} is not ready: run `model generate` there first")
    whole = Library.open(shelf)
    rng = np.random.default_rng(0)
    long_ones = np.flatnonzero(np.diff(whole.playlists.indptr) >= 10)
    held_out = np.sort(rng.choice(long_ones, min(options.playlists, len(long_ones) // 5), False))
    library = learnt_without(whole, held_out)
    for n_seeds in options.seeds:
        for titled in (False, True):
            print(f"{n_seeds} songs given{' and the name' if titled else ''}:")
            for method, share in METHODS:
                if method == "titles" and not titled:
                    continue
                wish = Wish(seeds=(), method=method, share=share)
                asked = Asked(library, whole, wish, n_seeds=n_seeds, titled=titled)
                found = np.array([asked.r_precision(row) for row in held_out.tolist()])
                print(
                    f"  {method:10s} {share if method == 'blend' else '':4}  {interval(found, rng)}"
                )


def learnt_without(library: Library, held_out: np.ndarray) -> Library:
    """Empty the playlists that are held out, and learn from the others anew."""
    is_kept = np.ones(len(library.playlists), dtype=bool)
    is_kept[held_out] = False
    lists = Ragged(library.playlists.indptr, library.playlists.values)
    kept = lists.where(np.repeat(is_kept, lists.lengths))
    playlists = Lists(kept.indptr, kept.values)
    holders = transposed(playlists, library.n_songs)
    popularity = np.diff(holders.indptr)
    weighting = Weighting(WEIGHTING, shrinkage=SHRINKAGE)
    held = Interactions.of(kept, library.n_songs)
    similar = find_similar(held, k=NEIGHBOURS, weighting=weighting)
    return replace(
        library,
        playlists=playlists,
        holders=holders,
        norms=playlist_norms(playlists, popularity),
        by_rank=np.argsort(-popularity, kind="stable").astype(np.int32),
        neighbours=Neighbours(Lists(similar.indptr, similar.songs), similar.scores),
    )


@dataclass(frozen=True)
class Asked:
    """What is given of each playlist that is held out, and to whom."""

    library: Library
    whole: Library
    wish: Wish
    n_seeds: int
    titled: bool

    def r_precision(self, row: int) -> float:
        """Share of the hidden songs among as many recommended ones."""
        songs = self.whole.playlists[row].astype(np.int64)
        given, hidden = songs[: self.n_seeds], songs[self.n_seeds :]
        title = self.whole.names[row] if self.titled else ""
        wish = replace(self.wish, seeds=tuple(given.tolist()), n=len(hidden), title=title)
        near = scores.similar_playlists(self.library, given)
        named = scores.named_playlists(self.library, title) if title else given[:0]
        ranked = scores.score(self.library, wish, near, named).ranked()
        ranked = ranked[~np.isin(ranked, given)][: len(hidden)]
        return float(np.isin(ranked, hidden).sum() / len(hidden))


def interval(found: np.ndarray, rng: np.random.Generator) -> str:
    """Give the mean, and what it is between in 95 % of samples with replacement."""
    resampled = rng.choice(found, (N_RESAMPLED, len(found))).mean(axis=1)
    low, high = np.percentile(resampled, [2.5, 97.5])
    return f"{found.mean():.4f}  ({low:.4f} to {high:.4f})"


if __name__ == "__main__":
    main()
