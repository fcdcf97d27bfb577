"""What a playlist's name is made of: words, signs and runs of letters.

Names are compared by these, so that "Workout!!", "work out" and "WORKOUTS 💪" are much alike.
"""

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+")
_LENGTHS = (3, 4, 5)
"""Of runs of letters (Cavnar & Trenkle 1994 found 1 ... 5 to tell texts apart)."""
TITLES_REMEMBERED = 2_048
"""Since a question's titles are taken apart by each of several methods."""
MOST_LETTERS = 100
"""What stands further behind in a name is not looked at."""


def normalise(title: str) -> str:
    """Bring a name into one spelling: lower case, no accents, single spaces; signs stay.

    What has the looks of letters becomes letters (NFKD: "ﬁ", "𝓵𝓸𝓿𝓮"); skin tones, joiners and
    variation marks of emoji are dropped, so are all but letters, digits, and symbols.

    Examples
    --------
    >>> normalise("  Beyoncé & Jay_Z!! 👏🏽 "), normalise("ＷＯＲＫ"), normalise("!!")
    ('beyonce jay z 👏', 'work', '')
    """
    folded = unicodedata.normalize("NFKD", title.casefold())[: 4 * MOST_LETTERS]
    kept = "".join(_keep(letter) for letter in folded)
    return " ".join(kept.split())[:MOST_LETTERS].strip()


def split_title(title: str) -> list[str]:
    """List what a name is made of: the whole, words, signs, runs of letters.

    The whole begins with ``=``, words with ``:``, so that nothing is taken for something else. Runs
    are those of the name without its spaces, and reach over its ends.

    Examples
    --------
    >>> split_title("Hey 👏")
    ['=hey 👏', ':hey', ':👏', '<he', 'hey', 'ey>', '<hey', 'hey>', '<hey>']
    >>> split_title("!!")
    []
    """
    return list(_parts(title))


@lru_cache(maxsize=TITLES_REMEMBERED)
def _parts(title: str) -> tuple[str, ...]:
    name = normalise(title)
    if not name:
        return ()
    words = _WORD.findall(name)
    signs = [letter for letter in name if unicodedata.category(letter)[0] == "S"]
    joined = f"<{''.join(words)}>"
    runs = [
        joined[place : place + length]
        for length in _LENGTHS
        for place in range(len(joined) - length + 1)
    ]
    return (f"={name}", *(f":{word}" for word in words), *(f":{sign}" for sign in signs), *runs)


def split_name(name: str) -> list[str]:
    """List a name's words and the whole, without runs of letters.

    Examples
    --------
    >>> split_name("The Beatles")
    ['=the beatles', ':the', ':beatles']
    """
    whole = normalise(name)
    return [f"={whole}", *(f":{word}" for word in _WORD.findall(whole))] if whole else []


def _keep(letter: str) -> str:
    """Keep letters, digits and symbols; a space stands for what parts words; drop the rest."""
    kind = unicodedata.category(letter)
    if kind[0] in "LN" or kind in {"So", "Sm", "Sc"}:
        return letter
    return "" if kind in {"Mn", "Me", "Cf", "Sk"} or letter in "'’" else " "
