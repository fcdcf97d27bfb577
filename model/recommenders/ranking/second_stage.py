"""The second stage of the ranker: what the first one found, put in order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np
from scipy.special import expit

from model.ragged import BoolArray, FloatArray, IntArray, Ragged
from model.recommenders.ranking.candidates import places_of
from model.recommenders.ranking.credit import with_credit
from model.recommenders.ranking.facts import COUNTS, WEIGHTS, are_facts
from model.recommenders.ranking.forest import Forest
from model.recommenders.ranking.list_network import EVERY, ListNetwork, Scaler
from model.recommenders.spread_kernels import WeightArray
from model.recommenders.threads import check_wanted, each_in_threads

if TYPE_CHECKING:
    import lightgbm

SAY_OF_VOTES = 0.05
"""What the votes of the retrievers have to say beside networks and trees: they order what these
hold equal."""
LOOKED_AT_BY_TREES = 600
"""The networks choose the candidates that the trees look at, whose work takes longest."""
PUT_IN_PAIRS = 200
"""Of these, the first are looked at by the trees that learnt the order of pairs: further behind
they change nothing."""
ABOVE = 1_000.0
"""More than two scores of a list differ by: each is a few, and at most the root of its length."""
LEARNT_FROM = {"lambdarank": 300, "binary": LOOKED_AT_BY_TREES}
"""Candidates of each list, first by votes, that trees of each objective learn from: the order of
pairs of which one is a hit, and the log loss of hits, whose scores are chances. (To leave out the
misses behind these alone would be worse than to learn from all: where there is nothing but hits, to
stand far behind would speak for a song.)"""
BLOCK = 1_024
"""Rows that the networks score at once: what is worked out for them fits into a cache."""


class Examples(NamedTuple):
    """Candidates to learn from.

    Parameters
    ----------
    features : ndarray of float32, shape (n_candidates, n_features)
    hits : ndarray, shape (n_candidates,)
    weights : ndarray, shape (n_candidates,)
    lengths : ndarray, shape (n_queries,)
        Candidates of each playlist.
    places : ndarray, shape (n_candidates,)
        Among all that were found for the playlist, best first, from 0.
    """

    features: WeightArray
    hits: BoolArray
    weights: FloatArray
    lengths: IntArray
    places: IntArray

    def count_kept(self, kept: BoolArray) -> IntArray:
        """Count what is kept of each list, shape (n_queries,)."""
        owners = np.repeat(np.arange(len(self.lengths)), self.lengths)
        return np.bincount(owners[kept], minlength=len(self.lengths))


@dataclass(slots=True)
class SecondStage:
    """Networks and gradient-boosted trees say together what is likely to be a hit.

    Small networks learn the order of whole lists (`ListNetwork`); boosted trees (LightGBM, Ke et
    al. 2017) learn the log loss of hits, and others the order of pairs (LambdaRank: Burges 2010,
    "From RankNet to LambdaRank to LambdaMART: An Overview"). A candidate's score is the sum of what
    each says and of the logarithm of the retrievers' votes, each brought to mean 0 and deviation 1
    within the list; an artist's first song is then moved up a little (`credit`).

    Parameters
    ----------
    n_networks : int
    n_trees, n_leaves, min_leaf, n_bins : int
        `n_bins` different values of each feature are told apart.
    regularisation : float
        Of the trees' leaves, L2.
    learning_rate : float
        Of the trees.
    random_state : int

    Attributes
    ----------
    pairs_, trees_ : Forest
        What learnt the order of pairs, and what learnt chances.
    networks_ : tuple of ListNetwork
    """

    n_networks: int = 2
    n_trees: int = 80
    n_leaves: int = 31
    min_leaf: int = 300
    n_bins: int = 63
    regularisation: float = 20.0
    learning_rate: float = 0.15
    random_state: int = 0
    pairs_: Forest = field(init=False, repr=False)
    trees_: Forest = field(init=False, repr=False)
    networks_: tuple[ListNetwork, ...] = field(init=False, repr=False)
    _scaler: Scaler = field(init=False, repr=False)
    _votes: int = field(init=False, repr=False)

    def fit(self, parts: Sequence[Examples], names: Sequence[str]) -> Self:
        """Learn from candidates, of which some are hits; `names` are those of the features."""
        self._votes = list(names).index("votes")
        self._scaler = Scaler(are_facts(names, COUNTS), are_facts(names, WEIGHTS))
        self._scaler.fit(np.concatenate([part.features[::EVERY] for part in parts]))
        binned = self._bin(parts, names)
        # The longest work first: no processor is left with it alone.
        learners: list[Callable[[], Any]] = [
            *(partial(self._grow, objective, binned, parts) for objective in LEARNT_FROM),
            partial(self._connect, parts),
        ]
        learnt = each_in_threads(lambda learn: learn(), learners)
        self.pairs_, self.trees_, self.networks_ = learnt
        return self

    def order(
        self, rows: Ragged, described: WeightArray, limits: IntArray, artists: IntArray
    ) -> tuple[Ragged, FloatArray]:
        """Score candidates.

        Parameters
        ----------
        rows : Ragged, n_playlists lists
        described : ndarray of float32, shape (n_candidates, n_features)
        limits : ndarray, shape (n_playlists,)
            How many of each are wanted.
        artists : ndarray, shape (n_songs,)

        Returns
        -------
        kept : Ragged, n_playlists lists
            Those that are worth a look.
        scores : ndarray, shape (n_kept,)
            Chances to be a hit, with what the artist adds (`credit`), in (0, 1].
        """
        votes = np.log(described[:, self._votes].astype(np.float64))
        scores = SAY_OF_VOTES * standardise(rows, votes)
        for said in self._say(described):
            scores += standardise(rows, said)
        kept = places_of(rows, scores) < np.maximum(limits, LOOKED_AT_BY_TREES)[rows.owners]
        rows, scores = rows.where(kept), scores[kept]
        described = described[kept]
        raw = self.trees_.predict(described)
        scores = self._order_first(rows, described, scores + standardise(rows, raw))
        return rows, with_credit(rows, scores, expit(raw), artists)

    def _order_first(self, rows: Ragged, described: WeightArray, scores: FloatArray) -> FloatArray:
        """Let the trees that learnt pairs have a say of each list's first; these stay the first."""
        first = places_of(rows, scores) < PUT_IN_PAIRS
        said = standardise(rows.where(first), self.pairs_.predict(described[first]))
        ordered = scores.copy()
        ordered[first] += said + ABOVE
        return ordered

    def _say(self, described: WeightArray) -> FloatArray:
        """Let every network score each row, shape (n_networks, n_rows)."""
        said = np.empty((len(self.networks_), len(described)))
        for first in range(0, len(described), BLOCK):
            block = slice(first, first + BLOCK)
            scaled = self._scaler.scale(described[block])
            for network, scores in zip(self.networks_, said, strict=True):
                scores[block] = network.predict(scaled)
        return said

    def _connect(self, parts: Sequence[Examples]) -> tuple[ListNetwork, ...]:
        scaled = self._scaler.scale_all([part.features for part in parts])
        hits, weights, lengths = _together(parts)
        seeds = range(self.random_state, self.random_state + self.n_networks)
        return tuple(
            ListNetwork(random_state=seed).fit(scaled, hits, weights, lengths) for seed in seeds
        )

    def _bin(self, parts: Sequence[Examples], names: Sequence[str]) -> "lightgbm.Dataset":
        """Put all that trees may learn from into bins, once."""
        import lightgbm

        hits, weights, _ = _together(parts)
        return lightgbm.Dataset(
            # In parts: put together, they would be held once more.
            [part.features for part in parts],
            label=hits.astype(np.float32),
            weight=weights.astype(np.float32),
            feature_name=[name.replace(":", "").replace(" ", "_") for name in names],
            params=self._options(),
        ).construct()

    def _grow(
        self, objective: str, binned: "lightgbm.Dataset", parts: Sequence[Examples]
    ) -> Forest:
        import lightgbm

        kept = [part.places < LEARNT_FROM[objective] for part in parts]
        own = binned.subset(np.flatnonzero(np.concatenate(kept)).tolist()).construct()
        if objective == "lambdarank":
            lengths = [part.count_kept(rows) for part, rows in zip(parts, kept, strict=True)]
            own.set_group(np.concatenate(lengths))
        grown = lightgbm.train(
            self._options() | {"objective": objective},
            own,
            num_boost_round=self.n_trees,
            callbacks=[lambda _: check_wanted()],
        )
        return Forest.of(grown)

    def _options(self) -> dict[str, Any]:
        return {
            "max_bin": self.n_bins,
            "num_leaves": self.n_leaves,
            "min_data_in_leaf": self.min_leaf,
            "lambda_l2": self.regularisation,
            "learning_rate": self.learning_rate,
            "feature_fraction": 0.5,
            "bagging_fraction": 0.8,
            "bagging_freq": 1,
            "seed": self.random_state,
            # One thread: beside other programs, several wait for each other at every step.
            "num_threads": 1,
            "deterministic": True,
            "force_row_wise": True,
            "verbosity": -1,
        }


def _together(parts: Sequence[Examples]) -> tuple[BoolArray, FloatArray, IntArray]:
    """Put hits, weights and lengths of several parts behind each other."""
    hits, weights, lengths = (
        np.concatenate([getattr(part, name) for part in parts])
        for name in ("hits", "weights", "lengths")
    )
    return hits, weights, lengths


def standardise(rows: Ragged, scores: FloatArray) -> FloatArray:
    """Bring the scores of each list to mean 0 and standard deviation 1; equal ones become 0.

    Examples
    --------
    >>> standardise(Ragged.of([[4, 5], [6]]), np.array([1.0, 3.0, 7.0])).tolist()
    [-1.0, 1.0, 0.0]
    """
    n = np.maximum(rows.lengths, 1)
    means = np.bincount(rows.owners, scores, minlength=len(rows)) / n
    steps = scores - means[rows.owners]
    deviations = np.sqrt(np.bincount(rows.owners, steps**2, minlength=len(rows)) / n)
    return np.asarray(steps / np.where(deviations > 0, deviations, 1.0)[rows.owners])
