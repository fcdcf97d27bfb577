"""Songs or playlists with a score each, the rest being 0."""

from dataclasses import dataclass

import numpy as np

from model.library.lists import Floats, Mask, Numbers


@dataclass(frozen=True, slots=True)
class Scored:
    """Numbers, ascending and different, and their scores above 0.

    Parameters
    ----------
    numbers : ndarray of int64
    scores : ndarray of float64
    """

    numbers: Numbers
    scores: Floats

    @classmethod
    def summed(cls, numbers: Numbers, weights: Floats) -> "Scored":
        """Add up the weights of equal numbers.

        Examples
        --------
        >>> found = Scored.summed(np.array([7, 2, 7]), np.array([1.0, 4.0, 2.0]))
        >>> found.numbers.tolist(), found.scores.tolist()
        ([2, 7], [4.0, 3.0])
        """
        unique, place = np.unique(numbers, return_inverse=True)
        sums = np.bincount(place, weights, minlength=len(unique))
        return cls(unique[sums > 0], sums[sums > 0].astype(np.float64))

    def __len__(self) -> int:
        return len(self.numbers)

    def best(self, n: int) -> "Scored":
        """Keep the `n` with the highest scores; ties go to the lower number."""
        if len(self) <= n:
            return self
        least = np.partition(self.scores, -n)[-n]
        above = np.flatnonzero(self.scores > least)
        level = np.flatnonzero(self.scores == least)[: n - len(above)]
        return self.where(np.sort(np.concatenate([above, level])))

    def where(self, places: Numbers | Mask) -> "Scored":
        """Keep what stands at these places, or where a mask is true."""
        return Scored(self.numbers[places], self.scores[places])

    def ranked(self) -> Numbers:
        """Numbers, those with the highest scores first; ties by number."""
        ranked: Numbers = self.numbers[np.argsort(-self.scores, kind="stable")]
        return ranked

    def scaled(self, weight: float) -> "Scored":
        """Bring the highest score to `weight`."""
        highest = self.scores.max(initial=0.0)
        return self if not highest else Scored(self.numbers, self.scores * (weight / highest))
