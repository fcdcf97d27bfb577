"""What exploration shows: tables with their figures, and what is lacking."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import pandas as pd
from matplotlib.figure import Figure

Draw: TypeAlias = Callable[[], Figure]
"""Draws a figure when it is wanted."""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A table, and a figure of it.

    Parameters
    ----------
    name : str
        What its files are called, without their endings.
    title : str
    says : str
        What is to be seen, in words: for those who do not see the figure, and for all others.
    table : DataFrame
        Every row; the figure shows nothing that is not in it, unless it says so.
    draw : callable, optional
        Draws the figure; None for a table alone.
    n_shown : int
        Rows that are worth printing; 0 where a file is the better place.
    """

    name: str
    title: str
    says: str
    table: pd.DataFrame
    draw: Draw | None = None
    n_shown: int = 10


@dataclass(frozen=True, slots=True)
class Lacking:
    """Something that cannot be shown yet.

    Parameters
    ----------
    title : str
    remedy : str
        Why, and the command that makes it.
    """

    title: str
    remedy: str
