"""How a list sounds, beside playlists like it."""

from dataclasses import dataclass

import numpy as np

from model.columns import MODEL_COLUMNS, NUM_MEANS, SONG_FEATURES
from model.library.lists import Floats, Numbers
from model.library.songs import Library
from model.making.sparse import Scored

COMPARED = 20
"""Playlists that a list is compared with."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Features of a list and of playlists like it.

    Parameters
    ----------
    n_with_features : int
        Songs of the list whose features are known.
    features, similar : ndarray, shape (12,)
        `columns.MODEL_COLUMNS` of the list, and their mean over similar playlists; NaN where
        nothing is known.
    n_similar : int
        Similar playlists whose features are known.
    followers : float
        Predicted for the list; NaN where nothing is known.
    similar_predicted, similar_followers : float
        Medians over these playlists: predicted likewise, and as they are.
    """

    n_with_features: int
    features: Floats
    similar: Floats
    n_similar: int
    followers: float
    similar_predicted: float
    similar_followers: float

    @property
    def is_known(self) -> bool:
        """Whether there is anything to show."""
        return self.n_with_features > 0

    def named(self) -> list[tuple[str, float, float]]:
        """Name each feature, with the value of the list and of playlists like it."""
        return [
            (name, float(own), float(other))
            for name, own, other in zip(SONG_FEATURES, self.features, self.similar, strict=True)
        ]


def profile(library: Library, songs: Numbers, near: Scored) -> Profile:
    """Aggregate the songs' features as a playlist's (`features.aggregate`), beside the nearest."""
    table = library.portraits.features[songs].astype(np.float64)
    table = table[~np.isnan(table[:, 0])]
    own = aggregated(table)
    nearest = near.ranked()
    rows = library.portraits.playlist_features[nearest].astype(np.float64)
    known = ~np.isnan(rows[:, 0])
    rows, nearest = rows[known][:COMPARED], nearest[known][:COMPARED]
    return Profile(
        n_with_features=len(table),
        features=own,
        similar=rows.mean(axis=0) if len(rows) else np.full(len(MODEL_COLUMNS), np.nan),
        n_similar=len(rows),
        followers=_median(predicted_followers(library, own[None, :])),
        similar_predicted=_median(predicted_followers(library, rows)),
        similar_followers=_median(library.followers[nearest].astype(np.float64)),
    )


def aggregated(table: Floats) -> Floats:
    """Take the means and maxima of songs' features, shape (n_songs, 12); NaN of no songs.

    Examples
    --------
    >>> aggregated(np.array([[0.0] * 12, [1.0] * 12]))[[0, 11]].tolist()
    [0.5, 1.0]
    """
    if not len(table):
        return np.full(len(MODEL_COLUMNS), np.nan)
    means, maxima = table[:, :NUM_MEANS].mean(axis=0), table[:, NUM_MEANS:].max(axis=0)
    return np.concatenate([means, maxima])


def predicted_followers(library: Library, features: Floats) -> Floats:
    """Predict followers, as `followers.FollowerRegression` with `log_target` does."""
    learnt = library.portraits.followers
    if not len(learnt):
        return np.full(len(features), np.nan)
    *_, intercept, most = learnt.tolist()
    y = features @ learnt[:-2] + intercept
    predicted: Floats = np.expm1(np.clip(y, 0.0, np.log1p(most)))
    return predicted


def _median(values: Floats) -> float:
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) else float("nan")
