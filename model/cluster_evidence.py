"""How many clusters the features of playlists bear: figures beside each candidate, and a rule."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from model.amounts import amount
from model.clusters import Clusters, check_features
from model.columns import EVIDENCE_FIGURES
from model.errors import InputError
from model.ragged import FloatArray, IntArray

CANDIDATES = (2, 5, 10, 20, 50, 100)
"""Numbers of clusters that are tried: the study's, and steps between them."""

N_SEEDS = 5
"""Fits of each candidate."""

MAX_ROWS = 20_000
"""Playlists that are fitted at most; of more, as many are drawn."""

SILHOUETTE_ROWS = 5_000
"""Playlists whose silhouette is taken: all pairs of them are measured."""

MIN_STABILITY = 0.8
"""Agreement between seeds from which on `best_k` trusts a number of clusters."""


def cluster_evidence(
    X: FloatArray,
    *,
    candidates: Sequence[int] = CANDIDATES,
    n_seeds: int = N_SEEDS,
    max_rows: int = MAX_ROWS,
    random_state: int = 0,
) -> pd.DataFrame:
    """Fit each number of clusters with several seeds, and say how well it suits the playlists.

    At most `max_rows` playlists are fitted, and of these the silhouette of at most 5,000 is taken;
    both samples are drawn with `random_state`, without repeats, and serve all fits. So time stays
    below a minute or two at any size. What is fitted are `Clusters` with the seeds
    ``random_state, random_state + 1, ...``; of more than 100,000 playlists this speaks of the
    data, not of the fits by batches that `Clusters` makes of all of them.

    Silhouette: how much nearer a playlist is to its own cluster than to the next one (Rousseeuw
    1987, doi:10.1016/0377-0427(87)90125-7). Stability: the adjusted Rand index of the labels of
    two seeds, for every two of them (Hubert & Arabie 1985, doi:10.1007/BF01908075).

    Parameters
    ----------
    X : ndarray, shape (n_samples, n_features)
        Scaled as for the clusters themselves. Constant columns have no effect.
    candidates : sequence of int
        Numbers of clusters, at least 1 each.
    n_seeds : int
        At least 1; with 1, stability and all spreads are NaN.
    max_rows : int
        At least 1.
    random_state : int

    Returns
    -------
    DataFrame
        A row a candidate, ascending and without repeats:

        - ``k``; ``made``, the fewest clusters that a seed really made, less than `k` where there
          are fewer different playlists; ``n_rows``, the playlists fitted;
        - ``inertia``, sum of squared distances to the centres, and ``inertia_share``, that over
          the sum of squared distances to the mean of all; best 0, worst 1; it always falls with
          `k`, so only a bend says something; NaN where all playlists are alike;
        - ``silhouette``, best 1, worst -1; NaN for one cluster or where each playlist is its own;
        - ``stability``, best 1, about 0 where seeds agree by chance alone;
        - ``smallest``, playlists in the smallest cluster;
        - ``..._sd`` beside each of the last four: standard deviation over the seeds, of
          stability over the pairs of seeds.

    Raises
    ------
    InputError
        If there are no rows, one has a value that is not finite, or an option is below 1.

    Examples
    --------
    >>> X = np.array([[0.0], [0.1], [0.2], [9.0], [9.1], [9.2]])
    >>> evidence = cluster_evidence(X, candidates=(2, 3), n_seeds=3)
    >>> evidence[["k", "made", "stability", "smallest"]].values.tolist()[0]
    [2.0, 2.0, 1.0, 3.0]
    """
    from sklearn.metrics import pairwise_distances

    _check_options(candidates, n_seeds, max_rows)
    check_features(X)
    rng = np.random.default_rng(random_state)
    rows = _draw(rng, X, max_rows)
    seeds = range(random_state, random_state + n_seeds)
    # One thread, as in the fits: sums of distances must not depend on the cores.
    with threadpool_limits(1):
        near = np.sort(rng.permutation(len(rows))[:SILHOUETTE_ROWS])
        apart = pairwise_distances(rows[near])
        made = [_judge(rows, k, seeds, near, apart) for k in sorted(set(candidates))]
    return pd.DataFrame(made)


