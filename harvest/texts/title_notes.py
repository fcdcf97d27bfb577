"""What the suffix of a title says: a note on a release, or something of the song's own.

A note speaks of the same recording on another release (remaster, mono, radio edit, bonus track,
original mix, the film that it is from), of guests, or of a concert. Another recording is no note:
acoustic, remix, extended and club mixes, demo, instrumental, karaoke, covers, re-recordings,
versions in another language, parts.
"""

import re

# "(with Rihanna)" is a guest, "(With You)" and "(with My Name on It)" belong to the title.
_WITH_A_NAME = re.compile(
    r"with (?!(?:My|Your|You|Me|Us|A|An|No|Love|Rap|Intro)\b)(?:the )?[^\Wa-z_]"
)
_GUESTS = re.compile(r"\W{0,3}(?i:feat|ft|featuring)(?:[.:]|\s)\s{0,3}\w")
_LIVE_AND_MORE = re.compile(r"(?i:live)\s{0,3}[-–—/;,:@(&]")
_QUOTED = re.compile(r"\s[\"“”„«'‘]")
_YEAR_OR_ORDINAL = re.compile(r"(?:19|20)\d\d|\d{1,3}(?:st|nd|rd|th)")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _phrases(text: str) -> frozenset[str]:
    return frozenset(text.split(", "))


# Words are in the form that `names.clean` gives them.
_REMASTERED = _words(
    "mastered remaster remastered remastering remasters remasterizado remasterizada "
    "remasterizacion remasterisee remasterise remasterisiert rimasterizzato "
    "remasterizzato ремастер リマスター"
)
_MARKS = _REMASTERED | _words("mono stereo bonus deluxe explicit edit edited live")
_NOUNS = _words(
    "version versione versao fassung ver edition edicion edicao mix track tracks cut single"
)
_QUALIFIERS = _words(
    "album single lp ep radio main studio full original 7 clean dirty video tv anniversary "
    "digital digitally standard non hidden audio soundtrack"
)
_FILLERS = _words("re in and the inch from hd hq bit uk us")
_VOCABULARY = _MARKS | _NOUNS | _QUALIFIERS | _FILLERS
_ALONE_BEHIND_A_DASH = _words("original single studio main clean dirty score soundtrack")

_PLACES = _words("at from in on im aus au bei sur en em session sessions version")
_CONCERTS = _phrases(
    "ao vivo, en vivo, vivo en, vivo em, in vivo, en directo, en direct, dal vivo, in concert, "
    "en concert, en concierto, recorded at, recorded live"
)
_ENDINGS = _phrases(
    "live version, album version, live session, live sessions, soundtrack version, "
    "cast recording, motion picture"
)
_SOURCES = _words("soundtrack ost")
_OTHER_RECORDINGS = _words(
    "acoustic acustico acustica unplugged remix instrumental karaoke cover demo mashup medley "
    "tribute style originally"
)


def is_note(text: str, words: list[str], *, is_bracketed: bool) -> bool:
    """Say whether a suffix is a note that may be taken off.

    Parameters
    ----------
    text : str
        What stands in the brackets or behind the dash.
    words : list of str
        The words of its clean form.
    is_bracketed : bool
        In brackets a single word such as "Original" is taken for part of the title.

    Examples
    --------
    >>> is_note("2009 Digital Remaster", ["2009", "digital", "remaster"], is_bracketed=False)
    True
    >>> is_note("Acoustic", ["acoustic"], is_bracketed=False)
    False
    """
    if not words:
        return False
    if _GUESTS.match(text) or _WITH_A_NAME.match(text):
        return True
    if _OTHER_RECORDINGS.intersection(words):
        return False
    if not is_bracketed and len(words) == 1 and words[0] in _ALONE_BEHIND_A_DASH:
        return True
    return _is_of_a_release(words) or _is_of_a_concert(text, words) or _is_of_a_source(text, words)


def is_date(words: list[str]) -> bool:
    """Say whether nothing but a year stands there, as in the middle of "Song - 2009 - Remaster"."""
    return len(words) == 1 and _YEAR_OR_ORDINAL.fullmatch(words[0]) is not None


def _is_of_a_release(words: list[str]) -> bool:
    named = [word for word in words if not _YEAR_OR_ORDINAL.fullmatch(word)]
    if not _REMASTERED.isdisjoint(named):
        named = [word for word in named if not word.isdigit()]  # "'99 Remaster", "24-Bit Remaster"
    if not _VOCABULARY.issuperset(named):
        return False
    has_noun = not _NOUNS.isdisjoint(named)
    has_kind = len(named) > 1 and not _QUALIFIERS.isdisjoint(named)
    return not _MARKS.isdisjoint(named) or (has_noun and has_kind)


def _is_of_a_concert(text: str, words: list[str]) -> bool:
    if is_date(words[:1]):
        words = words[1:]  # "1978 / Live at the Old Waldorf"
    if words[:1] == ["live"] and len(words) > 1:
        return words[1] in _PLACES or words[1].isdigit() or _LIVE_AND_MORE.match(text) is not None
    return " ".join(words[:2]) in _CONCERTS


def _is_of_a_source(text: str, words: list[str]) -> bool:
    named = [word for word in words if not word.isdigit()][-2:]
    is_quoted = "from" in words[:4] and _QUOTED.search(text) is not None
    return is_quoted or " ".join(named) in _ENDINGS or not _SOURCES.isdisjoint(named[-1:])
