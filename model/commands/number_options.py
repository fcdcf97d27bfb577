"""Options that are numbers: their help shows the range, and a refusal the value given."""

import sys
from collections.abc import Callable
from math import inf
from typing import Any

import typer

MOST = 10**9
"""Nothing that is counted comes in larger numbers; what is larger is a slip of the finger."""

_MOST_DIGITS = 18
"""Of a number that all may be asked for in the place of."""


def whole_option(*names: str, low: int, high: int = MOST, **more: Any) -> Any:
    """Return an option that takes whole numbers from `low` to `high`.

    Parameters
    ----------
    *names : str
        Of the option; by default its parameter's.
    low, high : int
    **more
        What `typer.Option` takes besides.
    """
    span = f"{low}.." if high == MOST else f"{low}..{high}"
    return typer.Option(*names, parser=whole(low, high), metavar=span, **more)


def number_option(*names: str, low: float, high: float = MOST, **more: Any) -> Any:
    """Return an option that takes numbers from `low` to `high`; see `whole_option`."""
    span = f"{low:g}.." if high == MOST else f"{low:g}..{high:g}"
    return typer.Option(*names, parser=number(low, high), metavar=span, **more)


def whole(low: int, high: int = MOST) -> Callable[[str | int], int]:
    """Return a parser of whole numbers that says which value was given and what was expected.

    Examples
    --------
    >>> whole(1, 500)("50")
    50
    >>> whole(1, 500)("5e2")
    Traceback (most recent call last):
    typer...BadParameter: '5e2' is not a whole number from 1 to 500
    """

    def parse(given: str | int) -> int:
        text = str(given).strip()  # a default is given as the number that it is
        is_whole = text.isascii() and text.removeprefix("-").isdigit() and len(text) < 20
        if not is_whole or not low <= int(text) <= high:
            msg = f"{str(given)!r} is not a whole number from {low} to {high:,}"
            raise typer.BadParameter(msg)
        return int(text)

    return parse


def count_or_all(given: str | int) -> int:
    """Parse how many there are to be; all are as many as there can be.

    Examples
    --------
    >>> count_or_all("350"), count_or_all("all") > 10**9
    (350, True)
    >>> count_or_all("some")
    Traceback (most recent call last):
    typer...BadParameter: 'some' is neither a whole number from 1 nor all
    """
    text = str(given).strip()
    if text == "all":
        return sys.maxsize
    digits = text if text.isascii() and text.isdigit() else ""
    if digits.strip("0") and len(digits) <= _MOST_DIGITS:
        return int(digits)
    msg = f"{text[:50]!r} is neither a whole number from 1 nor all"
    raise typer.BadParameter(msg)


def number(low: float, high: float = MOST) -> Callable[[str | float], float]:
    """Return a parser of numbers that says which value was given and what was expected.

    Examples
    --------
    >>> number(0, 1)("0.5")
    0.5
    >>> number(0, 1)("nan")
    Traceback (most recent call last):
    typer...BadParameter: 'nan' is not a number from 0 to 1
    """

    def parse(given: str | float) -> float:
        try:
            value = float(given)
        except ValueError:
            value = inf
        if not low <= value <= high:  # true of what is not a number, too
            msg = f"{str(given)!r} is not a number from {low:g} to {high:,.10g}"
            raise typer.BadParameter(msg)
        return value

    return parse
