"""Every model of followers, fitted on one part and judged on another."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from model.amounts import amount
from model.errors import InputError
from model.followers.calibration import ObservedDeciles, calibration
from model.followers.models import follower_models
from model.followers.resampling import weighted_intervals
from model.followers.scores import SCORES, Reference, Scorer
from model.ragged import FloatArray


@dataclass(frozen=True, slots=True)
class FollowerComparison:
    """How well each model predicts followers.

    Parameters
    ----------
    scores : DataFrame
        model, score (`scores.SCORES`), value, and low and high of its 95 % bootstrap interval.
        The first model is the baseline.
    calibration : DataFrame
        model, the columns of `calibration.calibration`, and low and high of the 95 % bootstrap
        intervals of observed_mean and observed_median.
    """

    scores: pd.DataFrame
    calibration: pd.DataFrame


def compare_follower_models(
    train_X: FloatArray,
    train_followers: FloatArray,
    X: FloatArray,
    followers: FloatArray,
    *,
    random_state: int,
) -> FollowerComparison:
    """Fit every model on the training part, and score it on the other one.

    All models are scored on the same resamples, so that intervals can be compared. The same data
    and seed give the same figures on any number of cores, and so does any order of the scored
    rows, but for rounding.

    Parameters
    ----------
    train_X : ndarray, shape (n_train, n_features)
    train_followers : ndarray, shape (n_train,)
        At least 0.
    X : ndarray, shape (n_samples, n_features)
        The same columns, of playlists that are not in the training part.
    followers : ndarray, shape (n_samples,)
    random_state : int
        Of the boosting and of the resamples.

    Raises
    ------
    InputError
        If a part has no rows, a value that is not finite, followers below 0, or other columns or
        another length than its counterpart.
    """
    _check("training", train_X, train_followers, n_features=train_X.shape[1])
    _check("scored", X, followers, n_features=train_X.shape[1])
    # One thread: the order of additions, and with it the result, must not depend on the cores.
    with threadpool_limits(1):
        predicted = {
            name: model.fit(train_X, train_followers).predict(X)
            for name, model in follower_models(random_state).items()
        }
        reference = Reference.of(train_followers)
        return _judge(predicted, followers, reference, random_state=random_state)


def _judge(
    predicted: dict[str, FloatArray],
    followers: FloatArray,
    reference: Reference,
    *,
    random_state: int,
) -> FollowerComparison:
    # Resamples name rows by number: rows stand in an order of their own, not in the caller's.
    order = np.lexsort([*predicted.values(), followers])
    true, by_model = followers[order], {name: made[order] for name, made in predicted.items()}
    scorers = [Scorer.of(true, made, reference) for made in by_model.values()]
    observed = [ObservedDeciles.of(true, made) for made in by_model.values()]

    def figures(weights: FloatArray) -> FloatArray:
        return np.concatenate(
            [one.scores(weights) for one in scorers] + [one.observed(weights) for one in observed]
        )

    n_scores = len(SCORES) * len(scorers)
    tenths = [np.tile(one.sizes, 2) for one in observed]
    sizes = np.concatenate([np.full(n_scores, len(true)), *tenths])
    ends = weighted_intervals(figures, len(true), sizes=sizes, random_state=random_state)
    values = np.concatenate([one.scores(np.ones(len(true))) for one in scorers])
    return FollowerComparison(
        _score_table(list(by_model), values, ends[:, :n_scores]),
        _calibration_table(by_model, true, ends[:, n_scores:]),
    )


def _score_table(names: list[str], values: FloatArray, ends: FloatArray) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "model": np.repeat(names, len(SCORES)),
            "score": np.tile(SCORES, len(names)),
            "value": values,
            "low": ends[0],
            "high": ends[1],
        }
    )


def _calibration_table(
    by_model: dict[str, FloatArray], followers: FloatArray, ends: FloatArray
) -> pd.DataFrame:
    """Set the intervals of each model's tenths beside them, in the order they were made in."""
    tables, start = [], 0
    for name, made in by_model.items():
        table = calibration(followers, made)
        table.insert(0, "model", name)
        for figure in ("observed_mean", "observed_median"):
            stop = start + len(table)
            table[f"{figure}_low"], table[f"{figure}_high"] = ends[:, start:stop]
            start = stop
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def _check(part: str, X: FloatArray, followers: FloatArray, *, n_features: int) -> None:
    """Refuse what cannot be fitted on or scored."""
    problem = ""
    if not len(X):
        problem = "has no playlists"
    elif len(X) != len(followers):
        problem = f"has features of {amount(len(X), 'playlist')} and followers of {len(followers)}"
    elif X.shape[1] != n_features:
        problem = f"has {X.shape[1]} features and the training part {n_features}"
    elif not (np.isfinite(X).all() and np.isfinite(followers).all()):
        unknown = int((~np.isfinite(X).all(axis=1) | ~np.isfinite(followers)).sum())
        several = amount(unknown, "playlist")
        problem = f"has {several} with a feature or followers that are not finite"
    elif followers.min() < 0:
        problem = f"has a playlist with {followers.min():g} followers, where 0 is the least"
    if problem:
        msg = f"followers cannot be compared: the {part} part {problem}"
        raise InputError(msg)
