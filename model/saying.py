"""Lines of progress: what takes them."""

from collections.abc import Callable
from typing import TypeAlias

Say: TypeAlias = Callable[[str], None]
"""Takes a line of progress."""


def say_nothing(_: str) -> None:
    """Take a line of progress that nobody needs.

    Examples
    --------
    >>> say_nothing("half way")
    """
