"""What Spotify calls its tracks: names for ids, and ids for names.

https://developer.spotify.com/documentation/web-api/reference/get-several-tracks and
https://developer.spotify.com/documentation/web-api/reference/search
"""

from collections.abc import Sequence
from typing import Annotated

import msgspec

from harvest.errors import NothingToAsk
from harvest.names import clean, plain_artist, plain_title
from harvest.records import LARGEST_INTEGER, SPOTIFY_ID, UNREADABLE, TrackNames
from harvest.source import TWO_ROWS, Reply
from harvest.sources.spotify_ids import AskedById, decode_object, decode_reply, read_refusal, settle
from harvest.transport import Request, Response, raise_for_status
from harvest.worklist import Task

LARGEST_BATCH = 50
N_FOUND = 10  # the most that apps in development mode may ask for since February 2026
N_OFFERED = 3
LONGEST_NAME = 100  # characters; a query may have some 250
REFUSED = (
    "Spotify refuses its catalogue to this app (403); look at the app's settings at "
    "https://developer.spotify.com/dashboard, where its owner may need a subscription"
)
NAMELESS = "Spotify has no name for it: it was removed"
NO_ID = "Spotify gives it an id that is none"
UNREADABLE_RESULT = "Spotify offers something that cannot be read, and that may be it"
NOTHING_FOUND = "Spotify finds nothing"

_TRACK_TYPES = (None, "track")  # not a set: what stands in its place may have no hash


class _Artist(msgspec.Struct):
    name: str | None = None
    uri: str | None = None


class _Album(msgspec.Struct):
    name: str | None = None
    uri: str | None = None


class _Link(msgspec.Struct):
    id: str | None = None


class _Track(msgspec.Struct):
    """A track object, as far as it is looked at."""

    id: Annotated[str, msgspec.Meta(min_length=1)]
    name: str | None
    artists: list[_Artist]
    album: _Album | None = None
    duration_ms: Annotated[int, msgspec.Meta(le=LARGEST_INTEGER)] | None = None
    linked_from: _Link | None = None
    type: object = None

    @property
    def has_id(self) -> bool:
        """Whether its id is one of Spotify's: it is to stand in the tables."""
        return SPOTIFY_ID.fullmatch(self.id) is not None

    @property
    def is_named(self) -> bool:
        """Whether it has what a track is known by; what was removed has neither."""
        first = self.artists[0].name if self.artists else None
        return bool((self.name or "").strip() and (first or "").strip())

    def names(self, asked: str) -> TrackNames:
        """Return what it says of the track that was asked for."""
        first, album = self.artists[0], self.album or _Album()
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


class _Batch(msgspec.Struct):
    tracks: list[msgspec.Raw]


class _Page(msgspec.Struct):
    items: list[msgspec.Raw]


class _Result(msgspec.Struct):
    tracks: _Page


_DECODE_BATCH = msgspec.json.Decoder(_Batch).decode
_DECODE_RESULT = msgspec.json.Decoder(_Result).decode


class SpotifyNames(AskedById):
    """Asks what tracks are called, by Spotify id, up to 50 in one request."""

    job = "names"
    parts: tuple[str, ...] = ("track",)
    path = "tracks"
    largest_batch = LARGEST_BATCH
    refused = REFUSED

    def read_single(self, tasks: Sequence[Task], body: bytes) -> Reply:
        """Return the names of one track; what is no object, such as a page, says nothing of it."""
        decode_reply(body, decode_object, what="tracks")
        return _match(tasks, [msgspec.Raw(body)])

    def read_batch(self, tasks: Sequence[Task], body: bytes) -> Reply:
        """Return the names of many tracks."""
        return _match(tasks, decode_reply(body, _DECODE_BATCH, what="tracks").tracks)


