"""Names and ranges of every column that `model` reads, fits on and writes, once.

The order of `SONG_FEATURES` and `MODEL_COLUMNS` is that of the study: eight means, four maxima.
"""

from typing import Final

UNIT_FEATURES: Final = (
    "danceability",
    "energy",
    "speechiness",
    "acousticness",
    "instrumentalness",
    "liveness",
    "valence",
)
"""Features of a song in [0, 1]."""

MEAN_FEATURES: Final = (*UNIT_FEATURES, "duration")
"""Features of a song that a playlist averages; `duration` is in seconds."""

MAX_FEATURES: Final = ("key", "loudness", "tempo", "time_signature")
"""Features of a song of which a playlist takes the maximum."""

SONG_FEATURES: Final = (*MEAN_FEATURES, *MAX_FEATURES)
"""The twelve features of a song, in the order of every features array."""

MODEL_COLUMNS: Final = (
    *(f"mean_{name}" for name in MEAN_FEATURES),
    *(f"max_{name}" for name in MAX_FEATURES),
)
"""The twelve features of a playlist that clusters, regression and distance use."""

NUM_MEANS: Final = len(MEAN_FEATURES)
NUM_FEATURES: Final = len(SONG_FEATURES)

SERVICE_FEATURES: Final = (*UNIT_FEATURES, *MAX_FEATURES)
"""Columns of `audio_features` in harvest.db that are read; the duration comes from the tables."""

RANGES: Final[dict[str, tuple[float, float]]] = {
    **dict.fromkeys(UNIT_FEATURES, (0.0, 1.0)),
    "key": (-1.0, 11.0),
    "loudness": (-100.0, 20.0),
    "tempo": (0.0, 1000.0),
    "time_signature": (0.0, 16.0),
}
"""Lowest and highest value that is believed, inclusive; a track with any other is not used."""

UNKNOWN_VALUES: Final[dict[str, float]] = {"key": -1.0, "time_signature": 0.0}
"""What stands for an unknown value: the lowest one, so that a maximum passes over it."""

TABLE_COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "playlists": ("playlist_id", "name", "num_tracks", "num_albums", "num_followers"),
    "tracks": (
        "track_id",
        "spotify_id",
        "track_name",
        "artist_id",
        "album_id",
        "duration_ms",
    ),
    "artists": ("artist_id", "artist_name"),
    "albums": ("album_id", "album_name"),
    "entries": ("playlist_id", "pos", "track_id"),
}
"""Columns that are read of each Parquet table; `docs/data.md` describes them."""

TEXT_COLUMNS: Final = frozenset({"name", "spotify_id", "track_name", "artist_name", "album_name"})
"""Columns of the tables that hold text; all others hold whole numbers."""

EVIDENCE_FIGURES: Final = ("inertia_share", "silhouette", "stability", "smallest")
"""What is told of each number of clusters, as means over seeds; `_sd` beside each."""

STUDY_RESULT_COLUMNS: Final = (
    "playlist_id",
    "n_clusters",
    "start_num",
    "metric",
    "match",
    "distance",
    "numf",
    "diff",
)
"""The columns of the study's result files."""
