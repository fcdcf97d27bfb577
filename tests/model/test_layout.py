import numpy as np
import pandas as pd
from rich.console import Console

from model.layout import data_table, format_figure


def shown(frame: pd.DataFrame) -> str:
    console = Console(width=100)
    with console.capture() as capture:
        console.print(data_table("a table", frame))
    return capture.get()


def test_figures_have_the_digits_that_their_size_deserves() -> None:
    assert [format_figure(value) for value in (-0.5, 0.0, 9.999, 1234.5)] == [
        "-0.500",
        "0.000",
        "10.00",
        "1,234",
    ]


def test_a_table_shows_counts_whole_and_the_unknown_as_a_dash() -> None:
    text = shown(pd.DataFrame({"name": ["x"], "count": [12345], "mean": [0.25], "sd": [np.nan]}))
    assert "a table" in text
    for cell in ("12,345", "0.250", "–"):
        assert cell in text
