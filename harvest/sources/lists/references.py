"""What an address or URI of Spotify's names: a track, an episode, a file on somebody's disk."""

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote, unquote_plus

from harvest.sources.feature_values import track_id

_EPISODE = re.compile(
    r"\s*(?:spotify:(?:episode|show|chapter|audiobook):"
    r"|(?:https?://)?(?:open|play)\.spotify\.com/(?:intl-[\w-]+/)?(?:embed/)?"
    r"(?:episode|show|chapter|audiobook)/)",
    re.ASCII,
)
_LOCAL_URI = re.compile(r"\s*spotify:local:([^:]*):([^:]*):([^:]*)(?::(\d{0,7}))?\s*", re.ASCII)
_LOCAL_ADDRESS = re.compile(
    r"\s*(?:https?://)?(?:open|play)\.spotify\.com/local/([^/?#]*)/([^/?#]*)/([^/?#]*)"
    r"(?:/(\d{0,7}))?(?:[?#].*)?\s*",
    re.ASCII,
)
_BARE_ID = re.compile(r"\s*[0-9A-Za-z]{22}\s*", re.ASCII)


class Kind(StrEnum):
    """What a reference names."""

    TRACK = "track"
    EPISODE = "episode"
    LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Reference:
    """What an address or URI of Spotify's names.

    Parameters
    ----------
    kind : Kind
        A podcast's episode, its show and audiobooks are all episodes.
    spotify_id : str
        Of a track, else empty.
    artist, album, title : str
        Of a local file, as its URI has them; may be empty.
    duration_s : int
        Of a local file, 0 where it is unknown.
    """

    kind: Kind
    spotify_id: str = ""
    artist: str = ""
    album: str = ""
    title: str = ""
    duration_s: int = 0


def reference(text: str, *, may_be_bare: bool = False) -> Reference | None:
    """Read a reference.

    Parameters
    ----------
    text : str
        A `spotify:` URI or an address on open.spotify.com, with or without a language or `?si=`.
    may_be_bare : bool
        Whether 22 digits alone are a track.

    Returns
    -------
    Reference or None
        None where the text names nothing that can stand in a playlist.

    Examples
    --------
    >>> reference("https://open.spotify.com/intl-de/track/4uLU6hMCjMI75M1A2tKUQC?si=1").spotify_id
    '4uLU6hMCjMI75M1A2tKUQC'
    >>> reference("spotify:local:Radiohead:In+Rainbows:Nude:255").title
    'Nude'
    >>> reference("song.mp3") is None
    True
    """
    if _BARE_ID.fullmatch(text) and not may_be_bare:
        return None
    try:
        found = track_id(text)
    except ValueError:
        return _other(text)
    return Reference(Kind.TRACK, found) if found else None


def _other(text: str) -> Reference | None:
    if _EPISODE.match(text):
        return Reference(Kind.EPISODE)
    for pattern, decode in ((_LOCAL_URI, unquote_plus), (_LOCAL_ADDRESS, unquote)):
        match = pattern.fullmatch(text)
        if match:
            artist, album, title = (decode(part).strip() for part in match.group(1, 2, 3))
            return Reference(
                Kind.LOCAL,
                artist=artist,
                album=album,
                title=title,
                duration_s=int(match.group(4) or 0),
            )
    return None
