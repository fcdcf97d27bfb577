"""Audio features that the emulator serves: read from a CSV file, or made up from a track's id.

The made-up ones say nothing about any real recording.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv

from harvest.emulator.catalogue import noise
from harvest.emulator.catalogue.genres import GENRES
from harvest.errors import InputError

UNIT_COLUMNS = (
    "danceability",
    "energy",
    "speechiness",
    "acousticness",
    "instrumentalness",
    "liveness",
    "valence",
)
COLUMNS = (
    "danceability",
    "energy",
    "key",
    "loudness",
    "mode",
    "speechiness",
    "acousticness",
    "instrumentalness",
    "liveness",
    "valence",
    "tempo",
    "duration_ms",
    "time_signature",
)
NEEDED = (*UNIT_COLUMNS, "loudness", "tempo")
API = "https://api.spotify.com/v1"
Values = dict[str, list[Any]]
Numbers = NDArray[np.int64]

_MEASURED = tuple(name for name in COLUMNS if name not in ("duration_ms", "time_signature"))
_ARTIST_SPREAD = 0.35
_TRACK_SPREAD = 0.45


def make_features(
    ids: Sequence[str], artists: Sequence[str], genre_of: Numbers, duration_ms: Numbers
) -> Values:
    """Make up the audio features of tracks: by genre, then by artist, then by track.

    Parameters
    ----------
    ids : sequence of str of length n_tracks
        Spotify ids; with the artists they decide every value.
    artists : sequence of str of length n_tracks
        Each track's artist, by any stable name.
    genre_of : ndarray of shape (n_tracks,)
        Row of `GENRES` for each track.
    duration_ms : ndarray of shape (n_tracks,)
        Milliseconds, passed on.

    Returns
    -------
    dict of str to list
        `COLUMNS`, each of length n_tracks, within the ranges that Spotify documents.

    Examples
    --------
    >>> one = make_features(["a"], ["b"], np.array([0]), np.array([200_000]))
    >>> sorted(one) == sorted(COLUMNS), 0 <= one["energy"][0] <= 1
    (True, True)
    """
    tracks, owners = noise.keys(ids), noise.keys(artists)
    is_major = noise.uniform(tracks, 21) < _typical("major_share", genre_of)
    values: Values = {
        column: _unit_column(column, stream, tracks, owners, genre_of)
        for stream, column in enumerate(UNIT_COLUMNS)
    }
    return values | {
        "key": np.floor(noise.uniform(tracks, 20) * 12).astype(int).tolist(),
        "mode": is_major.astype(int).tolist(),
        "loudness": _loudness(tracks, owners, genre_of),
        "tempo": _tempo(tracks, genre_of),
        "duration_ms": duration_ms.tolist(),
        "time_signature": np.where(noise.uniform(tracks, 23) < 0.93, 4, 3).tolist(),
    }


def read_features(path: Path) -> tuple[list[str], Values]:
    """Read audio features from a CSV file, plain or gzipped, with Spotify's column names.

    A row without one of `NEEDED` is left out: the service would not know that track. A blank key,
    mode, duration or time signature is unknown, and becomes None.

    Parameters
    ----------
    path : Path
        Columns ``id`` and `COLUMNS`, in any order.

    Returns
    -------
    ids : list of str
        Spotify ids, in the file's order.
    values : dict of str to list
        `COLUMNS`, each as long as `ids`.

    Raises
    ------
    InputError
        If the file cannot be read, or a column is missing or not numeric.
    """
    types = dict.fromkeys(COLUMNS, pa.float64()) | {"id": pa.string()}
    table = read_csv(path, types)
    complete = table.filter(_is_complete(table))
    values: Values = {column: complete[column].to_pylist() for column in COLUMNS}
    for column in ("key", "mode", "duration_ms", "time_signature"):
        values[column] = [None if value is None else int(value) for value in values[column]]
    return complete["id"].to_pylist(), values


def encode_features(ids: Sequence[str], values: Values) -> dict[str, bytes]:
    """Encode each track's audio features once, as Spotify writes them.

    Parameters
    ----------
    ids : sequence of str of length n_tracks
        Spotify ids.
    values : dict of str to list
        `COLUMNS`, each of length n_tracks.

    Returns
    -------
    dict of str to bytes
        One JSON object by id; fields in Spotify's order, the measured ones first.
    """
    encoder = msgspec.json.Encoder()
    columns = [values[name] for name in _MEASURED]
    fragments = {}
    for row, spotify_id in enumerate(ids):
        measured = encoder.encode(
            {name: column[row] for name, column in zip(_MEASURED, columns, strict=True)}
        )
        duration_ms, time_signature = values["duration_ms"][row], values["time_signature"][row]
        fragments[spotify_id] = measured[:-1] + _trailer(spotify_id, duration_ms, time_signature)
    return fragments


def read_csv(path: Path, types: dict[str, Any]) -> Any:
    """Read columns of a CSV file, plain or gzipped.

    Parameters
    ----------
    path : Path
        The file; a name ending in ``.gz`` is decompressed on the way.
    types : dict of str to pyarrow.DataType
        The columns wanted and their types; others are ignored.

    Returns
    -------
    pyarrow.Table
        The columns, in the order of `types`; a blank is null.

    Raises
    ------
    InputError
        If the file cannot be read or is not of that shape.
    """
    options = csv.ConvertOptions(
        column_types=types, include_columns=list(types), strings_can_be_null=False
    )
    parsing = csv.ParseOptions(newlines_in_values=True)
    try:
        return csv.read_csv(path, convert_options=options, parse_options=parsing)
    except (OSError, pa.ArrowException) as error:
        reason = str(error).splitlines()[0]
        wanted = ", ".join(types)
        message = f"{path}: not a readable CSV file with the columns {wanted} ({reason})"
        raise InputError(message) from error


def _is_complete(table: Any) -> Any:
    columns = [table[column].is_valid().to_numpy() for column in NEEDED]
    return pa.array(np.logical_and.reduce(columns), type=pa.bool_())


def _typical(field: str, genre_of: Numbers) -> noise.Floats:
    by_genre = np.array([getattr(genre, field) for genre in GENRES], dtype=np.float64)
    return by_genre[genre_of]


def _unit_column(
    column: str, stream: int, tracks: noise.Keys, owners: noise.Keys, genre_of: Numbers
) -> list[float]:
    typical = _typical(column, genre_of)
    logit = np.log(typical / (1.0 - typical))
    logit += _ARTIST_SPREAD * noise.normal(owners, stream)
    logit += _TRACK_SPREAD * noise.normal(tracks, stream)
    shares = 1.0 / (1.0 + np.exp(-logit))
    digits = 6 if column in ("instrumentalness", "acousticness") else 4
    rounded: list[float] = shares.round(digits).tolist()
    return rounded


def _loudness(tracks: noise.Keys, owners: noise.Keys, genre_of: Numbers) -> list[float]:
    spread = 1.5 * noise.normal(owners, 30) + 1.5 * noise.normal(tracks, 31)
    loudness_db = np.clip(_typical("loudness_db", genre_of) + spread, -60.0, 1.0)
    rounded: list[float] = loudness_db.round(3).tolist()
    return rounded


def _tempo(tracks: noise.Keys, genre_of: Numbers) -> list[float]:
    tempo_bpm = _typical("tempo_bpm", genre_of) + 20.0 * noise.normal(tracks, 32)
    rounded: list[float] = np.clip(tempo_bpm, 50.0, 220.0).round(3).tolist()
    return rounded


def _trailer(spotify_id: str, duration_ms: int | None, time_signature: int | None) -> bytes:
    duration = "null" if duration_ms is None else duration_ms
    signature = "null" if time_signature is None else time_signature
    return (
        f',"type":"audio_features","id":"{spotify_id}","uri":"spotify:track:{spotify_id}"'
        f',"track_href":"{API}/tracks/{spotify_id}"'
        f',"analysis_url":"{API}/audio-analysis/{spotify_id}"'
        f',"duration_ms":{duration},"time_signature":{signature}}}'
    ).encode()
