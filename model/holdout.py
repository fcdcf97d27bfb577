"""The holdout protocol: fitted on the training part alone, judged on another."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from model.columns import MODEL_COLUMNS
from model.corpus import Corpus
from model.errors import InputError
from model.features import MinMax, aggregate
from model.followers import FollowerRegression
from model.metrics import RANKED_LENGTH, followers_difference
from model.ragged import FloatArray, IntArray, Ragged
from model.recommenders.base import Recommender, Training, training_part
from model.recommenders.chance import Chance
from model.recommenders.nucleus import Nucleus
from model.recommenders.popularity import Popularity
from model.scoring import Truth, count_matches, finish_rows, score_features, score_songs
from model.settings import Settings
from model.split import Split, check_leaks

TOO_SHORT = "fewer than two different songs with audio features"
TOO_FEW = "the training part holds too few songs to fill the list"


@dataclass(frozen=True, slots=True)
class Fitted:
    """Everything that is learnt from the training part.

    Parameters
    ----------
    recommenders : dict of str to Recommender
        By the name under which figures are given.
    scaler : MinMax
        Of the training playlists' features.
    regression, raw_regression : FollowerRegression
        On log(1 + followers), and on raw counts as published.
    fitted_on : dict of str to ndarray
        Ids of the playlists that each thing was fitted on.
    """

    recommenders: dict[str, Recommender]
    scaler: MinMax
    regression: FollowerRegression
    raw_regression: FollowerRegression
    fitted_on: dict[str, IntArray]
    n_clusters: int
    notes: tuple[str, ...]


def fit_all(train: Training, settings: Settings) -> Fitted:
    """Fit recommenders, scaling and follower regressions on the training part.

    Raises
    ------
    InputError
        If the training part is empty.
    """
    nucleus = Nucleus(
        n_clusters=settings.n_clusters,
        similar=settings.similar,
        playlists_per_cluster=settings.playlists_per_cluster,
        share=settings.share,
        min_count=settings.min_count,
        random_state=settings.random_state,
    ).fit(train)
    recommenders: dict[str, Recommender] = {
        "nucleus": nucleus,
        "random": Chance(settings.random_state).fit(train),
        "popularity": Popularity().fit(train),
    }
    features = aggregate(train.playlists, train.songs)
    followers = train.num_followers.astype(np.float64)
    fitted_on = {name: recommender.fitted_on_ for name, recommender in recommenders.items()}
    for what in ("scaling of features", "follower regression"):
        fitted_on[what] = train.playlist_ids
    return Fitted(
        recommenders=recommenders,
        scaler=MinMax().fit(features),
        regression=FollowerRegression(log_target=True).fit(features, followers),
        raw_regression=FollowerRegression().fit(features, followers),
        fitted_on=fitted_on,
        n_clusters=nucleus.clusters_.n_clusters_,
        notes=_notes(nucleus, settings, np.ptp(features, axis=0)),
    )


def evaluate_holdout(
    corpus: Corpus, split: Split, settings: Settings, *, say: Callable[[str], None]
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Fit on the training part, generate for the parts asked for, and score.

    Parameters
    ----------
    corpus : Corpus
    split : Split
    settings : Settings
        Its parts must not name the training part.
    say : callable
        Takes a line of progress.

    Returns
    -------
    rows : DataFrame
        One row a playlist and recommender.
    notes : tuple of str
        What a reader of the figures should know.

    Raises
    ------
    InputError
        If a part is empty, or the training part is asked for.
    LeakError
        If a held-out playlist reached anything fitted.
    """
    if "train" in settings.parts:
        msg = "the holdout protocol fits on the training part: choose --part validation or test"
        raise InputError(msg)
    fitted = fit_all(training_part(corpus, split.train), settings)
    held_out = corpus.playlist_ids[np.concatenate([split.validation, split.test])]
    check_leaks(fitted.fitted_on, held_out)
    say(f"fitted on {len(split.train):,} playlists; none of {len(held_out):,} held out was seen")
    frames = []
    for part in settings.parts:
        truth, seeds = hide_songs(corpus, split.part(part), fitted.scaler)
        for name, recommender in fitted.recommenders.items():
            rows = judge(recommender, fitted, truth, seeds, corpus.songs)
            frames.append(rows.assign(part=part, recommender=name, batch=0))
        say(f"generated and scored {len(truth.songs):,} {part} playlists")
    return pd.concat(frames, ignore_index=True), fitted.notes


def hide_songs(corpus: Corpus, rows: IntArray, scaler: MinMax) -> tuple[Truth, Ragged]:
    """Keep the first song of each playlist as its seed, and hide the others as the truth."""
    distinct = corpus.playlists.take(rows).distinct()
    hidden = distinct.tails()
    truth = Truth(
        playlist_ids=corpus.playlist_ids[rows],
        songs=hidden,
        features=scaler.transform(aggregate(hidden, corpus.songs)),
        num_followers=corpus.num_followers[rows].astype(np.float64),
        artists=corpus.artists,
    )
    return truth, distinct.heads()


def judge(
    recommender: Recommender, fitted: Fitted, truth: Truth, seeds: Ragged, songs: FloatArray
) -> pd.DataFrame:
    """Generate as many songs as are hidden, and 500, and score both; one row a playlist."""
    lists, _ = recommender.recommend(seeds, n=truth.songs.lengths)
    ranked, _ = recommender.recommend(seeds, n=RANKED_LENGTH)
    features = aggregate(lists, songs)
    matches = count_matches(lists, truth.songs)
    predicted = fitted.regression.predict(features)
    raw = fitted.raw_regression.predict(features)
    rows = pd.concat(
        [
            # The nucleus counts as one more match here, as it did in the study's 1 / match.
            score_features(
                fitted.scaler.transform(features), matches + 1.0, truth, predicted=predicted
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
    n_clusters = fitted.n_clusters
    return finish_rows(rows, truth, failures=failures, n_clusters=n_clusters, start_num=0)


def _failures(lists: Ragged, truth: Truth) -> list[str]:
    """Say of each playlist why it has no figures, or nothing."""
    wanted = truth.songs.lengths
    return [
        TOO_SHORT if not want else TOO_FEW if got < want else ""
        for want, got in zip(wanted.tolist(), lists.lengths.tolist(), strict=True)
    ]


def _notes(nucleus: Nucleus, settings: Settings, widths: FloatArray) -> tuple[str, ...]:
    """State every way in which the data allowed less than was asked for."""
    notes = []
    made, songs, pairs = nucleus.clusters_.n_clusters_, len(nucleus.popular_), nucleus.similar_
    if made < settings.n_clusters:
        notes.append(
            f"{made} clusters instead of {settings.n_clusters}: the training part holds no more "
            "playlists with different features"
        )
    constant = [name for name, width in zip(MODEL_COLUMNS, widths, strict=True) if width == 0]
    if constant:
        notes.append(f"constant in the training part, so without effect: {', '.join(constant)}")
    if songs < RANKED_LENGTH:
        notes.append(f"NDCG and clicks over {songs} songs, not 500: training holds no more")
    if not pairs.values.size:
        notes.append(
            f"no two songs share {settings.min_count} training playlists, so similarity gives "
            "nothing; a lower --min-count may"
        )
    return tuple(notes)
