"""Tables take numbers apart from words, and name what they leave out."""

import pandas as pd
import pytest

from model.report.blocks import (
    Cell,
    Part,
    Picture,
    cell_of,
    change_cell,
    interval_cell,
    spread_cell,
    table_of,
)
from model.report.page import render_page


@pytest.mark.parametrize(
    ("value", "text", "key"),
    [
        (12345, "12,345", "12345"),
        (0.12345, "0.123", "0.12345"),
        (3.0, "3", "3"),
        (float("nan"), "–", ""),
        (None, "–", ""),
        (True, "yes", ""),
        ("12", "12", ""),
    ],
)
def test_a_value_is_shown_in_few_digits_and_sorted_by_all(
    value: object, text: str, key: str
) -> None:
    assert cell_of(value) == Cell(text, key)


def test_a_mean_stands_with_its_interval_and_an_unknown_one_is_a_dash() -> None:
    assert interval_cell(0.25, 0.125, 12.0) == Cell("0.250 (0.125–12.0)", "0.25")
    assert interval_cell(0.25, -0.5, 12.0) == Cell("0.250 (−0.500 to 12.0)", "0.25")
    assert interval_cell(float("nan"), 0.0, 1.0) == Cell("–")
    assert interval_cell(None, None, None) == Cell("–")
    assert interval_cell(0.25, None, None) == Cell("0.250", "0.25")


def test_a_deviation_and_a_change_stand_in_one_cell() -> None:
    assert spread_cell(-0.5, 0.25) == Cell("−0.500 ± 0.250", "-0.5")
    assert spread_cell(0.5, float("nan")) == Cell("0.500 ± –", "0.5")
    assert spread_cell(None, 0.25) == Cell("–")
    assert change_cell(-1234) == Cell("−1,234", "-1234")
    assert change_cell(0.5) == Cell("+0.500", "0.5")
    assert change_cell(-0.0001) == Cell("0.000", "-0.0001")
    assert change_cell(None) == Cell("–")


def test_a_column_of_cells_that_sort_as_numbers_is_one_of_numbers() -> None:
    frame = pd.DataFrame({"mean": [Cell("–"), Cell("2 ± 1", "2")], "word": [Cell("a"), Cell("b")]})
    assert table_of(frame, "C").is_number == (True, False)


def test_a_picture_is_wide_where_a_phone_would_make_its_text_too_small() -> None:
    pictures = [
        Picture(source="data:", width=width, height=300, alt="a", caption="c")
        for width in (600, 601)
    ]
    assert [picture.is_wide for picture in pictures] == [False, True]


def test_a_table_says_where_its_other_rows_are() -> None:
    frame = pd.DataFrame({"song_name": ["a", "b", "c"], "plays": [1, 2, 3], "hit": [True] * 3})
    table = table_of(frame, "Songs", labels={"plays": "times"}, more="songs.csv", most=1)
    assert table.columns == ("song name", "times", "hit")
    assert table.is_number == (False, True, False)
    assert table.rows == ((Cell("a"), Cell("1", "1"), Cell("yes")),)
    assert table.more == "2 more rows: songs.csv"
    assert table_of(frame, "Songs").more == ""


def test_every_header_cell_says_what_it_heads() -> None:
    table = table_of(pd.DataFrame({"name": ["a"], "n": [1]}), "C")
    page = render_page([Part("a", "A", (table,))], title="T", says="S")
    assert page.count('<th scope="col"') == 2
    assert page.count("<th scope=row") == 1
    assert page.count("<th") - page.count("<thead") == 3
