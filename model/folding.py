"""Spellings of a name that are one name, in whatever script; quick to import."""

import re
import unicodedata

NOT_WORD = re.compile(r"[^\w\s]|_")


def fold_name(name: str) -> str:
    """Bring a name to a form in which spellings of it are equal, in whatever script.

    Case and accents are folded, "&" is "and", punctuation goes.

    Examples
    --------
    >>> [fold_name(name) for name in ("Beyoncé", "Simon & Garfunkel", "夜に駆ける", "P!nk")]
    ['beyonce', 'simon and garfunkel', '夜に駆ける', 'pnk']
    """
    return squeeze(NOT_WORD.sub("", fold_letters(name).replace("&", " and ")))


def fold_letters(text: str) -> str:
    """Fold case and, where Latin letters bear them, accents; forms of one character are one."""
    if text.isascii():
        return text.lower()
    # Letters such as 𝕬 have a case once they are taken apart.
    apart = unicodedata.normalize("NFKD", text).casefold()
    folded = unicodedata.normalize("NFKD", apart)
    plain: list[str] = []
    for character in folded:
        # A mark belongs to the letter in other scripts: か and が are not one.
        if not (unicodedata.combining(character) and plain and plain[-1] < "\u0250"):
            plain.append(character)
    return unicodedata.normalize("NFC", "".join(plain))


def squeeze(text: str) -> str:
    """Leave single spaces between words alone."""
    return " ".join(text.split())
