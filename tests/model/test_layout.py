import numpy as np
import pandas as pd
import pytest
from rich.console import Console, Group
from rich.padding import Padding
from rich.text import Text

from model.layout import data_table, format_figure, print_blocks


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


def printed(capsys: pytest.CaptureFixture[str], *blocks: object) -> list[str]:
    print_blocks(Group(*blocks))
    return capsys.readouterr().out.splitlines()


NAMES = [f"a_recommender_{row}" for row in range(8)]


def test_without_a_terminal_a_table_takes_the_width_that_it_needs(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    frame = pd.DataFrame({name: ["-0.123 (-0.456 to 0.789)"] for name in NAMES[:5]})
    lines = printed(capsys, Padding(data_table("t", frame), (0, 0, 1, 0)), Text("word " * 40))
    assert lines[1].split() == NAMES[:5]
    # Five cells of 24, and four gaps of 2.
    assert lines[3].rstrip() == "  ".join(["-0.123 (-0.456 to 0.789)"] * 5)
    assert max(len(line.rstrip()) for line in lines[4:]) <= 80


def test_no_word_is_cut_where_the_terminal_is_narrow(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    frame = pd.DataFrame({name: [-14.25, 1234.0] for name in NAMES})
    lines = printed(capsys, data_table("t", frame))
    assert lines[1].split() == NAMES
    assert lines[3].split() == ["-14.2"] * 8
    assert lines[4].split() == ["1,234"] * 8


def test_columns_stand_closer_where_that_lets_them_fit(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    # Thirteen columns of five letters: 89 columns with gaps of two, 77 with gaps of one.
    frame = pd.DataFrame({f"name{row:x}": ["-0.12"] for row in range(13)})
    lines = printed(capsys, data_table("t", frame))
    assert lines[3] == " ".join(["-0.12"] * 13)


def test_long_texts_are_folded_and_not_shortened(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    frame = pd.DataFrame({"name": ["a" * 200], "why": ["because of this " * 12]})
    lines = printed(capsys, data_table("t", frame))
    assert "…" not in "".join(lines)
    assert sum(line.count("a") for line in lines[3:]) == 200 + 12
    assert max(map(len, lines)) <= 80
