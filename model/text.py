"""Cleaning and matching of names: as the study did it, of tags, and so that no script is lost."""

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd

from model.folding import NOT_WORD, fold_letters, fold_name, squeeze
from model.ragged import IntArray

__all__ = ["clean_name", "clean_names", "clean_tag", "fold_name", "number_names"]

_PUNCTUATION = re.compile(r"[^\w\s]")
_SPACES = re.compile(r" +")
_GAPS = re.compile(r"[-_/\s]+")
_NOT_IN_TAG = re.compile(r"[^a-z0-9 ]")


def clean_name(name: str) -> str:
    r"""Reduce a name to lower-case ASCII words.

    In the study's order: drop all that is neither word character nor white space, collapse runs
    of spaces, drop what is not ASCII, lower-case, strip. Characters that are dropped after the
    spaces were collapsed may leave two spaces behind, so cleaning twice can differ from once.

    Parameters
    ----------
    name : str
        A raw name of a playlist, artist, album or track.

    Returns
    -------
    str
        Empty where nothing is left, as of a name written in another script.

    Examples
    --------
    >>> clean_name("  Rock & Roll!  ")
    'rock roll'
    >>> clean_name("Beyoncé"), clean_name("夜に駆ける")
    ('beyonc', '')
    """
    words = _SPACES.sub(" ", _PUNCTUATION.sub("", name))
    return words.encode("ascii", errors="ignore").decode("ascii").lower().strip()


def clean_names(names: Iterable[str | float | None]) -> list[str]:
    """Clean many names, each different one once; a missing name (None, NaN) is empty.

    Examples
    --------
    >>> clean_names(["Chill!", None, "Chill!"])
    ['chill', '', 'chill']
    """
    known: dict[object, str] = {}
    return [
        known[name] if name in known else known.setdefault(name, _clean_or_empty(name))
        for name in names
    ]


def clean_tag(tag: str) -> str:
    """Reduce a tag to [a-z0-9 ], accents folded; of one in another script, keep its letters.

    Hyphens, underscores and slashes count as spaces, so that "hip-hop" is "hip hop". A tag that
    would clean to nothing keeps the letters and digits of its own script; nothing is left of one
    without any.

    Examples
    --------
    >>> [clean_tag(tag) for tag in ("Hip-Hop", "R&B", "Café del Mar", "русский рок", "♥")]
    ['hip hop', 'rb', 'cafe del mar', 'русский рок', '']
    """
    folded = _GAPS.sub(" ", fold_letters(tag))
    latin = _NOT_IN_TAG.sub("", folded)
    return squeeze(latin) or squeeze(NOT_WORD.sub("", folded))


def number_names(names: list[str]) -> tuple[IntArray, list[str]]:
    """Give equal names equal numbers.

    Parameters
    ----------
    names : list of str, length n

    Returns
    -------
    codes : ndarray of int64, shape (n,)
        Dense numbers from 0, in order of first appearance.
    unique_names : list of str
        The name of each number.

    Examples
    --------
    >>> codes, unique = number_names(["b", "a", "b"])
    >>> codes.tolist(), unique
    ([0, 1, 0], ['b', 'a'])
    """
    codes, unique = pd.factorize(np.array(names, dtype=object))
    return codes.astype(np.int64), [str(name) for name in unique]


def _clean_or_empty(name: object) -> str:
    return clean_name(name) if isinstance(name, str) else ""
