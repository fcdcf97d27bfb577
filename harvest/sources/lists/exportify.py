"""Exportify's CSV under a header in another language than English.

https://exportify.app writes its header in the language of its page, of which there are many. Its
columns have their places, though, and its URIs and times show what is a column of which kind.
"""

import re
from collections.abc import Sequence

# Artists' genres, one column, stand before the audio features; what albums have, three, behind.
_TRACK = ("Track URI", "Track Name", "Artist URI(s)", "Artist Name(s)", "Album URI", "Album Name")
_DURATION_AT, _DURATION = 12, "Track Duration (ms)"
_N_TRACK, _ADDED = 17, "Added At"
_SOUND = (
    *("Danceability", "Energy", "Key", "Loudness", "Mode", "Speechiness", "Acousticness"),
    *("Instrumentalness", "Liveness", "Valence", "Tempo", "Time Signature"),
)
_N_ALBUM = 3

_URIS = {0: "spotify:track:", 2: "spotify:artist:", 4: "spotify:album:"}
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)


def in_english(names: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a header with Exportify's English names, where the rows are laid out as its are.

    Parameters
    ----------
    names : sequence of str
        The header.
    rows : sequence of sequence of str
        Some rows, of as many cells.
    """
    sound = [cells for cells in rows if _is_laid_out(cells)]
    if not sound:
        return list(names)
    found = dict(enumerate(_TRACK))
    times = (at for row in sound for at in range(_N_TRACK, len(row)) if _TIME.fullmatch(row[at]))
    added_at = next(times, None)
    if added_at is not None:
        found |= {_DURATION_AT: _DURATION, added_at: _ADDED}
        found |= _sound(added_at + 1, len(names))
    return [found.get(at, name) for at, name in enumerate(names)]


def _is_laid_out(cells: Sequence[str]) -> bool:
    return len(cells) >= len(_TRACK) and all(cells[at].startswith(uri) for at, uri in _URIS.items())


def _sound(start: int, end: int) -> dict[int, str]:
    """Return the places of the audio features, none where they were not exported."""
    n_left = end - start
    if n_left < len(_SOUND):
        return {}
    return dict(enumerate(_SOUND, start + n_left % _N_ALBUM))