class SpotifySearch:
    """Looks for tracks by artist and title, one in one request.

    A track is found where a result has, once both are clean (`harvest.names.clean`), its title and
    one of its artists; of several the first that has an id. Anything else is not taken, but offered
    to the user; where a result cannot be read that may be it, it is asked for again.

    Parameters
    ----------
    api_url : str
        Up to and with `/v1`.
    provider : str
        Whom this is asked.
    """

    job = "ids"
    parts: tuple[str, ...] = ("search",)
    wanted = 0b1
    batch_size = 1

    def __init__(self, api_url: str, *, provider: str = "spotify") -> None:
        self.address = api_url
        self.provider = provider
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
            return read_refusal(tasks, response, url=self._url, is_single=False, refused=REFUSED)
        items = decode_reply(response.body, _DECODE_RESULT, what="results of a search").tracks.items
        (task,) = tasks
        return _settle(task, items)


def is_exact(task: Task, title: str, artists: Sequence[str]) -> bool:
    """Say whether names are those that are looked for, once both are clean.

    Parameters
    ----------
    task : Task
        With the names looked for; its artist may be several in one text.
    title : str
    artists : sequence of str

    Examples
    --------
    >>> wanted = Task("", "Beyonce", "Crazy in Love")
    >>> is_exact(wanted, "Crazy In Love", ["Beyoncé", "JAY-Z"])
    True
    >>> is_exact(wanted, "Crazy In Love - Live", ["Beyoncé"])
    False
    """
    if clean(task.title) != clean(title):
        return False
    together = [", ".join(artists), " & ".join(artists)]
    return clean(task.artist) in {clean(artist) for artist in (*artists, *together)}


def _settle(task: Task, items: Sequence[msgspec.Raw]) -> Reply:
    """Make of the results of a search what they say of the track looked for."""
    read = [(item, _named_in(item)) for item in items]
    named = [track for _, track in read if track]
    exact = [track for track in named if _is_looked_for(task, track)]
    if sound := next((track for track in exact if track.has_id), None):
        return Reply([sound.names(task.spotify_id)])
    if exact or any(_may_be(task, item) for item, track in read if not track):
        why = NO_ID if exact else UNREADABLE_RESULT
        return Reply((), rejected={task.spotify_id: why}, is_heard=True)
    return Reply((), missing={task.spotify_id: _offer(named)})


def _is_looked_for(task: Task, track: _Track) -> bool:
    return is_exact(task, track.name or "", [artist.name or "" for artist in track.artists])


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
    if found.get("type") not in _TRACK_TYPES or found.get("id", "") is None:
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
        return f"{_short(plain_artist(task.artist))} {_short(plain_title(task.title))}"
    return f'track:"{_short(task.title)}" artist:"{_short(task.artist)}"'


def _short(name: str) -> str:
    return " ".join(name.replace('"', " ").split())[:LONGEST_NAME].strip()


def _offer(found: Sequence[_Track]) -> str:
    if not found:
        return NOTHING_FOUND
    offers = (
        f"{', '.join(artist.name or '' for artist in track.artists)} - {track.name} ({track.id})"
        for track in found[:N_OFFERED]
    )
    return f"not found exactly; Spotify offers {'; '.join(offers)}"


def _match(tasks: Sequence[Task], items: Sequence[msgspec.Raw]) -> Reply:
    """Match tracks with those asked for, by id; one that moved says whose place it took."""
    asked = {task.spotify_id for task in tasks}
    said: dict[str, TrackNames | None] = {}  # None: it has no name
    rejected: dict[str, str] = {}
    for item in items:
        track = _track_in(item)
        key = _key(track, asked) if track else None
        if track is None or key is None:
            continue
        if not track.has_id:
            rejected[key] = NO_ID
            continue
        names = track.names(key) if track.is_named else None
        if said.setdefault(key, names) != names:
            rejected[key] = TWO_ROWS
    records = {key: names for key, names in said.items() if names}
    missing = dict.fromkeys(said.keys() - records.keys(), NAMELESS)
    return settle(tasks, items, records, missing=missing, rejected=rejected)


def _key(track: _Track, asked: set[str]) -> str | None:
    link = track.linked_from.id if track.linked_from else None
    return next((key for key in (track.id, link) if key in asked), None)


def _named_in(item: msgspec.Raw) -> _Track | None:
    """Return a result that is a track, and has what one is known by."""
    track = _track_in(item)
    return track if track and track.type in _TRACK_TYPES and track.is_named else None


def _track_in(item: msgspec.Raw) -> _Track | None:
    try:
        return msgspec.json.decode(item, type=_Track)
    except UNREADABLE:
        return None
