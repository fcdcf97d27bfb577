"""Generated lists and the truth -> one row of figures a playlist."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from model import metrics
from model.figures.scoring_kernels import count_common, score_r_precision, score_ranking
from model.ragged import FloatArray, IntArray, Ragged, SongArray

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
    """Score lists by the songs that they name; a song named again in a list is passed over.

    precision
        Share of a list's songs that are true; best 1, worst 0; NaN for an empty list.
    recall
        Share of the true songs that the list holds; best 1, worst 0.
    r_precision
        Of the first R songs, R being the number of the true ones, each hit counts 1, and each
        artist of the truth that only misses name counts 0.25, once: ``(hits + 0.25 artists) / R``;
        best 1, worst 0 (Chen et al. 2018, doi:10.1145/3240323.3240342).
    ndcg
        Normalised discounted cumulative gain of the first 500 songs; best 1, worst 0. A hit at
        place i, from 1, gains ``1 / log2(i + 1)``; divided by the gain of a list that begins with
        min(R, 500) hits (Järvelin & Kekäläinen 2002, doi:10.1145/582415.582418).
    clicks
        Refreshes of ten songs until the first hit, ``floor((place - 1) / 10)``; best 0, worst 51:
        no hit in 500 (Chen et al. 2018).

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
        Columns `SONG_METRICS`; NaN where there is no truth, but for precision.

    Examples
    --------
    Song 0 is true, and 1 and 2 are by the artist of the missed song 3: of two, (1 + 0.25) / 2.

    >>> lists = Ragged.of([[0, 1, 2]])
    >>> truth = Truth(
    ...     np.array([7]),
    ...     Ragged.of([[0, 3]]),
    ...     features=np.zeros((1, 12)),
    ...     num_followers=np.zeros(1),
    ...     artists=np.array([5, 7, 7, 7]),
    ... )
    >>> score_songs(lists, lists, truth).iloc[0].round(3).to_dict()
    {'precision': 0.333, 'recall': 0.5, 'r_precision': 0.625, 'ndcg': 0.613, 'clicks': 0.0}
    """
    ranking = _ranking(ranked, truth)
    columns = (
        _precision(songs, truth),
        ranking[:, 0],
        _r_precision(songs, truth),
        ranking[:, 1],
        ranking[:, 2],
    )
    return pd.DataFrame(dict(zip(SONG_METRICS, columns, strict=True)))


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
    n_songs = 1 + int(max(songs.values.max(initial=-1), truth.values.max(initial=-1)))
    return _count_common(songs, truth, n_songs)[:, 1].astype(np.float64)


def finish_rows(
    rows: pd.DataFrame, truth: Truth, *, failures: list[str], n_clusters: int, start_num: int
) -> pd.DataFrame:
    """Add ids and reasons of failure, and blank the figures of playlists that failed.

    Parameters
    ----------
    rows : DataFrame, shape (n_playlists, n_figures)
    truth : Truth
    failures : list of str, length n_playlists
        Why a playlist has no figures; empty where it has.
    n_clusters : int
        That were made.
    start_num : int
        Place of the batch's first playlist in its part, as published; else 0.
    """
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


def _count_common(songs: Ragged, truth: Ragged, n_songs: int) -> IntArray:
    """Count the different songs of each list, and those that are true: two columns."""
    counts = np.zeros((len(truth), 2), dtype=np.int64)
    count_common(
        songs.indptr, songs.values, truth.indptr, truth.values, _make_marks(n_songs), counts
    )
    return counts


def _precision(songs: Ragged, truth: Truth) -> FloatArray:
    """Share of the different songs of each list that are true; NaN for an empty list."""
    counts = _count_common(songs, truth.songs, len(truth.artists))
    shares = np.full(len(counts), np.nan)
    np.divide(counts[:, 1], counts[:, 0], out=shares, where=counts[:, 0] > 0)
    return shares


def _r_precision(songs: Ragged, truth: Truth) -> FloatArray:
    scores = np.full(len(truth.songs), np.nan)
    score_r_precision(
        songs.indptr,
        songs.values,
        truth.songs.indptr,
        truth.songs.values,
        truth.artists,
        metrics.ARTIST_CREDIT,
        _make_marks(len(truth.artists)),
        _make_marks(1 + int(truth.artists.max(initial=-1))),
        np.empty(truth.songs.lengths.max(initial=0), dtype=np.int64),
        scores,
    )
    return scores


def _ranking(ranked: Ragged, truth: Truth) -> FloatArray:
    """Recall, NDCG and clicks of each list: three columns."""
    discounts = metrics.discounts(metrics.RANKED_LENGTH)
    scores = np.full((len(truth.songs), 3), np.nan)
    score_ranking(
        ranked.indptr,
        ranked.values,
        truth.songs.indptr,
        truth.songs.values,
        discounts,
        np.cumsum(discounts),
        metrics.SONGS_PER_CLICK,
        metrics.CLICKS_WITHOUT_HIT,
        _make_marks(len(truth.artists)),
        scores,
    )
    return scores


def _make_marks(n: int) -> SongArray:
    return np.zeros(n, dtype=np.int32)
