"""The published protocol: the study's procedure with all its particulars, to compare figures."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from model.amounts import amount
from model.batches import Batch
from model.clusters import Clusters
from model.corpus import Corpus
from model.features import aggregate
from model.figures.scoring import Truth, count_matches, finish_rows, score_features, score_songs
from model.followers import FollowerRegression
from model.metrics import RANKED_LENGTH
from model.ragged import IntArray, Ragged
from model.recommenders.base import Recommender, Training, training_part
from model.recommenders.chance import Chance
from model.recommenders.nucleus_published import PublishedNucleus
from model.recommenders.popularity import Popularity
from model.settings import Settings

_NAMES = {"nucleus": "nucleus (the study's generator)"}


@dataclass(frozen=True, slots=True)
class Study:
    """What all batches have in common.

    Parameters
    ----------
    corpus : Corpus
    settings : Settings
    similar : Ragged, n_songs lists
        The songs of the rows looked up for each song, best first.
    regression : FollowerRegression
        On raw counts of the training part.
    baselines : dict of str to Recommender
        Fitted on all playlists, as the study counted all of them.
    """

    corpus: Corpus
    settings: Settings
    similar: Ragged
    regression: FollowerRegression
    baselines: dict[str, Recommender]


def prepare(
    corpus: Corpus, settings: Settings, *, similar: Ragged, regression: FollowerRegression
) -> Study:
    """Fit the baselines on all playlists, and put all together; see `Study`."""
    everything = training_part(corpus, np.arange(len(corpus.playlists)))
    fit: dict[str, Callable[[], Recommender]] = {
        "random": lambda: Chance(settings.random_state).fit(everything),
        "popularity": lambda: Popularity().fit(everything),
    }
    baselines: dict[str, Recommender] = {
        name: make() for name, make in fit.items() if name in settings.recommenders
    }
    return Study(corpus, settings, similar, regression, baselines)


def judge_batch(
    study: Study, batch: Batch, *, clusters: Clusters | None = None, places: slice = slice(None)
) -> pd.DataFrame:
    """Generate for one batch and score: a row a playlist and recommender.

    Parameters
    ----------
    study : Study
    batch : Batch
    clusters : Clusters, optional
        Of the batch's playlists by their raw features; found here where not given.
    places : slice, optional
        Which of the batch's playlists to generate for; all are learnt from in any case.
    """
    settings, playlists = study.settings, training_part(study.corpus, batch.rows)
    nucleus = PublishedNucleus(
        study.similar,
        n_clusters=settings.n_clusters,
        playlists_per_cluster=settings.playlists_per_cluster,
        share=settings.share,
        random_state=settings.random_state,
    ).fit(playlists, clusters=clusters)
    some = training_part(study.corpus, batch.rows[places])
    truth = _truth_of(some, study.corpus.artists)
    frames: list[pd.DataFrame] = []
    for name, (songs, failures) in _generate(nucleus, study, some).items():
        rows = finish_rows(
            _score(songs, some, truth, study.regression),
            truth,
            failures=failures,
            n_clusters=nucleus.clusters_.n_clusters_,
            start_num=batch.start,
        )
        frames.append(rows.assign(recommender=name))
    return pd.concat(frames, ignore_index=True)


def notes_on(rows: pd.DataFrame, settings: Settings) -> tuple[str, ...]:
    """State where batches were too small for the clusters wanted, and how many playlists count."""
    fewest = rows.groupby("part", sort=False)["n_clusters"].min()
    small = tuple(
        f"{part}: the batches hold too few different playlists for {settings.n_clusters} "
        f"clusters; the smallest made {made}"
        for part, made in fewest.items()
        if made < settings.n_clusters
    )
    parts = rows.groupby("part", sort=False)
    return small + tuple(f"{part}: {_say_counted(own)}" for part, own in parts)


def _say_counted(rows: pd.DataFrame) -> str:
    """Say how many playlists of a part each recommender's figures are of."""
    is_scored = rows["failure"] == ""
    scored = is_scored.groupby(rows["recommender"], sort=False).sum()
    if scored.nunique() == 1:
        return f"all columns are over {amount(int(scored.iloc[0]), 'playlist')}"
    counts = ", ".join(f"{_NAMES.get(str(name), name)} over {n:,}" for name, n in scored.items())
    n_playlists = int(is_scored.groupby(rows["recommender"]).size().max())
    return (
        "the columns are over different playlists, each over those on which it did not fail: "
        f"{counts} of {n_playlists:,}"
    )


def _truth_of(some: Training, artists: IntArray) -> Truth:
    """Take all songs of the playlists but the nucleus for those to be found."""
    return Truth(
        playlist_ids=some.playlist_ids,
        songs=_without_nucleus(some.playlists.distinct(), some.playlists),
        features=aggregate(some.playlists, some.songs),
        num_followers=some.num_followers.astype(np.float64),
        artists=artists,
    )


def _generate(
    nucleus: PublishedNucleus, study: Study, batch: Training
) -> dict[str, tuple[Ragged, list[str]]]:
    """Let the study's generator and the baselines make lists that begin with the nucleus."""
    heads, lengths = batch.playlists.heads(), batch.playlists.lengths
    lists: dict[str, tuple[Ragged, list[str]]] = {}
    if "nucleus" in study.settings.recommenders:
        lists["nucleus"] = nucleus.generate(heads.values, n=lengths)
    for name, recommender in study.baselines.items():
        songs, _ = recommender.recommend(heads, n=lengths - 1)
        lists[name] = (heads.joined(songs), [""] * len(heads))
    return lists


def _score(
    songs: Ragged, batch: Training, truth: Truth, regression: FollowerRegression
) -> pd.DataFrame:
    """Score lists that begin with the nucleus, which counts in match and in no other figure."""
    features = aggregate(songs, batch.songs)
    matches = count_matches(songs, batch.playlists)
    rest = _without_nucleus(songs, batch.playlists)
    # A list that failed is empty: its figures are blanked later, and must not divide by 0 here.
    by_features = score_features(
        features, np.maximum(matches, 1.0), truth, predicted=regression.predict(features)
    )
    by_songs = score_songs(rest, rest.limited(RANKED_LENGTH), truth)
    return pd.concat([by_features, by_songs], axis=1).assign(match=matches, n_songs=songs.lengths)


def _without_nucleus(songs: Ragged, playlists: Ragged) -> Ragged:
    """Drop the first song of each playlist from the list made for it, wherever it stands."""
    nuclei = np.repeat(playlists.values[playlists.indptr[:-1]], songs.lengths)
    return songs.where(songs.values != nuclei)
