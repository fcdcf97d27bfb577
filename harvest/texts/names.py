"""Names of artists and titles: without what services add to them, and in a form for comparing.

Times are linear in the length of a name, whatever it holds.
"""

import re
import unicodedata
from functools import lru_cache

from harvest.texts.title_notes import is_date, is_note

_OPENERS, _CLOSERS = "([{", ")]}"
_MAX_KEPT = 4  # suffixes that stay, before which others are still looked for
_MAX_JOINED = 3  # dashes within one suffix: "- Live at Leeds - 14 February - 1970"

_DASH = re.compile(r"\s[-–—](?=\s)")
# Without its dot, "ft" means guests in small letters before a capital alone: not "50 Ft Queenie".
_GUEST_WORD = (
    r"(?:(?i:feat[.:]|featuring(?=\s))|(?<!\d\s)(?i:ft[.:])|(?<!\d\s)(?:feat|ft)(?=\s[^\Wa-z_]))"
)
_GUESTS = re.compile(rf"(?:\s[-–—])?\s{_GUEST_WORD}[^()\[\]{{}}]*?(?=\s[-–—]\s|[()\[\]{{}}]|$)")
_BRACKETED_GUEST_WORD = r"[(\[{]\s?(?i:feat|ft|featuring)(?:[.:]|\s)"
_BRACKETED_GUESTS = re.compile(rf"{_BRACKETED_GUEST_WORD}[^()\[\]{{}}]*[)\]}}]")
_ARTIST_GUESTS = re.compile(rf"\s{_GUEST_WORD}|{_BRACKETED_GUEST_WORD}")

_FOLDED = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"}
    | {"♯": "#"}
)
# Of Latin and Greek letters. In other scripts a letter with a mark is another one where Unicode has
# it as one (й, ў, ї), and a mark that stands alone is an accent there too (замо́к).
_LATIN_OR_GREEK = "a-z\u00df-\u02af\u0370-\u03ff\u1e00-\u1fff"
_ACCENTS = re.compile(f"(?<=[{_LATIN_OR_GREEK}])[\u0300-\u036f]+")
_LOOSE_ACCENTS = re.compile("[\u0300-\u036f\ufe00-\ufe0f]+")  # and what chooses a sign's picture
_APOSTROPHE = re.compile("['’‘ʼ`´ʻ′]")
_DOT_OF_INITIALS = re.compile(r"(?<!\w\w)(?<=\w)\.(?=\w(?!\w))")
_DOLLAR_AS_S = re.compile(r"(?<=[^\W\d_])\$|\$(?=[^\W\d_])")
_NO_WORD = re.compile(r"[\W_]+")
# What says as much as a word does: C# is not C, and 50% not 50. Others adorn names, or part words.
_SIGNS = frozenset("#%‰@&")
_SIGN_KINDS = frozenset(["Sc", "Sm", "So"])
_ORNAMENTS = frozenset("|~¬¦©®℗°")
_ASCII_SIGN = re.compile(r"[#%@&$+<=>]")
_JOINING = frozenset("&+")


def plain_title(title: str) -> str:
    """Take off a title what services add to it.

    Parameters
    ----------
    title : str
        As a service publishes it.

    Returns
    -------
    str
        The title itself where nothing is to be taken off, or nothing would be left; otherwise
        what is left, with single spaces. `title_notes` says what counts as an addition.

    Examples
    --------
    >>> plain_title("Heroes - Live at Wembley, 1986 - 2011 Remaster")
    'Heroes'
    >>> plain_title("Closer (feat. Halsey) - R3hab Remix")
    'Closer - R3hab Remix'
    >>> plain_title("(I Can't Get No) Satisfaction")
    "(I Can't Get No) Satisfaction"
    """
    left = _take_off(title)
    while left != title:
        title, left = left, _take_off(left)
    return title


def plain_artist(artist: str) -> str:
    """Take guests off an artist's name; "&", "and" and "," are taken for part of it.

    Parameters
    ----------
    artist : str
        As a service publishes it.

    Returns
    -------
    str
        The name itself where it names no guests, or nothing else.

    Examples
    --------
    >>> plain_artist("Artful & Ridney Ft. Terri Walker"), plain_artist("Little Feat")
    ('Artful & Ridney', 'Little Feat')
    """
    found = _ARTIST_GUESTS.search(artist)
    left = artist[: found.start()].rstrip(" ,;-–—") if found else ""
    return left if any(map(str.isalnum, left)) else artist


def clean(name: str) -> str:
    """Bring a name into the form in which names are compared.

    Small letters without accents; "&", and "+" between words, read "and", "$" beside a letter "s";
    apostrophes and the dots of initials vanish, other punctuation parts words. Letters of every
    script stay, and signs that say something, each as a word of its own.

    Parameters
    ----------
    name : str

    Returns
    -------
    str
        Words with single spaces between them. A name of signs alone ("!!!") keeps them; empty for
        white space alone.

    Examples
    --------
    >>> clean("Beyoncé & JAY-Z"), clean("A$AP Rocky"), clean("R.E.M.")
    ('beyonce and jay z', 'asap rocky', 'rem')
    >>> clean("夜に駆ける"), clean("Ёлка"), clean("!!!")
    ('夜に駆ける', 'елка', '!!!')
    >>> clean("C#"), clean("Guns + Roses"), clean("+")
    ('c #', 'guns and roses', '+')
    """
    folded = name.lower() if name.isascii() else _fold(name)
    text = _DOT_OF_INITIALS.sub("", _APOSTROPHE.sub("", folded))
    words = _only_words(_DOLLAR_AS_S.sub("s", text)).split()
    has_words = bool(words) and (words[0].isalnum() or any(map(_is_word, words)))
    return " ".join(_joined(words) if has_words else folded.split() or name.split())


