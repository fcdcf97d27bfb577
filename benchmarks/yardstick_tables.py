"""Tables as the study cleaned them, and which songs are similar, in plain pandas."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

UNIT = [
    "danceability",
    "energy",
    "speechiness",
    "acousticness",
    "instrumentalness",
    "liveness",
    "valence",
]
MEANS = [*UNIT, "duration"]
MAXIMA = ["key", "loudness", "tempo", "time_signature"]
FEATURES = [*(f"mean_{name}" for name in MEANS), *(f"max_{name}" for name in MAXIMA)]
RANGES = {
    **dict.fromkeys(UNIT, (0, 1)),
    "key": (-1, 11),
    "loudness": (-100, 20),
    "tempo": (0, 1000),
    "time_signature": (0, 16),
}
IF_UNKNOWN = {"key": -1, "time_signature": 0}
PLAYLISTS_PER_RUN = 250


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What is left of the tables.

    Parameters
    ----------
    playlists : DataFrame
        By playlist_id: name (clean), num_followers; of those kept.
    entries : DataFrame
        By playlist_id, in order of place: song; of the playlists kept, of songs with features.
    heard : DataFrame
        playlist_id, song: the same of all playlists with a name, whatever their followers.
    songs : DataFrame
        By song: its twelve features.
    """

    playlists: pd.DataFrame
    entries: pd.DataFrame
    heard: pd.DataFrame
    songs: pd.DataFrame


def clean(state: Path) -> Cleaned:
    """Read the tables; skip what has no name, few followers or no features."""
    tables = {path.stem: pd.read_parquet(path) for path in (state / "tables").glob("*.parquet")}
    playlists = tables["playlists"].set_index("playlist_id")[["name", "num_followers"]]
    playlists["name"] = clean_names(playlists["name"])
    playlists = playlists[playlists["name"] != ""]
    tracks = tables["tracks"].merge(tables["artists"], on="artist_id")
    tracks = tracks.merge(tables["albums"], on="album_id")
    texts = ["track_name", "artist_name", "album_name"]
    tracks[texts] = tracks[texts].apply(clean_names)
    tracks = tracks[(tracks[texts] != "").all(axis=1)]
    entries = tables["entries"].sort_values(["playlist_id", "pos"])
    entries = entries[entries["playlist_id"].isin(playlists.index)]
    entries = entries.merge(tracks[["track_id", "spotify_id", "track_name", "duration_ms"]])
    entries["song"] = pd.factorize(entries["track_name"])[0]
    songs = measure_songs(entries, read_features(state / "harvest.db"))
    heard = entries.loc[entries["song"].isin(songs.index), ["playlist_id", "song"]]
    followers = playlists["num_followers"]
    playlists = playlists[(followers > 1) & (followers < followers.max())]
    playlists = playlists[playlists.index.isin(heard["playlist_id"])]
    kept = heard[heard["playlist_id"].isin(playlists.index)].set_index("playlist_id")
    return Cleaned(playlists, kept, heard, songs)


def clean_names(names: "pd.Series[str]") -> "pd.Series[str]":
    """Reduce names to lower-case ASCII words."""
    names = names.fillna("").str.replace(r"[^\w\s]", "", regex=True)
    names = names.str.replace(r" +", " ", regex=True)
    return names.str.encode("ascii", "ignore").str.decode("ascii").str.lower().str.strip()


def read_features(path: Path) -> pd.DataFrame:
    """Read what a service said of songs, and drop what is incomplete or out of range."""
    with closing(sqlite3.connect(path)) as db:
        features = pd.read_sql("SELECT * FROM audio_features", db)
    features = features.fillna(IF_UNKNOWN)[["spotify_id", *RANGES]]
    for name, (low, high) in RANGES.items():
        features = features[features[name].between(low, high)]
    return features


def measure_songs(entries: pd.DataFrame, features: pd.DataFrame) -> pd.DataFrame:
    """Give each song the features and duration of the first track with its title."""
    first = entries.drop_duplicates("song")
    first = first.assign(duration=first["duration_ms"] / 1000)
    songs = first.merge(features, on="spotify_id").set_index("song")
    return songs[MEANS + MAXIMA].astype(float)


def count_pairs(heard: pd.DataFrame, min_count: int) -> pd.DataFrame:
    """Count ordered pairs (first before second) run by run, and merge the runs."""
    run = heard["playlist_id"] // PLAYLISTS_PER_RUN
    counts = pd.concat([_count_run(entries) for _, entries in heard.groupby(run)])
    counts = counts.groupby(["first", "second"], as_index=False)["count"].sum()
    return counts[counts["count"] >= min_count]


def _count_run(entries: pd.DataFrame) -> pd.DataFrame:
    places = entries.assign(place=np.arange(len(entries)))
    pairs = places.merge(places, on="playlist_id")
    pairs = pairs[pairs["place_x"] < pairs["place_y"]]
    pairs = pairs.rename(columns={"song_x": "first", "song_y": "second"})
    return pairs.groupby(["first", "second"]).size().reset_index(name="count")


def rank_similar(pairs: pd.DataFrame, n: int) -> pd.DataFrame:
    """Keep the `n` rows with the highest count that name a song in either column."""
    left = pairs.assign(song=pairs["first"], other=pairs["second"])
    right = pairs.assign(song=pairs["second"], other=pairs["first"])
    either = pd.concat([left, right[right["first"] != right["second"]]])
    order = ["song", "count", "first", "second"]
    either = either.sort_values(order, ascending=[True, False, True, True])
    return either.groupby("song").head(n).set_index("song")[["other", "count"]]
