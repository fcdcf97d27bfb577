"""The values that travel from a service's reply to the store."""

import re
from math import isfinite
from operator import attrgetter
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta

# What decoding may raise, whatever was sent; the last where it is nested thousands deep.
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

SPOTIFY_ID = re.compile(r"[0-9A-Za-z]{22}")
SPOTIFY_ID_GLOB = "[0-9A-Za-z]" * 22  # the same for SQLite

LARGEST_INTEGER = 2**63 - 1  # that SQLite holds

Unit = Annotated[float, Meta(ge=0, le=1)]
Count = Annotated[int, Meta(ge=0, le=LARGEST_INTEGER)]
Metre = Annotated[int, Meta(ge=0, le=16)]


class AudioFeatures(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How one track sounds, on Spotify's scales.

    Ranges are checked where a reply is converted into this type. They are a little wider than what
    Spotify documents, to admit every value that it has been seen to serve.

    Attributes
    ----------
    spotify_id : str
        The track.
    danceability, energy, speechiness, acousticness, instrumentalness, liveness, valence : float
        In [0, 1].
    key : int or None
        Pitch class, 0 = C to 11 = B; -1 where none was found; None where it is unknown.
    loudness : float
        Decibels, about -60 to 5.
    mode : int or None
        0 minor, 1 major; None where it is unknown.
    tempo : float
        Beats per minute, 0 where none was found.
    duration_ms : int or None
        Milliseconds; None where the provider has none.
    time_signature : int or None
        Beats in a bar; None where the provider has none.
    """

    spotify_id: str = msgspec.field(name="id")
    danceability: Unit
    energy: Unit
    key: Annotated[int, Meta(ge=-1, le=11)] | None
    loudness: Annotated[float, Meta(ge=-100, le=20)]
    mode: Annotated[int, Meta(ge=0, le=1)] | None
    speechiness: Unit
    acousticness: Unit
    instrumentalness: Unit
    liveness: Unit
    valence: Unit
    tempo: Annotated[float, Meta(ge=0, le=1000)]
    duration_ms: Count | None = None
    time_signature: Metre | None = None


_FLOATS = tuple(
    field.name
    for field in msgspec.structs.fields(AudioFeatures)
    if isinstance(msgspec.inspect.type_info(field.type), msgspec.inspect.FloatType)
)
_floats = attrgetter(*_FLOATS)

F = TypeVar("F", bound=AudioFeatures)


def decode_features(item: msgspec.Raw, kind: type[F]) -> F:
    """Decode one JSON object of audio features, checking its ranges.

    Whole numbers may come as 4.0 or "4": services that keep them in tables with gaps send them so.

    Raises
    ------
    msgspec.DecodeError
        If a field is absent, of another type, out of its range or not a finite number.

    Examples
    --------
    >>> decode_features(msgspec.Raw(b'{"id": "a"}'), AudioFeatures)
    Traceback (most recent call last):
    msgspec.ValidationError: Object missing required field `danceability`
    """
    features = msgspec.json.decode(item, type=kind, strict=False)
    require_finite(features)
    return features


def require_finite(features: AudioFeatures) -> None:
    """Refuse infinities and "not a number", which a text may name and no range holds back.

    Raises
    ------
    msgspec.ValidationError
        Naming the first field that is no finite number.
    """
    values = _floats(features)
    if not all(map(isfinite, values)):
        name = next(n for n, value in zip(_FLOATS, values, strict=True) if not isfinite(value))
        raise msgspec.ValidationError(f"Expected a finite number - at `$.{name}`")


class TrackInfo(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What last.fm knows of a track: names as it corrects them, and how often it is heard."""

    spotify_id: str
    artist: str
    title: str
    listeners: Count
    playcount: Count
    mbid: str | None = None


class Tag(msgspec.Struct, frozen=True, gc=False):
    """A tag that listeners gave to a track; `weight` is 0 to 100, 100 for its commonest tag."""

    spotify_id: str
    tag: str
    weight: Annotated[int, Meta(ge=0, le=100)]


class SimilarTrack(msgspec.Struct, frozen=True, gc=False):
    """A track that last.fm calls similar; `match` is 0 to 1, 1 for the most similar."""

    spotify_id: str
    artist: str
    title: str
    match: Unit


class TrackNames(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What Spotify calls a track, by the id or by what else it was asked for.

    Attributes
    ----------
    spotify_id : str
        As asked for: an id, or the ``name:track:`` URI of one without.
    found_id : str
        Spotify's.
    title, artist, artist_uri, album, album_uri : str
        Of several artists the first.
    duration_ms : int
    """

    spotify_id: Annotated[str, Meta(min_length=1)]
    found_id: Annotated[str, Meta(min_length=1)]
    title: Annotated[str, Meta(min_length=1)]
    artist: Annotated[str, Meta(min_length=1)]
    artist_uri: str
    album: str
    album_uri: str
    duration_ms: Count


Record = AudioFeatures | TrackInfo | Tag | SimilarTrack | TrackNames
