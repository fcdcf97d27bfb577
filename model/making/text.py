"""Names as they may be shown: whatever their owners wrote, they move no cursor and turn no line."""

import unicodedata

from model.folding import squeeze

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_NAMELESS = "(no name)"
_JOINERS = frozenset("\u200c\u200d\ufe0f")
"""Scripts and emoji need these."""


MOST_SHOWN = 100
"""Letters of what somebody typed that a message repeats."""


def clipped(text: str) -> str:
    """Give what somebody typed as a message repeats it, shortened where it is very long.

    Examples
    --------
    >>> clipped("Creep"), len(clipped("a" * 100_000))
    ('Creep', 101)
    """
    name = shown(text[: 2 * MOST_SHOWN])
    return name if len(name) <= MOST_SHOWN else f"{name[:MOST_SHOWN]}…"


def shown(name: str) -> str:
    r"""Take out what controls a terminal or the direction of text; spaces stand for line ends.

    Examples
    --------
    >>> shown("a\x1b[31m\nb\u202e"), shown("  ")
    ('a[31m b', '(no name)')
    """
    return squeeze(visible(name)) or _NAMELESS


def visible(text: str) -> str:
    r"""Take the same out, and leave white space as it is otherwise; line ends become spaces.

    Examples
    --------
    >>> visible("a  b\x1b[2J\nc")
    'a  b[2J c'
    """
    if text.isprintable():
        return text
    spaced = "".join(" " if letter in "\t\n\r\u2028\u2029" else letter for letter in text)
    return "".join(
        letter
        for letter in spaced
        if letter in _JOINERS or unicodedata.category(letter) not in _HIDDEN
    )
