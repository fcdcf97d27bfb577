"""How good predicted followers are: scores on the scale of log(1 + followers).

A playlist of 20 followers predicted as 10 is as wrong as one of 20,000 predicted as 10,000. On raw
counts a few playlists would decide every score. A prediction below 0 counts as 0.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from model.ragged import FloatArray, IntArray

SCORES = ("d2_absolute", "d2_squared", "male", "spearman")
"""Names of the scores, in the order of every array of scores."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What is predicted without features: the training part's middle, on the log scale.

    Parameters
    ----------
    median : float
        log(1 + median followers).
    mean : float
        Mean of log(1 + followers).
    """

    median: float
    mean: float

    @classmethod
    def of(cls, followers: FloatArray) -> Self:
        """Learn it of the followers of the training part, shape (n_samples,), at least one.

        Examples
        --------
        >>> Reference.of(np.array([0.0, 0.0, np.e - 1]))
        Reference(median=0.0, mean=0.3333333333333333)
        """
        return cls(float(np.log1p(np.median(followers))), float(np.log1p(followers).mean()))


def log_followers(followers: FloatArray) -> FloatArray:
    """Give log(1 + followers); what is below 0 counts as 0.

    Examples
    --------
    >>> log_followers(np.array([-5.0, 0.0, 9.0])).round(3).tolist()
    [0.0, 0.0, 2.303]
    """
    return np.asarray(np.log1p(np.maximum(followers, 0.0)))


@dataclass(frozen=True, slots=True)
class RankedPair:
    """Two orders of the same rows, sorted once for any number of resamples.

    Parameters
    ----------
    first, second : ndarray, shape (n_samples,)
        Number of each row's value among the different values, ascending.
    """

    first: IntArray
    second: IntArray

    @classmethod
    def of(cls, first: FloatArray, second: FloatArray) -> Self:
        """Sort two columns of values, shape (n_samples,) each."""
        return cls(*(np.unique(one, return_inverse=True)[1] for one in (first, second)))

    def correlation(self, weights: FloatArray) -> float:
        """Spearman's correlation of the rows, each as often as `weights` say; NaN if constant.

        Equal values share the mean of their ranks (Spearman 1904, doi:10.2307/1412159).

        Examples
        --------
        >>> pair = RankedPair.of(np.array([1.0, 2.0, 3.0]), np.array([10.0, 500.0, 90.0]))
        >>> round(pair.correlation(np.ones(3)), 3)
        0.5
        """
        first, first_variance = _centred_ranks(self.first, weights)
        second, second_variance = _centred_ranks(self.second, weights)
        if min(first_variance, second_variance) <= 0:
            return np.nan
        covariance = np.dot(weights * first, second)
        # Rounding alone leads out of the bounds.
        return float(np.clip(covariance / np.sqrt(first_variance * second_variance), -1.0, 1.0))


@dataclass(frozen=True, slots=True)
class Scorer:
    """One model's predictions, prepared to be scored on any number of resamples.

    Parameters
    ----------
    errors : ndarray, shape (2, n_samples)
        Absolute and squared log error of the prediction.
    reference_errors : ndarray, shape (2, n_samples)
        The same of the training part's median and mean.
    ranks : RankedPair
        Of the true and the predicted followers.
    """

    errors: FloatArray
    reference_errors: FloatArray
    ranks: RankedPair

    @classmethod
    def of(cls, followers: FloatArray, predicted: FloatArray, reference: Reference) -> Self:
        """Prepare predictions, shape (n_samples,), without NaN."""
        y = log_followers(followers)
        error = log_followers(predicted) - y
        return cls(
            np.stack([np.abs(error), np.square(error)]),
            np.stack([np.abs(reference.median - y), np.square(reference.mean - y)]),
            RankedPair.of(followers, predicted),
        )

    def scores(self, weights: FloatArray) -> FloatArray:
        """Give `SCORES` of the rows, each as often as `weights` say, shape (4,).

        Of ``y = log(1 + followers)`` and its prediction p:

        d2_absolute
            ``1 - sum |y - p| / sum |y - median|``, the share of the absolute error of the median
            that the prediction saves: the deviance explained under a Laplace law (Hastie,
            Tibshirani & Wainwright 2015, section 3.2). Best 1; below 0 it is worse than the
            median; NaN where that is right throughout. As scikit-learn's
            ``d2_absolute_error_score``, but of the training part's median, so that nothing is
            learnt from what is scored.
        d2_squared
            ``1 - sum (y - p)^2 / sum (y - mean)^2``, the same of squared errors: the deviance
            explained under a normal law, R² with the training part's mean (Campbell & Thompson
            2008, doi:10.1093/rfs/hhm055). The median usually is a little below 0.
        male
            ``mean |y - p|``; best 0; 0.69 is off by a factor of two.
        spearman
            See `RankedPair.correlation`; best 1, chance 0, worst -1; NaN where either is constant,
            as of fewer than two rows.

        Examples
        --------
        Off by a factor of two, and exact: (0.693 + 0) / 2.

        >>> one = Scorer.of(np.array([9.0, 4.0]), np.array([19.0, 4.0]), Reference(1.0, 1.0))
        >>> one.scores(np.ones(2)).round(3).tolist()
        [0.637, 0.768, 0.347, 1.0]
        """
        absolute, squared = self.errors @ weights
        of_median, of_mean = self.reference_errors @ weights
        return np.array(
            [
                _share_saved(absolute, of_median),
                _share_saved(squared, of_mean),
                absolute / weights.sum(),
                self.ranks.correlation(weights),
            ]
        )


def _share_saved(error: float, reference_error: float) -> float:
    return float(1.0 - error / reference_error) if reference_error > 0 else np.nan


def _centred_ranks(codes: IntArray, weights: FloatArray) -> tuple[FloatArray, float]:
    """Rank of each row less the mean rank, ties sharing theirs, and the sum of their squares."""
    counts = np.bincount(codes, weights)
    below = np.cumsum(counts)
    # Of ranks 1 ... n the mean is (n + 1) / 2; a value's are those up to `below`, in the middle.
    ranks = below - (counts + below[-1]) / 2.0
    return ranks[codes], float(counts @ np.square(ranks))
