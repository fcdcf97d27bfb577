"""The study's generator and metrics in plain pandas: a yardstick for speed, an oracle for figures.

    python benchmarks/yardstick.py STATE                          # prints the table of the study
    python benchmarks/yardstick.py STATE --clusters 50 --rows rows.csv

Written from the description of the study alone, the published protocol with its particulars, as an
analyst of 2018 would have: tables are DataFrames, and a loop takes one playlist after another. It
reads the state directory itself and shares no code with `model`, with two exceptions, because
random generators have to agree: which playlists are in which part (`model.split`), and the shuffle
of a part before it is cut into six (`model.batches`). Where the study is silent it follows
`docs/decisions/0101-model-protocols.md`.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.linear_model import LinearRegression
from yardstick_tables import FEATURES, MAXIMA, MEANS, Cleaned, clean, count_pairs, rank_similar

from model.batches import Batch, published_batches
from model.settings import PARTS, Settings
from model.split import split_playlists


class SongTwiceError(AssertionError):
    """A list that is to be extended holds a song twice: the study's assertion."""


@dataclass(frozen=True, slots=True)
class Study:
    """What is known before lists are generated.

    Parameters
    ----------
    cleaned : Cleaned
    playlists : DataFrame
        By playlist_id: name, num_followers, and the twelve features.
    similar : DataFrame
        By song, most similar first: other, count.
    parts : dict of str to ndarray
        Ids of the playlists of each part.
    regression : LinearRegression
    """

    cleaned: Cleaned
    playlists: pd.DataFrame
    similar: pd.DataFrame
    parts: dict[str, "np.ndarray[tuple[int], np.dtype[np.int64]]"]
    regression: LinearRegression


@dataclass(frozen=True, slots=True)
class Fitted:
    """A batch with the cluster of each of its playlists.

    Parameters
    ----------
    batch : Batch
        Its rows are ids of playlists.
    playlists : DataFrame
        As in `Study`, with cluster.
    kmeans : KMeans
    """

    batch: Batch
    playlists: pd.DataFrame
    kmeans: KMeans


