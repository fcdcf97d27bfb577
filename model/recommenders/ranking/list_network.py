"""A small network that scores candidates, learnt from whole lists."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Self

import numpy as np

from model.ragged import BoolArray, FloatArray, IntArray, Ragged
from model.recommenders.spread_kernels import WeightArray
from model.recommenders.threads import check_wanted

LEAST = 1e-6
"""What a weight of 0 counts as in logarithms."""
CLIP = 5.0
"""Deviations from the mean beyond which a feature is not followed."""
RARE = 0.001
"""Share of rows from which on it says something that a feature is unknown, or known."""
EVERY = 8
"""One in so many rows will do to learn means and deviations from."""


@dataclass(slots=True)
class Scaler:
    """Bring features to mean 0 and deviation 1, and say what is unknown in columns of its own.

    Parameters
    ----------
    log1p_of, log_of : ndarray, shape (n_features,)
        Of which features log(1 + x) is taken, and of which log(x).

    Attributes
    ----------
    means_, deviations_ : ndarray of float32, shape (n_features,)
    told_ : ndarray, shape (n_told,)
        Features of which it is said where they are unknown.
    """

    log1p_of: BoolArray
    log_of: BoolArray
    means_: WeightArray = field(init=False, repr=False)
    deviations_: WeightArray = field(init=False, repr=False)
    told_: IntArray = field(init=False, repr=False)

    def fit(self, features: WeightArray) -> Self:
        """Learn from rows of features, shape (n_rows, n_features); NaN is unknown."""
        rows = self._unskewed(features)
        known = ~np.isnan(rows)
        n_known = np.maximum(known.sum(axis=0), 1)
        rows[~known] = 0
        self.means_ = (rows.sum(axis=0, dtype=np.float64) / n_known).astype(np.float32)
        squares = np.where(known, rows - self.means_, 0) ** 2
        deviations = np.sqrt(squares.sum(axis=0, dtype=np.float64) / n_known)
        self.deviations_ = np.where(deviations > 0, deviations, 1).astype(np.float32)
        share = known.mean(axis=0)
        self.told_ = np.flatnonzero((share > RARE) & (share < 1 - RARE))
        return self

    def scale(self, features: WeightArray) -> WeightArray:
        """Scale rows, shape (n_rows, n_features + n_told)."""
        rows = self._unskewed(features)
        unknown = np.isnan(rows)
        rows -= self.means_
        rows /= self.deviations_
        rows[unknown] = 0
        np.clip(rows, -CLIP, CLIP, out=rows)
        return np.concatenate([rows, unknown[:, self.told_].astype(np.float32)], axis=1)

    def scale_all(self, parts: Sequence[WeightArray]) -> WeightArray:
        """Scale the rows of several parts into one array, and hold nothing twice."""
        n_columns = len(self.means_) + len(self.told_)
        scaled = np.empty((sum(map(len, parts)), n_columns), dtype=np.float32)
        first = 0
        for part in parts:
            scaled[first : first + len(part)] = self.scale(part)
            first += len(part)
        return scaled

    def _unskewed(self, features: WeightArray) -> WeightArray:
        rows = features.astype(np.float32)
        # A fourth of the time of `numpy.log1p`, and as good from 0 on in steps of 1.
        rows[:, self.log1p_of] = np.log(np.maximum(rows[:, self.log1p_of], 0) + 1)
        rows[:, self.log_of] = np.log(np.maximum(rows[:, self.log_of], LEAST))
        return rows


@dataclass(slots=True)
class ListNetwork:
    """Score candidates so that the hits of a list get the largest share of a softmax over it.

    The loss of a list is that of ListNet (Cao et al. 2007, doi:10.1145/1273496.1273513): with s the
    scores, w how many candidates each stands for, and h the number of hits,

        - sum over hits j of  1/h  log( exp(s_j) / sum over i of w_i exp(s_i) )

    Every list counts the same. Layers of rectified linear units, learnt by Adam (Kingma & Ba 2015,
    arXiv:1412.6980) at a rate that rises, and then falls as a cosine.

    Parameters
    ----------
    hidden : tuple of int
        Units of each layer.
    n_passes : int
        Times that each list is learnt from.
    least_steps : int
        At least so many steps are made, where lists are few.
    lists_at_once : int
    learning_rate, decay : float
        `decay` times the rate is how much of the weights is lost at each step.
    random_state : int

    Attributes
    ----------
    layers_ : list of ndarray of float32
        Weights and biases of each layer in turn.
    """

    hidden: tuple[int, ...] = (64, 32)
    n_passes: int = 6
    least_steps: int = 200
    lists_at_once: int = 48
    learning_rate: float = 0.002
    decay: float = 0.001
    random_state: int = 0
    layers_: list[WeightArray] = field(init=False, repr=False)

    def fit(
        self, features: WeightArray, hits: BoolArray, weights: FloatArray, lengths: IntArray
    ) -> Self:
        """Learn from lists behind each other.

        Parameters
        ----------
        features : ndarray of float32, shape (n_candidates, n_features)
            Scaled.
        hits : ndarray, shape (n_candidates,)
        weights : ndarray, shape (n_candidates,)
        lengths : ndarray, shape (n_lists,)
            Candidates of each list; lists without hits are passed over.
        """
        lists = Ragged.cut(np.arange(lengths.sum()), lengths)
        with_hits = np.flatnonzero(np.bincount(lists.owners, hits, minlength=len(lists)) > 0)
        rng = np.random.default_rng(self.random_state)
        self.layers_ = self._begin(features.shape[1], rng)
        moments = [np.zeros_like(layer) for layer in self.layers_ * 2]
        for step, (chosen, rate) in enumerate(self._batches(with_hits, rng), start=1):
            check_wanted()
            own = lists.take(chosen)
            outputs = self._forward(features[own.values])
            push = _gradient(own, outputs[-1][:, 0], hits[own.values], weights[own.values])
            self._descend(self._backward(outputs, push), moments, step, rate)
        return self

    def predict(self, features: WeightArray) -> FloatArray:
        """Score scaled rows, shape (n_rows,)."""
        return self._forward(features)[-1][:, 0].astype(np.float64)

    def _begin(self, n_features: int, rng: np.random.Generator) -> list[WeightArray]:
        sizes = [n_features, *self.hidden, 1]
        layers = []
        for n_in, n_out in pairwise(sizes):
            layers.append(rng.normal(0, np.sqrt(2 / n_in), (n_in, n_out)).astype(np.float32))
            layers.append(np.zeros(n_out, dtype=np.float32))
        layers[-2] *= np.float32(0.1)
        return layers

    def _batches(self, rows: IntArray, rng: np.random.Generator) -> list[tuple[IntArray, float]]:
        """Deal lists into batches, each with its learning rate."""
        n_batches = max(len(rows) // self.lists_at_once, 1)
        n_passes = max(self.n_passes, -(-self.least_steps // n_batches))
        dealt = [
            np.sort(batch)
            for _ in range(n_passes)
            for batch in np.array_split(rng.permutation(rows), n_batches)
        ]
        at = np.arange(len(dealt))
        falling = 0.5 + 0.5 * np.cos(np.pi * at / len(dealt))
        rising = np.minimum(at / self.least_steps, 1)
        return list(zip(dealt, (self.learning_rate * rising * falling).tolist(), strict=True))

    def _forward(self, rows: WeightArray) -> list[WeightArray]:
        """Give what each layer puts out, the input first."""
        outputs = [rows]
        for weights, bias in zip(self.layers_[::2], self.layers_[1::2], strict=True):
            raw = outputs[-1] @ weights + bias
            outputs.append(np.maximum(raw, 0) if len(outputs) <= len(self.hidden) else raw)
        return outputs

    def _backward(self, outputs: list[WeightArray], push: WeightArray) -> list[WeightArray]:
        """Give the gradient of each of `layers_`."""
        gradients: list[WeightArray] = []
        error = push[:, None]
        for layer in range(len(self.layers_) - 2, -1, -2):
            entered = outputs[layer // 2]
            gradients[:0] = [entered.T @ error, error.sum(axis=0)]
            if layer:
                error = (error @ self.layers_[layer].T) * (entered > 0)
        return gradients

    def _descend(
        self,
        gradients: list[WeightArray],
        moments: list[WeightArray],
        step: int,
        rate: float,
    ) -> None:
        means, squares = moments[: len(gradients)], moments[len(gradients) :]
        for at, gradient in enumerate(gradients):
            means[at] += np.float32(0.1) * (gradient - means[at])
            squares[at] += np.float32(0.001) * (gradient**2 - squares[at])
            spread = np.sqrt(squares[at] / np.float32(1 - 0.999**step)) + np.float32(1e-8)
            self.layers_[at] -= np.float32(rate / (1 - 0.9**step)) * means[at] / spread
            if gradient.ndim > 1:
                self.layers_[at] *= np.float32(1 - rate * self.decay)


def _gradient(
    lists: Ragged, scores: WeightArray, hits: BoolArray, weights: FloatArray
) -> WeightArray:
    """Derive the mean loss of the lists by each score, shape (n_candidates,)."""
    starts, owners = lists.indptr[:-1], lists.owners
    highest = np.maximum.reduceat(scores, starts)[owners]
    shares = np.exp(scores.astype(np.float64) - highest) * weights
    shares /= np.add.reduceat(shares, starts)[owners]
    n_hits = np.add.reduceat(hits.astype(np.float64), starts)[owners]
    return np.asarray((shares - hits / n_hits) / len(lists), dtype=np.float32)
