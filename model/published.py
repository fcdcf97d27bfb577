"""The published protocol: the study's procedure with all its particulars, to compare figures."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from model.corpus import Corpus
from model.features import aggregate
from model.followers import FollowerRegression
from model.metrics import RANKED_LENGTH
from model.ragged import IntArray, Ragged
from model.recommenders.base import Recommender, Training, training_part
from model.recommenders.chance import Chance
from model.recommenders.nucleus_published import PublishedNucleus
from model.recommenders.popularity import Popularity
from model.scoring import Truth, count_matches, finish_rows, score_features, score_songs
from model.settings import Settings
from model.similarity.cooccurrence import find_published
from model.similarity.interactions import Interactions
from model.split import Split

N_BATCHES = 6

STUDY_MEANS: dict[tuple[str, int], dict[str, float]] = {
    (part, k): dict(zip(("diff", "distance", "match", "metric", "metric2"), means, strict=True))
    for part, k, means in (
        ("train", 2, (17.37, 23.74, 6.02, 41.50, 24.13)),
        ("train", 10, (17.45, 24.76, 6.13, 42.60, 25.15)),
        ("train", 50, (17.31, 25.83, 6.15, 43.53, 26.22)),
        ("train", 100, (17.42, 25.66, 6.22, 43.47, 26.05)),
        ("validation", 2, (8.38, 23.27, 6.22, 32.02, 23.64)),
        ("validation", 10, (7.87, 24.47, 6.32, 32.70, 24.83)),
        ("validation", 50, (7.96, 24.61, 6.49, 32.93, 24.97)),
        ("validation", 100, (7.88, 24.74, 6.54, 32.99, 25.10)),
        ("test", 2, (13.35, 25.11, 6.19, 38.83, 25.48)),
        ("test", 10, (12.80, 24.76, 6.29, 37.93, 25.13)),
    )
}
"""The study's published means by part and number of clusters, for reference."""


def evaluate_published(
    corpus: Corpus, split: Split, settings: Settings, *, say: Callable[[str], None]
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Do as the study did, in six batches a part.

    Parameters
    ----------
    corpus : Corpus
    split : Split
    settings : Settings
    say : callable
        Takes a line of progress.

    Returns
    -------
    rows : DataFrame
        One row a playlist and recommender.
    notes : tuple of str
        What a reader of the figures should know.
    """
    study = _prepare(corpus, split, settings)
    say(f"counted co-occurrence in {len(corpus.counted):,} playlists; similar songs are known")
    frames: list[pd.DataFrame] = []
    for part in settings.parts:
        batches = _batches(split.part(part), settings.random_state)
        frames += [
            _run_batch(study, batch).assign(part=part, batch=batch.number) for batch in batches
        ]
        say(f"generated and scored {len(split.part(part)):,} {part} playlists")
    rows = pd.concat(frames, ignore_index=True)
    return rows, _notes(rows, settings)


@dataclass(frozen=True, slots=True)
class _Study:
    """What all batches have in common."""

    corpus: Corpus
    settings: Settings
    similar: Ragged
    regression: FollowerRegression
    baselines: dict[str, Recommender]


@dataclass(frozen=True, slots=True)
class _Batch:
    """One sixth of a part: its number, the place of its first playlist, its playlists."""

    number: int
    start: int
    rows: IntArray


def _prepare(corpus: Corpus, split: Split, settings: Settings) -> _Study:
    """Count pairs over all playlists, as the study did, and fit followers on train."""
    counted = Interactions.of(corpus.counted, corpus.n_songs, repeats=True)
    train = training_part(corpus, split.train)
    features = aggregate(train.playlists, train.songs)
    everything = training_part(corpus, np.arange(len(corpus.playlists)))
    return _Study(
        corpus=corpus,
        settings=settings,
        similar=find_published(counted, k=settings.similar, min_count=settings.min_count).lists,
        regression=FollowerRegression().fit(features, train.num_followers.astype(np.float64)),
        baselines={
            "random": Chance(settings.random_state).fit(everything),
            "popularity": Popularity().fit(everything),
        },
    )


def _batches(rows: IntArray, random_state: int) -> Iterator[_Batch]:
    """Shuffle a part and cut it into six; empty ones are left out."""
    shuffled = np.random.default_rng(random_state).permutation(rows)
    start = 0
    for number, batch in enumerate(np.array_split(shuffled, N_BATCHES)):
        if len(batch):
            yield _Batch(number, start, batch)
        start += len(batch)


def _run_batch(study: _Study, batch: _Batch) -> pd.DataFrame:
    """Generate for one batch and score: a row a playlist and recommender."""
    playlists = training_part(study.corpus, batch.rows)
    settings = study.settings
    nucleus = PublishedNucleus(
        study.similar,
        n_clusters=settings.n_clusters,
        playlists_per_cluster=settings.playlists_per_cluster,
        share=settings.share,
        random_state=settings.random_state,
    ).fit(playlists)
    truth = Truth(
        playlist_ids=playlists.playlist_ids,
        songs=_without_nucleus(playlists.playlists.distinct(), playlists.playlists),
        features=aggregate(playlists.playlists, playlists.songs),
        num_followers=playlists.num_followers.astype(np.float64),
        artists=study.corpus.artists,
    )
    frames: list[pd.DataFrame] = []
    for name, (songs, failures) in _generate(nucleus, study.baselines, playlists).items():
        rows = finish_rows(
            _score(songs, playlists, truth, study.regression),
            truth,
            failures=failures,
            n_clusters=nucleus.clusters_.n_clusters_,
            start_num=batch.start,
        )
        frames.append(rows.assign(recommender=name))
    return pd.concat(frames, ignore_index=True)


def _generate(
    nucleus: PublishedNucleus, baselines: dict[str, Recommender], batch: Training
) -> dict[str, tuple[Ragged, list[str]]]:
    """Let the study's generator and the baselines make lists that begin with the nucleus."""
    heads, lengths = batch.playlists.heads(), batch.playlists.lengths
    lists = {"nucleus": nucleus.generate(heads.values, n=lengths)}
    for name, recommender in baselines.items():
        songs, _ = recommender.recommend(heads, n=lengths - 1)
        joined = Ragged.of(np.r_[heads[row], songs[row]] for row in range(len(heads)))
        lists[name] = (joined, [""] * len(heads))
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


def _notes(rows: pd.DataFrame, settings: Settings) -> tuple[str, ...]:
    """State for which parts the batches were too small for the clusters wanted."""
    fewest = rows.groupby("part", sort=False)["n_clusters"].min()
    return tuple(
        f"{part}: the batches hold too few different playlists for {settings.n_clusters} "
        f"clusters; the smallest made {made}"
        for part, made in fewest.items()
        if made < settings.n_clusters
    )