def _fold(name: str) -> str:
    """Fold case and accents; a second round meets what the first has made."""
    for _ in range(2):
        name = unicodedata.normalize("NFKD", name).casefold().translate(_FOLDED)
    whole = unicodedata.normalize("NFC", _ACCENTS.sub("", name))
    # Most who write Russian leave the dots away: they are no more than an accent.
    return _LOOSE_ACCENTS.sub("", whole).replace("ё", "е")


def _only_words(text: str) -> str:
    """Put a space for all but letters, digits, and the vowel signs of scripts that have them.

    Signs that say something stay, with spaces around them.
    """
    if text.isascii() and _ASCII_SIGN.search(text) is None:
        return _NO_WORD.sub(" ", text)
    return "".join(map(_as_in_words, text))


@lru_cache(2**14)
def _as_in_words(character: str) -> str:
    if character.isalnum():
        return character
    kind = unicodedata.category(character)
    if kind[0] == "M":
        return character
    is_sign = character in _SIGNS or (kind in _SIGN_KINDS and character not in _ORNAMENTS)
    return f" {character} " if is_sign else " "


def _joined(words: list[str]) -> list[str]:
    """Let "&" read "and", and "+" where it has words before and after it."""
    if _JOINING.isdisjoint(words):
        return words
    places = [at for at, word in enumerate(words) if _is_word(word)]
    first, last = places[0], places[-1]
    return [
        "and" if word == "&" or (word == "+" and first < at < last) else word
        for at, word in enumerate(words)
    ]


def _take_off(title: str) -> str:
    """Take off what is found in one walk; what stood behind it may then be found by another."""
    without_guests = _GUESTS.sub(" ", _BRACKETED_GUESTS.sub(" ", title))
    left = _without_notes(without_guests)
    if left == title:
        return title
    left = " ".join(left.split())
    return left if any(map(str.isalnum, left)) else title


def _without_notes(title: str) -> str:
    """Walk from the end over brackets and what stands behind dashes, and leave out the notes."""
    dashes = [match.start() for match in _DASH.finditer(title)]
    end = _rstrip(title, len(title))
    kept: list[str] = []
    n_notes, was_note = 0, False
    while len(kept) <= _MAX_KEPT:
        while dashes and dashes[-1] >= end:
            dashes.pop()
        bracket = _bracket_start(title, end)
        note = _note_start(title, end, bracket, dashes, was_note=was_note)
        start = note or bracket or (dashes[-1] if dashes else 0)
        if not _rstrip(title, start):
            break
        was_note = note > 0
        n_notes += was_note
        if not was_note:
            kept.append(title[start:end])
        end = _rstrip(title, start)
    return " ".join((_without_last_dash(title[:end]), *reversed(kept))) if n_notes else title


def _note_start(title: str, end: int, bracket: int, dashes: list[int], *, was_note: bool) -> int:
    """Where the note begins that ends here; 0 without one."""
    if bracket and _says_note(title[bracket + 1 : end - 1], is_bracketed=True):
        return bracket
    for dash in dashes[: -_MAX_JOINED - 1 : -1]:
        text = title[dash + 2 : end].strip()
        if _is_balanced(text) and (_says_note(text) or (was_note and is_date(_words_of(text)))):
            return dash
    return 0


def _is_balanced(text: str) -> bool:
    return sum(map(text.count, _OPENERS)) == sum(map(text.count, _CLOSERS))


def _says_note(text: str, *, is_bracketed: bool = False) -> bool:
    return is_note(text, _words_of(text), is_bracketed=is_bracketed)


def _words_of(text: str) -> list[str]:
    return [word for word in clean(text).split() if _is_word(word)]


def _is_word(word: str) -> bool:
    return any(map(str.isalnum, word))


def _bracket_start(title: str, end: int) -> int:
    """Where the brackets open that close here; 0 where none close, or nothing is before them."""
    if not end or title[end - 1] not in _CLOSERS:
        return 0
    depth = 0
    for at in range(end - 1, 0, -1):
        depth += (title[at] in _CLOSERS) - (title[at] in _OPENERS)
        if not depth:
            return at
    return 0


def _rstrip(title: str, end: int) -> int:
    """Where the text ends that stands before this place."""
    while end and title[end - 1].isspace():
        end -= 1
    return end


def _without_last_dash(text: str) -> str:
    """Take off a dash that stands alone at the end, with what was behind it gone."""
    left = text.rstrip(" -–—")
    return left if text[len(left) :].startswith(" ") else text
