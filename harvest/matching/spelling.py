"""When two titles of one artist are two spellings of one, and when they are two songs.

A distance alone cannot tell: "Part 1" and "Part 2", "My Love" and "Your Love" differ by a letter or
two. So numbers and words for versions have to be equal, words may differ by a slip of the pen
alone, and of two words that differ one has to be rare, as slips are: "hartbreak" is one, while
"girl" and "girls" are both common and make two songs.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from rapidfuzz.distance import OSA

MIN_SWAPPED = 3  # words of a title that may stand in another order: "One Day" is not "Day One"
MAX_SLIPS = 2  # words of a title that may be spelt in another way
RARE = 2  # titles that a slip of the pen may be found in
RARER = 50  # or so many times less often than the word that it stands for

_SPELLINGS = {
    "u": "you", "ya": "you", "ur": "your", "yr": "your", "r": "are", "n": "and", "da": "the",
    "tha": "the", "em": "them", "cuz": "because", "cause": "because", "coz": "because",
    "ok": "okay", "till": "until", "til": "until", "thru": "through", "luv": "love",
    "nite": "night", "tonite": "tonight", "wit": "with", "wanna": "want to", "gonna": "going to",
    "gotta": "got to", "alright": "all right", "pt": "part", "pts": "parts", "vol": "volume",
    "st": "saint", "mr": "mister", "nr": "no", "vs": "versus", "one": "1", "two": "2",
    "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
    "ten": "10", "ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9",
    "xi": "11", "xii": "12",
}  # fmt: skip
_ARTICLES = frozenset(["the", "a", "an", "and"])
_PART_WORDS = frozenset(["part", "volume", "chapter", "act", "no", "number", "movement", "op"])
_LETTER_NUMBERS = {"i": "1", "v": "5", "x": "10"}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


VERSION_WORDS = _words(
    """
    acapella acappella acoustic acustico acustica alternate bootleg chopped cover demo dj dub duet
    edit english extended female french freestyle german instrumental interlude intro italian
    japanese karaoke live male mashed mashup medley megamix mix mixed orchestra orchestral outro
    parody part piano radio re recorded rehearsal remake remix remixed reprise rework rmx rough
    screwed session skit solo spanish string strings stripped studio symphonic take theme tribute
    unplugged version versions vip vocal volume
    """
)


def canonical(clean_title: str) -> str:
    """Write the words of a clean title in one of their common spellings, without articles.

    Parameters
    ----------
    clean_title : str
        As `texts.names.clean` gives it.

    Returns
    -------
    str
        Never empty, unless the title is.

    Examples
    --------
    >>> canonical("lovin u pt ii"), canonical("the boxer"), canonical("the the")
    ('loving you part 2', 'boxer', 'the the')
    """
    words: list[str] = []
    for raw in clean_title.split():
        is_number = bool(words) and words[-1] in _PART_WORDS
        word = _LETTER_NUMBERS.get(raw, raw) if is_number else raw
        words.append(_SPELLINGS.get(word, _with_its_g(word)))
    return " ".join([word for word in words if word not in _ARTICLES] or words)


def _with_its_g(word: str) -> str:
    return f"{word}g" if len(word) > 4 and word.endswith("in") else word


def slips(first: str, second: str) -> list[tuple[str, str]] | None:
    """Return the words in which two canonical titles differ, if that may be a matter of spelling.

    Parameters
    ----------
    first, second : str
        As `canonical` gives them.

    Returns
    -------
    list of (str, str) or None
        Empty where the same words, or the same letters, stand in both; None where numbers or
        versions differ, a word is missing, or more differs than a slip of the pen.

    Examples
    --------
    >>> slips("hartbreak hotel", "heartbreak hotel")
    [('hartbreak', 'heartbreak')]
    >>> slips("heart break hotel", "heartbreak hotel"), slips("love is blind", "blind is love")
    ([], [])
    >>> slips("song part 1", "song part 2"), slips("my love", "your love")
    (None, None)
    """
    a, b = first.split(), second.split()
    only_a, only_b = _without(a, b), _without(b, a)
    if not only_a and not only_b:
        return [] if a == b or len(a) >= MIN_SWAPPED else None
    if any(map(_tells_apart, only_a)) or any(map(_tells_apart, only_b)):
        return None
    if first.replace(" ", "") == second.replace(" ", ""):
        return []
    if len(only_a) != len(only_b) or len(only_a) > MAX_SLIPS:
        return None
    pairs = list(zip(only_a, only_b, strict=True))
    return pairs if all(_is_slip(*pair) for pair in pairs) else None


def are_rare(pairs: Sequence[tuple[str, str]], frequency: Mapping[str, int]) -> bool:
    """Say whether one word of each pair is as rare as slips of the pen are.

    Parameters
    ----------
    pairs : sequence of (str, str)
        As `slips` returns them.
    frequency : mapping of str to int
        In how many distinct titles a word occurs.

    Examples
    --------
    >>> are_rare([("girl", "girls")], {"girl": 900, "girls": 400})
    False
    >>> are_rare([("hartbreak", "heartbreak")], {"hartbreak": 1, "heartbreak": 90})
    True
    """
    for pair in pairs:
        rarer, commoner = sorted(frequency.get(word, 0) for word in pair)
        if rarer > RARE and rarer * RARER > commoner:
            return False
    return True


def _without(words: list[str], others: list[str]) -> list[str]:
    """Leave out what is in both, one for one, in the order of the first."""
    spare = Counter(others)
    left = []
    for word in words:
        if spare[word]:
            spare[word] -= 1
        else:
            left.append(word)
    return left


def _tells_apart(word: str) -> bool:
    return word in VERSION_WORDS or not word.isalpha()


def _is_slip(first: str, second: str) -> bool:
    shorter = min(len(first), len(second))
    if shorter < 4 or _differ_at_the_end(first, second):
        return False
    return OSA.distance(first, second) <= (2 if shorter >= 8 else 1)


def _differ_at_the_end(first: str, second: str) -> bool:
    """Say whether the last letter alone differs, as in "girls" and "girl", "loco" and "loca"."""
    return first[:-1] in (second, second[:-1]) or first == second[:-1]
