import numpy as np
import pandas as pd
import pytest
from rich.console import Console, Group
from rich.padding import Padding
from rich.text import Text

from model.layout import (
    columns_of,
    data_table,
    format_figure,
    over_ends,
    plain_table,
    print_blocks,
    signed,
    with_ends,
)


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


def test_what_finds_no_room_stands_below_beside_the_same_labels(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    frame = pd.DataFrame({"figure": ["ndcg", "clicks"]} | {name: [-14.25, 12.5] for name in NAMES})
    lines = printed(capsys, Padding(data_table("t", frame), (0, 0, 1, 0)), Text("after"))
    # Labels of 6, columns of 15 and gaps of 1: four find room, 6 + 4 * 16 = 70.
    assert lines[0].strip() == "t"
    assert [lines[row].split() for row in (1, 3, 4)] == [
        ["figure", *NAMES[:4]],
        ["ndcg", *["-14.2"] * 4],
        ["clicks", *["12.5"] * 4],
    ]
    assert [lines[row].split() for row in (5, 6, 8, 9)] == [
        [],
        ["figure", *NAMES[4:]],
        ["ndcg", *["-14.2"] * 4],
        ["clicks", *["12.5"] * 4],
    ]
    assert [line.strip() for line in lines[10:]] == ["", "after"]
    assert max(map(len, lines)) <= 80


def test_no_word_is_cut_where_the_terminal_is_narrow(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    table = plain_table("t")
    for name in ("a" * 30, "b"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_row("-0.123 (-0.456 to 0.789)", "-0.321 (-0.654 to 0.987)")
    lines = printed(capsys, table)
    # 30 letters beside 24 find no room in 40, and a table is never cut within a figure.
    assert lines[1].split() == ["a" * 30, "b"]
    assert "-0.123 (-0.456 to 0.789) -0.321 (-0.654 to 0.987)" in lines[3]


def test_texts_are_folded_before_a_table_is_cut(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    texts = ["understandable", "incomprehensibly", "characteristically"]
    lines = printed(capsys, data_table("t", pd.DataFrame({text: [text] for text in texts})))
    assert max(map(len, lines)) <= 40
    assert len([line for line in lines if line.startswith("─")]) == 1


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


def test_a_dumb_terminal_has_a_width_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("COLUMNS", "60")
    assert columns_of(Console(force_terminal=True)) == 60


def test_figures_with_their_ends_are_not_folded(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    frame = pd.DataFrame({"model": ["one"]} | {name: ["-0.1 (-0.2 to 0.3)"] for name in "ab"})
    lines = printed(capsys, data_table("t", frame))
    assert [line.split(maxsplit=1) for line in lines if "0.1" in line] == [
        ["one", "-0.1 (-0.2 to 0.3)"]
    ] * 2


def test_a_row_keeps_all_its_labels_where_there_is_room_for_them(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    table = plain_table("t", n_labels=2)
    for name in ("k", "share", *NAMES[:3]):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_row("10", "0.5", "1", "2", "3")
    lines = printed(capsys, table)
    assert [line.split() for line in lines if "0.5" in line] == [
        ["10", "0.5", "1", "2"],
        ["10", "0.5", "3"],
    ]


def test_no_dash_of_an_interval_stands_before_a_minus() -> None:
    assert with_ends(0.1, -0.1, 0.3) == "0.100 (-0.100 to 0.300)"
    assert over_ends(0.1, -0.1, 0.3) == "0.100\n-0.100 to 0.300"
    assert over_ends(0.2, 0.1, 0.3) == "0.200\n0.100–0.300"


def test_an_interval_that_is_not_known_is_left_out() -> None:
    nan = float("nan")
    assert [over_ends(0.5, nan, nan), over_ends(nan, nan, nan)] == ["0.500", "–"]


def test_a_difference_has_its_sign_unless_it_is_nothing() -> None:
    assert [signed(value) for value in (0.5, -0.5, 0.0, -0.0001)] == [
        *("+0.500", "-0.500"),
        *("0.000", "0.000"),
    ]


def test_whole_numbers_of_which_some_are_unknown_are_set_as_numbers() -> None:
    study = pd.array([None, 43037], dtype="Int64")
    rows = [
        line.split()
        for line in shown(pd.DataFrame({"tag": ["rap", "indie"], "study": study})).splitlines()
    ]
    assert ["rap", "–"] in rows
    assert ["indie", "43,037"] in rows
