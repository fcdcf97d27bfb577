from dataclasses import FrozenInstanceError

import pandas as pd
import pytest
from matplotlib.figure import Figure

from model.exploration.exhibits import Exhibit, Lacking


def test_a_table_alone_has_no_figure_and_ten_rows_worth_printing() -> None:
    exhibit = Exhibit("names", "Names", "Two names.", pd.DataFrame({"name": ["a", "b"]}))
    assert exhibit.draw is None
    assert exhibit.n_shown == 10


def test_a_figure_is_drawn_when_it_is_wanted_and_not_before() -> None:
    drawn = []

    def draw() -> Figure:
        drawn.append("figure")
        return Figure()

    exhibit = Exhibit("names", "Names", "None.", pd.DataFrame(), draw)
    assert drawn == []
    assert exhibit.draw is not None
    assert isinstance(exhibit.draw(), Figure)
    assert drawn == ["figure"]


def test_what_is_lacking_is_a_value_that_cannot_be_changed() -> None:
    lacking = Lacking("Tags of songs", "run `harvest lastfm`")
    assert lacking == Lacking("Tags of songs", "run `harvest lastfm`")
    with pytest.raises(FrozenInstanceError):
        lacking.remedy = "none"
