"""The holdout protocol: fitted on the training part alone, judged on another."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from model.amounts import amount
from model.clusters import Clusters
from model.columns import MODEL_COLUMNS
from model.corpus import Corpus
from model.errors import InputError
from model.features import MinMax, aggregate
from model.figures.scoring import Truth, count_matches, finish_rows, score_features, score_songs
from model.followers import FollowerRegression
from model.metrics import RANKED_LENGTH, followers_difference
from model.ragged import FloatArray, IntArray, Ragged
from model.recommenders.base import Recommender, Training
from model.recommenders.chance import Chance
from model.recommenders.nucleus import Nucleus
from model.recommenders.popularity import Popularity
from model.settings import Settings

TOO_SHORT = "too few different songs with audio features to hide any"
TOO_FEW = "the training part holds too few songs to fill the list"


@dataclass(frozen=True, slots=True)
class Learnt:
    """What is learnt of the training playlists before anything is generated.

    Parameters
    ----------
    similar : Ragged, n_songs lists
        Similar songs of each song, best first.
    features : ndarray, shape (n_playlists, 12)
        Of the training playlists, not scaled.
    scaler : MinMax
        Of these features.
    clusters : Clusters
        Of these features, scaled.
    regression, raw_regression : FollowerRegression
        On log(1 + followers), and on raw counts as published.
    """

    similar: Ragged
    features: FloatArray
    scaler: MinMax
    clusters: Clusters
    regression: FollowerRegression
    raw_regression: FollowerRegression


@dataclass(frozen=True, slots=True)
class Fitted:
    """Everything that lists are made and judged by.

    Parameters
    ----------
    recommenders : dict of str to Recommender
        By the name under which figures are given.
    learnt : Learnt
    fitted_on : dict of str to ndarray
        Ids of the playlists that each thing was fitted on.
    """

    recommenders: dict[str, Recommender]
    learnt: Learnt
    fitted_on: dict[str, IntArray]


def fit_all(train: Training, settings: Settings, learnt: Learnt) -> Fitted:
    """Fit the recommenders that are asked for on the training part.

    Raises
    ------
    InputError
        If the training part is empty.
    """
    recommenders: dict[str, Recommender] = {
        name: _fit(name, train, settings, learnt) for name in settings.recommenders
    }
    fitted_on = {name: recommender.fitted_on_ for name, recommender in recommenders.items()}
    return Fitted(recommenders, learnt, fitted_on)


def require_held_out(settings: Settings) -> None:
    """Refuse to judge what was fitted on.

    Raises
    ------
    InputError
        If the training part is asked for.
    """
    if "train" in settings.parts:
        msg = "the holdout protocol fits on the training part: choose --part validation or test"
        raise InputError(msg)


def judge_playlists(
    corpus: Corpus, rows: IntArray, fitted: Fitted, settings: Settings
) -> pd.DataFrame:
    """Generate for the playlists with these numbers, and score: a row a playlist and recommender.

    Parameters
    ----------
    corpus : Corpus
    rows : ndarray, shape (n_playlists,)
        None of the training part.
    fitted : Fitted
    settings : Settings
    """
    truth, seeds = hide_songs(corpus, rows, fitted.learnt.scaler, n_seeds=settings.n_seeds)
    return pd.concat(
        [
            judge(recommender, fitted, truth, seeds, corpus.songs).assign(recommender=name)
            for name, recommender in fitted.recommenders.items()
        ],
        ignore_index=True,
    )


def hide_songs(
    corpus: Corpus, rows: IntArray, scaler: MinMax, *, n_seeds: int = 1
) -> tuple[Truth, Ragged]:
    """Keep the first songs of each playlist as its seeds, and hide the others as the truth.

    Parameters
    ----------
    corpus : Corpus
    rows : ndarray, shape (n_playlists,)
        Numbers of the playlists.
    scaler : MinMax
        Of the training part's features.
    n_seeds : int
        At least 1; a song that a playlist names twice counts once.

    Returns
    -------
    Truth
        Of the hidden songs, with their features scaled.
    Ragged, n_playlists lists
        The seeds; of a playlist of no more songs than `n_seeds` nothing is hidden.
    """
    distinct = corpus.playlists.take(rows).distinct()
    hidden = distinct.tails(n_seeds)
    truth = Truth(
        playlist_ids=corpus.playlist_ids[rows],
        songs=hidden,
        features=scaler.transform(aggregate(hidden, corpus.songs)),
        num_followers=corpus.num_followers[rows].astype(np.float64),
        artists=corpus.artists,
    )
    return truth, distinct.limited(n_seeds)


def judge(
    recommender: Recommender, fitted: Fitted, truth: Truth, seeds: Ragged, songs: FloatArray
) -> pd.DataFrame:
    """Generate as many songs as are hidden, and 500, and score both; one row a playlist.

    Parameters
    ----------
    recommender : Recommender
        Fitted.
    fitted : Fitted
        For what is learnt beside it: scale, clusters, regressions.
    truth : Truth
    seeds : Ragged, n_playlists lists
        See `hide_songs`.
    songs : ndarray, shape (n_songs, 12)
        `Corpus.songs`.

    Returns
    -------
    DataFrame, shape (n_playlists, n_columns)
        See `figures.scoring.finish_rows`; figures are NaN where ``failure`` says why.
    """
    lists, _ = recommender.recommend(seeds, n=truth.songs.lengths)
    ranked, _ = recommender.recommend(seeds, n=RANKED_LENGTH)
    features = aggregate(lists, songs)
    matches = count_matches(lists, truth.songs)
    predicted = fitted.learnt.regression.predict(features)
    raw = fitted.learnt.raw_regression.predict(features)
    rows = pd.concat(
        [
            # The nucleus counts as one more match here, as it did in the study's 1 / match.
            score_features(
                fitted.learnt.scaler.transform(features), matches + 1.0, truth, predicted=predicted
            ),
            score_songs(lists, ranked, truth),
        ],
        axis=1,
    ).assign(
        match=matches,
        numf_raw=raw,
        diff_raw=followers_difference(truth.num_followers, raw),
        n_songs=lists.lengths,
    )
    failures = _failures(lists, truth)
    n_clusters = fitted.learnt.clusters.n_clusters_
    return finish_rows(rows, truth, failures=failures, n_clusters=n_clusters, start_num=0)


def _failures(lists: Ragged, truth: Truth) -> list[str]:
    """Say of each playlist why it has no figures, or nothing."""
    wanted = truth.songs.lengths
    return [
        TOO_SHORT if not want else TOO_FEW if got < want else ""
        for want, got in zip(wanted.tolist(), lists.lengths.tolist(), strict=True)
    ]


def notes_on(train: Training, learnt: Learnt, settings: Settings) -> tuple[str, ...]:
    """State every way in which the data allowed less than was asked for."""
    notes = []
    made, n_songs = learnt.clusters.n_clusters_, int((train.popularity() > 0).sum())
    if made < settings.n_clusters:
        notes.append(
            f"{amount(made, 'cluster')} instead of {settings.n_clusters}: the training part holds "
            "no more playlists with different features"
        )
    widths = np.ptp(learnt.features, axis=0)
    constant = [name for name, width in zip(MODEL_COLUMNS, widths, strict=True) if width == 0]
    if constant:
        notes.append(f"constant in the training part, so without effect: {', '.join(constant)}")
    if n_songs < RANKED_LENGTH:
        notes.append(
            f"NDCG and clicks over {amount(n_songs, 'song')}, not 500: training holds no more"
        )
    is_asked = settings.similar > 0 and "cooccurrence" in settings.sources
    if is_asked and not learnt.similar.values.size:
        notes.append(
            f"no two songs share {amount(settings.min_count, 'training playlist')}, so similarity "
            "gives nothing; a lower --min-count may"
        )
    return tuple(notes)


def _fit(name: str, train: Training, settings: Settings, learnt: Learnt) -> Recommender:
    if name == "random":
        return Chance(settings.random_state).fit(train)
    if name == "popularity":
        return Popularity().fit(train)
    return Nucleus(
        n_clusters=settings.n_clusters,
        similar=settings.similar,
        playlists_per_cluster=settings.playlists_per_cluster,
        share=settings.share,
        min_count=settings.min_count,
        random_state=settings.random_state,
    ).fit(
        train,
        similar=learnt.similar,
        features=learnt.features,
        scaler=learnt.scaler,
        clusters=learnt.clusters,
    )
