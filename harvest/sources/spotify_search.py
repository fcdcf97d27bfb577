"""Spotify's search: ids for tracks that are known by their names alone.

https://developer.spotify.com/documentation/web-api/reference/search
"""

from collections.abc import Mapping, Sequence

import msgspec

from harvest.errors import NothingToAsk
from harvest.records import UNREADABLE
from harvest.source import Reply
from harvest.sources.credits import are_credited, words_of
from harvest.sources.releases import Release
from harvest.sources.spotify_ids import decode_reply, read_refusal
from harvest.sources.spotify_objects import (
    CATALOGUE_REFUSED,
    NO_ID,
    TRACK_TYPES,
    Track,
    track_in,
)
from harvest.texts.names import clean, plain_artist, plain_title
from harvest.transport import Request, Response, raise_for_status
from harvest.worklist import Task

N_FOUND = 10  # the most that apps in development mode may ask for since February 2026
N_OFFERED = 3
LONGEST_NAME = 100  # characters; a query may have some 250
UNREADABLE_RESULT = "Spotify offers something that cannot be read, and that may be it"
NOTHING_FOUND = "Spotify finds nothing"

_UNKNOWN = Release()


class _Page(msgspec.Struct):
    items: list[msgspec.Raw]


class _Result(msgspec.Struct):
    tracks: _Page


_DECODE_RESULT = msgspec.json.Decoder(_Result).decode


class SpotifySearch:
    """Looks for tracks by artist and title, one in one request.

    A track is found where a result has, once both are clean (`harvest.texts.names.clean`), its
    title and its artists; of several that have an id the one that is most like what is known of the
    release, then the first. Anything else is not taken, but offered to the user; where a result
    cannot be read that may be it, it is asked for again.

    Parameters
    ----------
    api_url : str
        Up to and with `/v1`.
    provider : str
        Whom this is asked.
    releases : mapping of str to Release
        What else is known of tracks, by what they are known by.
    """

    job = "ids"
    parts: tuple[str, ...] = ("search",)
    setting = "SPOTIFY_API_URL"
    wanted = 0b1
    batch_size = 1

    def __init__(
        self,
        api_url: str,
        *,
        provider: str = "spotify",
        releases: Mapping[str, Release] | None = None,
    ) -> None:
        self.address = api_url
        self.provider = provider
        self._releases = releases or {}
        self._url = f"{api_url}/search"

    def single(self) -> None:
        """Return None: one track is asked for at a time."""

    def request(self, tasks: Sequence[Task], part: str) -> Request:
        """Return the search for a track: by its fields, or for all words of its plain names."""
        (task,) = tasks
        if not (clean(task.artist) and clean(task.title)):
            raise NothingToAsk("it has no artist or no title to search for")
        query = _query(task)
        return Request(
            "GET", self._url, params={"q": query, "type": "track", "limit": str(N_FOUND)}
        )

    def otherwise(self, task: Task) -> Task | None:
        """Return the search for all words, where the one by fields finds nothing."""
        return None if task.form == "plain" else msgspec.structs.replace(task, form="plain")

    def read(self, tasks: Sequence[Task], part: str, response: Response) -> Reply:
        """Return the track in `response` that is exactly the one asked for, if one is."""
        raise_for_status(response, "Spotify")
        if response.status != 200:
            return read_refusal(
                tasks, response, url=self._url, is_single=False, refused=CATALOGUE_REFUSED
            )
        items = decode_reply(response.body, _DECODE_RESULT, what="results of a search").tracks.items
        (task,) = tasks
        return _settle(task, items, self._releases.get(task.spotify_id, _UNKNOWN))


def is_exact(task: Task, title: str, artists: Sequence[str]) -> bool:
    """Say whether names are those that are looked for, once both are clean.

    Parameters
    ----------
    task : Task
        With the names looked for; its artist may be several in one text.
    title : str
    artists : sequence of str
        Those who are credited, the first one first.

    Examples
    --------
    >>> wanted = Task("", "Beyonce", "Crazy in Love")
    >>> is_exact(wanted, "Crazy In Love", ["Beyoncé", "JAY-Z"])
    True
    >>> is_exact(wanted, "Crazy In Love - Live", ["Beyoncé"])
    False
    """
    return clean(task.title) == clean(title) and are_credited(task.artist, artists)


def _settle(task: Task, items: Sequence[msgspec.Raw], release: Release) -> Reply:
    """Make of the results of a search what they say of the track looked for."""
    read = [(item, _named_in(item)) for item in items]
    named = [track for _, track in read if track]
    exact = [track for track in named if _is_looked_for(task, track)]
    if sound := [track for track in exact if track.has_id]:
        best = max(sound, key=lambda track: release.likeness(_release_of(track)))
        return Reply([best.names(task.spotify_id)])
    if exact or any(_may_be(task, item) for item, track in read if not track):
        why = NO_ID if exact else UNREADABLE_RESULT
        return Reply((), rejected={task.spotify_id: why}, is_heard=True)
    return Reply((), missing={task.spotify_id: _offer(named)})


def _is_looked_for(task: Task, track: Track) -> bool:
    return is_exact(task, track.name or "", track.credits)


def _release_of(track: Track) -> Release:
    album = track.album.name if track.album else ""
    return Release(album or "", track.duration_ms or 0)


def _may_be(task: Task, item: msgspec.Raw) -> bool:
    """Say whether a result that is no track with a name may be the one looked for.

    It is none where it is of another type or has another name, or where it has no id, as files of
    people's own have none.
    """
    try:
        found = msgspec.json.decode(item)
    except UNREADABLE:
        return True
    if not isinstance(found, dict):
        return found is not None
    title, artists = found.get("name"), found.get("artists")
    if found.get("type") not in TRACK_TYPES or found.get("id", "") is None:
        return False
    if isinstance(title, str) and clean(title) != clean(task.title):
        return False
    names = [_name(each) for each in artists] if isinstance(artists, list) else []
    texts = [name for name in names if name]
    return not texts or len(texts) < len(names) or is_exact(task, task.title, texts)


def _name(artist: object) -> str:
    name = artist.get("name") if isinstance(artist, dict) else None
    return name if isinstance(name, str) else ""


def _query(task: Task) -> str:
    if task.form == "plain":
        return f"{_short(words_of(plain_artist(task.artist)))} {_short(plain_title(task.title))}"
    return f'track:"{_short(task.title)}" artist:"{_short(task.artist)}"'


def _short(name: str) -> str:
    return " ".join(name.replace('"', " ").split())[:LONGEST_NAME].strip()


def _offer(found: Sequence[Track]) -> str:
    if not found:
        return NOTHING_FOUND
    offers = (
        f"{', '.join(track.credits)} - {track.name} ({track.id})" for track in found[:N_OFFERED]
    )
    return f"not found exactly; Spotify offers {'; '.join(offers)}"


def _named_in(item: msgspec.Raw) -> Track | None:
    """Return a result that is a track, and has what one is known by."""
    track = track_in(item)
    return track if track and track.type in TRACK_TYPES and track.is_named else None
