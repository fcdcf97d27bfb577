"""Spotify's track objects, as far as they are looked at."""

from collections.abc import Sequence
from typing import Annotated

import msgspec

from harvest.records import LARGEST_INTEGER, SPOTIFY_ID, UNREADABLE, TrackNames

CATALOGUE_REFUSED = (
    "Spotify refuses its catalogue to this app (403); look at the app's settings at "
    "https://developer.spotify.com/dashboard, where its owner may need a subscription"
)
NO_ID = "Spotify gives it an id that is none"

TRACK_TYPES = (None, "track")  # not a set: what stands in its place may have no hash


class Artist(msgspec.Struct):
    """Who is credited."""

    name: str | None = None
    uri: str | None = None


class Album(msgspec.Struct):
    """What it was released on."""

    name: str | None = None
    uri: str | None = None


class Link(msgspec.Struct):
    """What it took the place of."""

    id: str | None = None


class Track(msgspec.Struct):
    """A track that has an id, of whatever form."""

    id: Annotated[str, msgspec.Meta(min_length=1)]
    name: str | None
    artists: list[Artist]
    album: Album | None = None
    duration_ms: Annotated[int, msgspec.Meta(le=LARGEST_INTEGER)] | None = None
    linked_from: Link | None = None
    type: object = None

    @property
    def has_id(self) -> bool:
        """Whether its id is one of Spotify's: it is to stand in the tables."""
        return SPOTIFY_ID.fullmatch(self.id) is not None

    @property
    def is_named(self) -> bool:
        """Whether it has what a track is known by; what was removed has neither."""
        return bool((self.name or "").strip() and "".join(self.credits[:1]).strip())

    @property
    def credits(self) -> Sequence[str]:
        """The names of its artists, in their order; empty where one has none."""
        return [artist.name or "" for artist in self.artists]

    def names(self, asked: str) -> TrackNames:
        """Return what it says of the track that was asked for."""
        first, album = self.artists[0], self.album or Album()
        return TrackNames(
            spotify_id=asked,
            found_id=self.id,
            title=self.name or "",
            artist=first.name or "",
            artist_uri=first.uri or "",
            album=album.name or "",
            album_uri=album.uri or "",
            duration_ms=max(self.duration_ms or 0, 0),
        )


def track_in(item: msgspec.Raw) -> Track | None:
    """Return the track that an item is; None where it is something else, or cannot be kept."""
    try:
        return msgspec.json.decode(item, type=Track)
    except UNREADABLE:
        return None
