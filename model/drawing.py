"""How every picture is drawn: looks that are our own, and files that come out the same."""

import contextlib
from collections.abc import Iterator
from typing import IO, Final, Literal

import matplotlib as mpl
from matplotlib import style
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from model.storage.writing import Writer

TEXT_SIZE: Final = 8
MIN_WIDTH_IN: Final = 7.0
"""Narrower, titles would take more room than the picture."""

_DPI: Final = 160


@contextlib.contextmanager
def plain_style() -> Iterator[None]:
    """Draw in the library's own style, whatever the user has set; leave that as it was."""
    with (
        style.context("default"),
        mpl.rc_context({"font.size": TEXT_SIZE, "svg.hashsalt": "sweep"}),
    ):
        yield


def new_figure(width_in: float, height_in: float) -> Figure:
    """Make an empty figure that no window and no global list knows of."""
    figure = Figure(
        figsize=(max(width_in, MIN_WIDTH_IN), height_in), dpi=_DPI, layout="constrained"
    )
    FigureCanvasAgg(figure)
    return figure


def picture_writer(figure: Figure, kind: Literal["png", "svg"]) -> Writer:
    """Write a figure; the same figure gives the same bytes, as no time stands in them."""

    def write(file: IO[bytes]) -> None:
        unwanted = {"svg": {"Date": None}, "png": {"Software": None}}[kind]
        with plain_style():
            figure.savefig(file, format=kind, metadata=unwanted)

    return write