def best_k(evidence: pd.DataFrame, *, min_stability: float = MIN_STABILITY) -> int | None:
    """Read the evidence by one rule: the highest silhouette among the stable candidates.

    Stable is a candidate of which seeds agree by at least `min_stability`, and of which all
    clusters were made. Of equal silhouettes the one with fewer clusters is taken. This is advice;
    nothing here changes the number that a user set.

    Parameters
    ----------
    evidence : DataFrame
        From `cluster_evidence`.
    min_stability : float
        In [-1, 1].

    Returns
    -------
    int or None
        None where no candidate is stable: the playlists show no groups of their own.

    Examples
    --------
    >>> evidence = pd.DataFrame({"k": [2, 5, 9], "made": [2, 5, 9],
    ...     "silhouette": [0.3, 0.4, 0.6], "stability": [1.0, 0.9, 0.5]})
    >>> best_k(evidence), best_k(evidence, min_stability=0.95), best_k(evidence.tail(1))
    (5, 2, None)
    """
    is_stable = (evidence["stability"] >= min_stability) & (evidence["made"] == evidence["k"])
    stable = evidence[is_stable & evidence["silhouette"].notna()]
    if stable.empty:
        return None
    ranked = stable.sort_values(["silhouette", "k"], ascending=[False, True])
    return int(ranked["k"].iloc[0])


def _check_options(candidates: Sequence[int], n_seeds: int, max_rows: int) -> None:
    if not candidates or min(candidates) < 1:
        msg = f"candidates for the number of clusters are {tuple(candidates)}: give 1 or more each"
        raise InputError(msg)
    if n_seeds < 1:
        msg = f"{amount(n_seeds, 'seed')} for the evidence for clusters: give 1 or more, better 5"
        raise InputError(msg)
    if max_rows < 1:
        msg = f"{amount(max_rows, 'playlist')} to find evidence for clusters in: give 1 or more"
        raise InputError(msg)


def _draw(rng: np.random.Generator, X: FloatArray, n_rows: int) -> FloatArray:
    """Keep all rows, or draw as many as wanted, in their order."""
    if len(X) <= n_rows:
        return X
    return X[np.sort(rng.choice(len(X), n_rows, replace=False))]


def _judge(
    X: FloatArray, k: int, seeds: range, near: IntArray, apart: FloatArray
) -> dict[str, float]:
    """Fit one candidate with each seed; `apart` are the distances between the rows `near`."""
    from sklearn.metrics import adjusted_rand_score

    fits = [Clusters(k, random_state=seed).fit(X) for seed in seeds]
    inertia = np.array([fitted.inertia_ for fitted in fits])
    # Playlists all alike have no inertia to share out, but their mean is off by rounding.
    total = float(np.square(X - X.mean(axis=0)).sum()) if np.ptp(X, axis=0).any() else np.nan
    silhouette = [_silhouette(apart, fitted.labels_[near]) for fitted in fits]
    stability = [
        float(adjusted_rand_score(one.labels_, other.labels_))
        for one, other in combinations(fits, 2)
    ]
    smallest = [float(np.bincount(fitted.labels_).min()) for fitted in fits]
    row: dict[str, float] = {
        "k": k,
        "made": min(fitted.n_clusters_ for fitted in fits),
        "n_rows": len(X),
        "inertia": float(inertia.mean()),
    }
    for name, values in zip(
        EVIDENCE_FIGURES, (inertia / total, silhouette, stability, smallest), strict=True
    ):
        row[name], row[f"{name}_sd"] = _mean_and_spread(np.asarray(values))
    return row


def _silhouette(apart: FloatArray, labels: IntArray) -> float:
    """Mean silhouette; NaN where it is not defined."""
    from sklearn.metrics import silhouette_score

    n_labels = len(np.unique(labels))
    if not 2 <= n_labels < len(labels):
        return np.nan
    return float(silhouette_score(apart, labels, metric="precomputed"))


def _mean_and_spread(values: FloatArray) -> tuple[float, float]:
    mean = float(values.mean()) if values.size else np.nan
    return mean, float(values.std(ddof=1)) if values.size > 1 else np.nan
