"""Lists and truths -> a row of figures a playlist, and their means a category."""

import numpy as np
import pandas as pd

from model import metrics
from model.challenge.categories import LABELS
from model.challenge.definitions import Definition, discounts_of
from model.challenge.score_kernels import score_lists
from model.errors import InputError
from model.figures import intervals
from model.ragged import IntArray, Ragged

FIGURES = ("r_precision", "r_precision_tracks", "ndcg", "clicks")
"""R-precision with and without credit for artists, NDCG, clicks."""

ALL = "all"
"""Label of the row of all categories together."""


def score(
    recommended: Ragged, truth: Ragged, artists: IntArray, *, definition: Definition = "code"
) -> pd.DataFrame:
    """Score lists as the challenge did; `definitions` has the formulas.

    Parameters
    ----------
    recommended : Ragged, n_playlists lists
        Songs by number, best first, without seeds. Fewer than 500 are scored as they are.
    truth : Ragged, n_playlists lists
        Songs that were to be found, without seeds; a repeat counts once.
    artists : ndarray of int64, shape (n_songs,)
        Artist of every song that occurs in either, −1 where unknown.
    definition : {"rules", "code"}

    Returns
    -------
    DataFrame, shape (n_playlists, 4)
        Columns `FIGURES`; NaN where there is no truth.

    Raises
    ------
    InputError
        If there is no such definition, or there are not as many lists as truths.

    Examples
    --------
    >>> lists, truth = Ragged.of([[0, 1]]), Ragged.of([[0, 2]])
    >>> score(lists, truth, np.array([5, 5, 7])).iloc[0].to_dict()["r_precision"]
    0.625
    """
    gains = discounts_of(definition)
    if len(recommended) != len(truth):
        msg = f"{len(recommended)} lists for {len(truth)} playlists: expected one each"
        raise InputError(msg)
    figures = np.full((len(truth), len(FIGURES)), np.nan)
    score_lists(
        recommended.indptr,
        recommended.values,
        truth.indptr,
        truth.values,
        artists,
        gains,
        np.concatenate([[0.0], np.cumsum(gains)]),
        metrics.ARTIST_CREDIT,
        metrics.SONGS_PER_CLICK,
        metrics.CLICKS_WITHOUT_HIT,
        definition == "rules",
        np.zeros(len(artists), dtype=np.int32),
        np.zeros(1 + int(artists.max(initial=-1)), dtype=np.int32),
        figures,
    )
    return pd.DataFrame(figures, columns=list(FIGURES))


def summarise(figures: pd.DataFrame, categories: IntArray) -> pd.DataFrame:
    """Average the figures of each category and of all playlists, with 95 % bootstrap intervals.

    Playlists are resampled within a category, and for all of them together; a playlist without
    truth is passed over, and not counted.

    Parameters
    ----------
    figures : DataFrame, shape (n_playlists, n_figures)
    categories : ndarray, shape (n_playlists,)
        Numbers as in `categories.LABELS`.

    Returns
    -------
    DataFrame
        Columns category (0 ... 10; −1 for all), label, n_playlists, metric, mean, low, high:
        first the categories that occur, ascending, then all.
    """
    blocks = [
        _summary(figures[categories == number], number, LABELS[number])
        for number in np.unique(categories).tolist()
    ]
    return pd.concat([*blocks, _summary(figures, -1, ALL)])


def _summary(figures: pd.DataFrame, number: int, label: str) -> pd.DataFrame:
    # Those without truth would make resamples smaller than what is averaged.
    values = figures.dropna(how="all").to_numpy(dtype=np.float64)
    return pd.DataFrame(
        {
            "category": number,
            "label": label,
            "n_playlists": len(values),
            "metric": list(figures.columns),
            **intervals.summarise(values).columns(),
        }
    )
