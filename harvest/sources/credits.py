"""Whether the artists that a file names in one text are those whom a service credits."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from harvest.texts.names import clean

MOST_PIECES = 16  # that a text may have, cut wherever a joint may be

# What stands between the names of several artists, unless it belongs to one of them.
_GUESTS = r"(?:feat|ft|featuring|with)(?:[.:]\s*|\s+)"
_JOINT = re.compile(
    rf"\s*[(\[]\s*{_GUESTS}|\s+{_GUESTS}|\s*[,;&/+]\s*|\s+(?:and|x|×|vs\.?)\s+", re.IGNORECASE
)


def are_credited(wanted: str, artists: Sequence[str]) -> bool:
    """Say whether a text names the artists of a track: the first of them, up to all.

    Parameters
    ----------
    wanted : str
        One name, or several in any order, joined by a comma, "&", "and", "/", ";", "+", "x", "vs.",
        "feat.", "ft.", "featuring" or "with".
    artists : sequence of str
        As the service credits them, the most important first.

    Returns
    -------
    bool
        Whether all names are exactly the same once they are clean (`harvest.texts.names.clean`),
        and nobody is left out who is credited before one that is named.

    Examples
    --------
    >>> are_credited("Alpha & Beta", ["Beta", "Alpha", "Gamma"])
    True
    >>> are_credited("Alpha", ["Tribute to Alpha", "Alpha"])
    False
    """
    if not artists:
        return False
    if clean(wanted) in {clean(artists[0]), clean(", ".join(artists))}:
        return True
    pieces, names = _Pieces(wanted), [clean(artist) for artist in artists]
    most = min(len(names), len(pieces))
    return any(pieces.are(Counter(names[:end])) for end in range(2, most + 1))


def words_of(artists: str) -> str:
    """Return the names in a text without what joins them, to be searched for.

    >>> words_of("Alpha & Beta vs. Gamma feat. Delta"), words_of("+")
    ('Alpha Beta Gamma Delta', '+')
    """
    return " ".join(_JOINT.sub(" ", artists).split()) or artists


class _Pieces:
    """A text cut at its joints; a name may have joints of its own, and be of several pieces."""

    def __init__(self, text: str) -> None:
        self._text = unicodedata.normalize("NFKC", text)
        joints = [match.span() for match in _JOINT.finditer(self._text)]
        self._starts = [0, *(end for _, end in joints)]
        self._ends = [*(start for start, _ in joints), len(self._text)]

    def __len__(self) -> int:
        return len(self._starts) if len(self._starts) <= MOST_PIECES else 0

    def are(self, names: Counter[str], first: int = 0) -> bool:
        """Say whether the pieces from the first on are these names, each once, in any order."""
        if first == len(self):
            return not names
        return any(
            name in names and self.are(names - Counter([name]), end)
            for end in range(first + 1, len(self) + 1)
            for name in [clean(self._text[self._starts[first] : self._ends[end - 1]])]
        )
