"""How similar two songs are, given how many playlists hold both: one formula a way."""

from dataclasses import dataclass
from math import inf

import numpy as np

from model.errors import InputError
from model.ragged import FloatArray, IntArray
from model.settings import WEIGHTINGS, WeightingName
from model.similarity.interactions import Interactions
from model.similarity.kernels import Weights

FIXED_POINT = 1 << 24
"""Weights of playlists are whole multiples of 1 / this: sums of them are the same in any order."""


@dataclass(frozen=True, slots=True)
class Weighting:
    """A score for two songs. Higher is more similar; 0 is the worst.

    With n_ij playlists that hold both songs, n_i those that hold song i:

    - ``count``: n_ij.
    - ``cosine``: n_ij / (n_i n_j)^a; with a = 1/2 the cosine, at most 1. A higher a damps popular
      songs more, 0 not at all.
    - ``jaccard``: n_ij / (n_i + n_j - n_ij), at most 1.
    - ``tf-idf``: cosine where a playlist counts by its idf squared, at most 1; its idf is
      log((1 + songs) / (1 + its length)), songs being those that any playlist holds, so that a long
      playlist says less (Salton & Buckley 1988, doi:10.1016/0306-4573(88)90021-0).
    - ``bm25``: the sum of idf squared over the playlists that hold both, times, for each song, its
      (k1 + 1) / (k1 (1 - b + b n_i / mean n) + 1): a popular song says less (Robertson &
      Zaragoza 2009, doi:10.1561/1500000019, with songs as documents and playlists as terms).

    Parameters
    ----------
    name : {"count", "cosine", "jaccard", "tf-idf", "bm25"}
    shrinkage : float
        h >= 0: the score is multiplied by n_ij / (n_ij + h), so that few playlists weigh less
        (Koren 2008, doi:10.1145/1401890.1401944); 0 leaves it alone.
    damping : float
        a of cosine alone, in [0, 1].
    k1 : float
        Of bm25 alone: 0 counts all songs alike; more counts popular ones less.
    b : float
        Of bm25 alone: how far popularity matters at all, in [0, 1].

    Raises
    ------
    InputError
        If the name is unknown, or a number out of range.
    """

    name: WeightingName = "cosine"
    shrinkage: float = 0.0
    damping: float = 0.5
    k1: float = 1.2
    b: float = 0.75

    def __post_init__(self) -> None:
        if self.name not in WEIGHTINGS:
            msg = f"no weighting {self.name!r}; expected one of {', '.join(WEIGHTINGS)}"
            raise InputError(msg)
        steps, shares = (self.shrinkage, self.k1), (self.damping, self.b)
        if not (all(0 <= one < inf for one in steps) and all(0 <= one <= 1 for one in shares)):
            msg = (
                f"shrinkage {self.shrinkage}, damping {self.damping}, k1 {self.k1}, b {self.b}: "
                "expected shrinkage and k1 of 0 or more, damping and b from 0 to 1"
            )
            raise InputError(msg)

    def weights(self, interactions: Interactions) -> Weights:
        """Work out what the score needs of each playlist and song.

        Parameters
        ----------
        interactions : Interactions
            Without repeats.
        """
        degrees = interactions.degrees
        playlist_weights = np.empty(0, dtype=np.int64)
        if self.name in {"tf-idf", "bm25"}:
            playlist_weights = _squared_idf(interactions.lengths, int(np.count_nonzero(degrees)))
        factors = np.ones(len(degrees))
        if self.name == "cosine":
            factors = _inverse_power(degrees.astype(np.float64), self.damping)
        elif self.name == "jaccard":
            factors = degrees.astype(np.float64)
        elif self.name == "tf-idf":
            factors = _inverse_power(interactions.sums(playlist_weights).astype(np.float64), 0.5)
        elif self.name == "bm25":
            factors = self._bm25_factors(degrees)
        return Weights(playlist_weights, factors, self.name == "jaccard", float(self.shrinkage))

    def _bm25_factors(self, degrees: IntArray) -> FloatArray:
        """Damp popular songs, and take the fixed point out of the sum, its root for each of two."""
        mean = float(degrees.sum()) / max(int(np.count_nonzero(degrees)), 1)
        damped = 1 - self.b + self.b * degrees / max(mean, 1.0)
        factors = (self.k1 + 1) / (self.k1 * damped + 1) / np.sqrt(FIXED_POINT)
        return np.asarray(factors, dtype=np.float64)


COUNT, COSINE = Weighting("count"), Weighting("cosine")


def _squared_idf(lengths: IntArray, n_songs: int) -> IntArray:
    """Weigh playlists by their length, in fixed point."""
    idf: FloatArray = np.log((1 + n_songs) / (1 + lengths))
    return np.rint(idf**2 * FIXED_POINT).astype(np.int64)


def _inverse_power(bases: FloatArray, power: float) -> FloatArray:
    """1 / base^power, and 0 where there is nothing to divide by."""
    # A root is rounded the same way by every processor; other powers need not be.
    powers = np.sqrt(bases) if power == 0.5 else bases**power
    return np.divide(1.0, powers, out=np.zeros_like(bases), where=bases > 0)