def main() -> None:
    """Print mean and standard deviation of the batch means, as the study did."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("state", type=Path)
    parser.add_argument("--clusters", type=int, default=10)
    parser.add_argument("--rows", type=Path, metavar="FILE", help="a row a playlist, as CSV")
    options = parser.parse_args()
    rows = judge(options.state, Settings(n_clusters=options.clusters, parts=PARTS))
    if options.rows:
        rows.to_csv(options.rows, index=False)
    names = ["diff", "distance", "match", "metric"]
    means = rows.groupby(["part", "batch"], sort=False)[names].mean()
    print(means.groupby("part", sort=False).agg(["mean", "std"]).round(3).to_string())


def judge(state: Path, settings: Settings) -> pd.DataFrame:
    """Generate a list for each playlist of the parts asked for, and score it: a row a playlist."""
    study = prepare(clean(state), settings)
    return pd.concat(
        [
            generate(study, fitted, settings).assign(part=part)
            for part, fitted in fit(study, settings)
        ],
        ignore_index=True,
    )


# What is known before


def prepare(cleaned: Cleaned, settings: Settings) -> Study:
    """Split, count pairs, and fit the regression."""
    playlists = cleaned.playlists.join(engineer(cleaned))
    names, followers = playlists["name"].tolist(), playlists["num_followers"].to_numpy()
    split = split_playlists(names, followers, random_state=settings.random_state)
    ids = playlists.index.to_numpy()
    train = playlists.loc[ids[split.train]]
    return Study(
        cleaned,
        playlists,
        rank_similar(count_pairs(cleaned.heard, settings.min_count), settings.similar),
        {part: ids[split.part(part)] for part in PARTS},
        LinearRegression().fit(train[FEATURES], train["num_followers"]),
    )


def engineer(cleaned: Cleaned) -> pd.DataFrame:
    """Engineer the twelve features of every playlist."""
    entries = cleaned.entries.join(cleaned.songs, on="song").groupby("playlist_id")
    features = pd.concat([entries[MEANS].mean(), entries[MAXIMA].max()], axis=1)
    return features.set_axis(FEATURES, axis=1)


# Generation


def fit(study: Study, settings: Settings) -> Iterator[tuple[str, Fitted]]:
    """Find the clusters of every batch of the parts asked for."""
    for part in settings.parts:
        for batch in published_batches(study.parts[part], settings.random_state):
            playlists = study.playlists.loc[batch.rows]
            # Fewer different playlists than clusters: as many clusters as can be made.
            k = min(settings.n_clusters, len(playlists[FEATURES].drop_duplicates()))
            kmeans = KMeans(k, n_init=10, random_state=settings.random_state)
            labels = kmeans.fit_predict(playlists[FEATURES])
            yield part, Fitted(batch, playlists.assign(cluster=labels), kmeans)


def generate(study: Study, fitted: Fitted, settings: Settings) -> pd.DataFrame:
    """Generate for the playlists of a batch one by one, and score: a row a playlist."""
    rows = []
    for playlist_id, playlist in fitted.playlists.iterrows():
        songs = study.cleaned.entries.loc[[playlist_id], "song"].tolist()
        try:
            made = make_list(songs[0], len(songs), study, fitted, settings)
            row = {**score(made, songs, playlist, study), "failure": ""}
        except SongTwiceError as error:
            row = {"failure": str(error)}
        rows.append({"playlist_id": playlist_id, **row})
    columns = ["playlist_id", "match", "distance", "numf", "diff", "metric", "failure"]
    return pd.DataFrame(rows, columns=columns).assign(
        batch=fitted.batch.number,
        start_num=fitted.batch.start,
        n_clusters=fitted.kmeans.n_clusters,
    )


def make_list(nucleus: int, n: int, study: Study, fitted: Fitted, settings: Settings) -> list[int]:
    """Make a list of about `n` songs from its first one."""
    n_similar = int(n * settings.share)
    made = extend([nucleus], study.similar, n_similar)
    features = aggregate(made, study.cleaned.songs)
    cluster = fitted.kmeans.predict(features.to_frame().T)[0]
    members = fitted.playlists[fitted.playlists["cluster"] == cluster].sort_index()
    top = members.nlargest(settings.playlists_per_cluster, "num_followers")
    pool = study.cleaned.entries.loc[top.index, "song"]
    if len(pool) >= n - n_similar:
        drawn = pool.sample(n - n_similar, random_state=settings.random_state).tolist()
    else:
        drawn = extend(pool.tolist(), study.similar, n - n_similar)
    return made + drawn


def extend(songs: list[int], similar: pd.DataFrame, length: int) -> list[int]:
    """Append the songs similar to the first, then those similar to any that is listed by then."""
    if len(set(songs)) < len(songs):
        raise SongTwiceError("a song stands twice in the list to be extended")
    made = list(songs)
    append_similar(made, made[0], similar)
    if len(made) <= length:
        for song in made.copy():
            append_similar(made, song, similar)
    return made


def append_similar(made: list[int], song: int, similar: pd.DataFrame) -> None:
    """Append the songs of a song's rows that are not listed."""
    if song in similar.index:
        for other in similar.loc[[song], "other"]:
            if other not in made:
                made.append(other)


def aggregate(made: list[int], songs: pd.DataFrame) -> "pd.Series[float]":
    """Engineer the twelve features of a list."""
    chosen = songs.loc[made]
    return pd.concat([chosen[MEANS].mean(), chosen[MAXIMA].max()]).set_axis(FEATURES)


def score(
    made: list[int], songs: list[int], playlist: "pd.Series[float]", study: Study
) -> dict[str, float]:
    """Score a list beside the playlist."""
    features = aggregate(made, study.cleaned.songs)
    match = len(set(made) & set(songs))
    distance = np.sqrt(((playlist[FEATURES] - features) ** 2).sum())
    numf = study.regression.predict(features.to_frame().T)[0]
    diff = abs(playlist["num_followers"] - numf)
    metric = 1 / match + distance + diff
    return {"match": match, "distance": distance, "numf": numf, "diff": diff, "metric": metric}


if __name__ == "__main__":
    main()
