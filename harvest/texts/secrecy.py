"""Secrets that a service repeats in what it says: kept out of every text, never cut out of data."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote, quote_plus

# A shorter one stands in half of all words: to replace it would spoil the text, and hide nothing.
LEAST_LETTERS = 6
HIDDEN = "***"


def hide(text: str, secrets: Sequence[str]) -> str:
    """Return a text for people without the secrets that were sent.

    Parameters
    ----------
    text : str
        As a service, or an error about what it sent, has it.
    secrets : sequence of str
        Those of fewer than six letters stay: nothing tells them from words.

    Examples
    --------
    >>> hide("no user k3y/123 at /for/k3y%2F123", ["k3y/123"])
    'no user *** at /for/***'
    >>> hide("no test today", ["test"])
    'no test today'
    """
    for secret in secrets:
        if is_told_from_words(secret):
            for form in {secret, quote(secret, safe=""), quote_plus(secret)}:
                text = text.replace(form, HIDDEN)
    return text


def hide_in_all(texts: Mapping[str, str], secrets: Sequence[str]) -> Mapping[str, str]:
    """Do as `hide` with each of the values."""
    if not (texts and secrets):
        return texts
    return {key: hide(text, secrets) for key, text in texts.items()}


def hide_in_error(error: Exception, secrets: Sequence[str]) -> None:
    """Do as `hide` with the text of an error."""
    error.args = tuple(
        hide(each, secrets) if isinstance(each, str) else each for each in error.args
    )


def is_told_from_words(secret: str) -> bool:
    """Say whether a secret is long enough to be told from the words around it.

    >>> is_told_from_words("test"), is_told_from_words("s3cret")
    (False, True)
    """
    return len(secret) >= LEAST_LETTERS
