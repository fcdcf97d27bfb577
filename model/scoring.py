"""Generated lists and the truth -> one row of figures a playlist."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from model import metrics
from model.ragged import FloatArray, IntArray, Ragged

SONG_METRICS = ("precision", "recall", "r_precision", "ndcg", "clicks")


@dataclass(frozen=True, slots=True)
class Truth:
    """What is known of the playlists under test.

    Parameters
    ----------
    playlist_ids : ndarray, shape (n_playlists,)
    songs : Ragged, n_playlists lists
        Different songs that were to be found, without the nucleus.
    features : ndarray, shape (n_playlists, 12)
        As distances are taken: raw as published, or scaled.
    num_followers : ndarray, shape (n_playlists,)
    artists : ndarray, shape (n_songs,)
        Artist of every song.
    """

    playlist_ids: IntArray
    songs: Ragged
    features: FloatArray
    num_followers: FloatArray
    artists: IntArray


def score_songs(songs: Ragged, ranked: Ragged, truth: Truth) -> pd.DataFrame:
    """Score lists by the songs that they name.

    Parameters
    ----------
    songs : Ragged, n_playlists lists
        Without the nucleus; precision and R-precision are taken of these.
    ranked : Ragged, n_playlists lists
        Without the nucleus, best first; recall, NDCG and clicks are taken of these.
    truth : Truth

    Returns
    -------
    DataFrame, shape (n_playlists, 5)
        Columns `SONG_METRICS`; NaN where there is no truth.
    """
    distinct, best = songs.distinct(), ranked.distinct()
    rows = [
        (
            metrics.precision(distinct[row], truth.songs[row]),
            metrics.recall(best[row], truth.songs[row]),
            metrics.r_precision(distinct[row], truth.songs[row], truth.artists),
            metrics.ndcg(best[row], truth.songs[row]),
            metrics.clicks(best[row], truth.songs[row]),
        )
        for row in range(len(truth.songs))
    ]
    return pd.DataFrame(rows, columns=list(SONG_METRICS), dtype=np.float64)


def score_features(
    features: FloatArray,
    matches: FloatArray,
    truth: Truth,
    *,
    predicted: FloatArray,
) -> pd.DataFrame:
    """Score lists by their engineered features: the study's metrics.

    Parameters
    ----------
    features : ndarray, shape (n_playlists, 12)
        Of the lists, scaled as the truth's are.
    matches : ndarray, shape (n_playlists,)
        Songs in common, counted with the nucleus, so at least 1.
    truth : Truth
    predicted : ndarray, shape (n_playlists,)
        Followers that the lists' features predict.

    Returns
    -------
    DataFrame
        Columns distance, numf, diff, metric, metric2, followers_log_ratio.
    """
    distances = metrics.distance(truth.features, features)
    differences = metrics.followers_difference(truth.num_followers, predicted)
    return pd.DataFrame(
        {
            "distance": distances,
            "numf": predicted,
            "diff": differences,
            "metric": metrics.metric(matches, distances, differences),
            "metric2": metrics.metric2(matches, distances),
            "followers_log_ratio": metrics.followers_log_ratio(truth.num_followers, predicted),
        }
    )


def count_matches(songs: Ragged, truth: Ragged) -> FloatArray:
    """Count the songs that each list has in common with its truth, shape (n_playlists,)."""
    return np.array(
        [metrics.match(songs[row], truth[row]) for row in range(len(truth))], dtype=np.float64
    )


def finish_rows(
    rows: pd.DataFrame, truth: Truth, *, failures: list[str], n_clusters: int, start_num: int
) -> pd.DataFrame:
    """Add ids and reasons of failure, and blank the figures of playlists that failed."""
    failed = np.array([bool(reason) for reason in failures], dtype=np.bool_)
    rows = rows.astype(np.float64)
    rows.loc[failed] = np.nan
    rows.insert(0, "playlist_id", truth.playlist_ids)
    return rows.assign(
        n_clusters=n_clusters,
        start_num=start_num,
        num_followers=truth.num_followers,
        n_truth=truth.songs.lengths,
        failure=failures,
    )
