"""Which artists of the songs an artist of the tables may be.

The same letters in other words or another order, one letter's difference, or a band that is named
after the one who leads it. Work is bounded: a name of n letters is looked up under n + 4 keys.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz.distance import OSA

MAX_ARTISTS = 20  # that one artist is compared with
MIN_LETTERS = 6  # of a name in which one letter may differ
SAME, LEADER = 1.0, 0.97  # how sure it is that two names mean one artist

_SMALL_WORDS = frozenset(["the", "and"])
_JOINTS = (" and ", " with ", " vs ", " presents ")


def squash(name: str) -> str:
    """Run the words of a clean name together, without "the" and "and".

    >>> squash("the black eyed peas"), squash("the the")
    ('blackeyedpeas', 'thethe')
    """
    words = name.split()
    return "".join([word for word in words if word not in _SMALL_WORDS] or words)


def leader(name: str) -> str:
    """Return who stands first in a clean name of several, or nothing.

    >>> leader("bob marley and the wailers"), leader("tool")
    ('bobmarley', '')
    """
    places = [place for joint in _JOINTS if (place := name.find(joint)) > 0]
    return squash(name[: min(places)]) if places else ""


class ArtistIndex:
    """Finds artists by near names.

    Parameters
    ----------
    names : mapping of int to str
        Clean names of the songs' artists by their codes.
    """

    def __init__(self, names: Mapping[int, str]) -> None:
        self._letters: dict[int, str] = {}
        self._same: defaultdict[str, list[int]] = defaultdict(list)
        self._leaders: defaultdict[str, list[int]] = defaultdict(list)
        self._near: defaultdict[str, list[int]] = defaultdict(list)
        for code, name in names.items():
            self._letters[code] = letters = squash(name)
            for key in {letters, _sorted(name)}:
                self._same[key].append(code)
            if first := leader(name):
                self._leaders[first].append(code)
            for key in _with_one_less(letters):
                self._near[key].append(code)

    def find(self, name: str) -> dict[int, float]:
        """Return the artists that a clean name may mean, with how sure that is.

        Parameters
        ----------
        name : str
            As `texts.names.clean` gives it.

        Returns
        -------
        dict of int to float
            At most `MAX_ARTISTS` codes with scores up to 1 = the same, the best first, of equal
            ones those first that were first in `names`.
        """
        letters = squash(name)
        found: dict[int, float] = {}
        _add(found, self._same.get(letters, ()), SAME)
        _add(found, self._same.get(_sorted(name), ()), SAME)
        _add(found, self._leaders.get(letters, ()), LEADER)
        if first := leader(name):
            _add(found, self._same.get(first, ()), LEADER)
        for code in self._nearby(letters):
            _add(found, [code], 1 - 1 / max(len(letters), len(self._letters[code])))
        best = sorted(found.items(), key=lambda item: (-item[1], item[0]))
        return dict(best[:MAX_ARTISTS])

    def _nearby(self, letters: str) -> Iterable[int]:
        codes = {code for key in _with_one_less(letters) for code in self._near.get(key, ())}
        digits = _digits(letters)
        return sorted(
            code
            for code in codes
            if _digits(self._letters[code]) == digits
            and OSA.distance(letters, self._letters[code]) == 1
        )


def _add(found: dict[int, float], codes: Sequence[int], score: float) -> None:
    for code in codes:
        found.setdefault(code, score)


def _sorted(name: str) -> str:
    return " ".join(sorted(name.split()))


def _digits(letters: str) -> str:
    return "".join(filter(str.isdigit, letters))


def _with_one_less(letters: str) -> set[str]:
    """Return a name and all that it becomes by the loss of a letter: near names share one."""
    if not MIN_LETTERS <= len(letters) <= 40:
        return set()
    return {letters} | {letters[:at] + letters[at + 1 :] for at in range(len(letters))}
