import pytest
import typer

from model.commands.number_options import MOST, count_or_all, number, whole


@pytest.mark.parametrize("text", ["", " ", "0", "501", "1.5", "1e2", "-3", "nan", "9" * 5000, "²"])
def test_what_is_no_whole_number_in_range_is_named_with_the_range(text: str) -> None:
    with pytest.raises(typer.BadParameter) as caught:
        whole(1, 500)(text)
    assert str(caught.value) == f"{text!r} is not a whole number from 1 to 500"


@pytest.mark.parametrize("text", ["", "x", "-0.1", "1.01", "nan", "inf", "-inf", "1e400"])
def test_what_is_no_number_in_range_is_named_with_the_range(text: str) -> None:
    with pytest.raises(typer.BadParameter) as caught:
        number(0, 1)(text)
    assert str(caught.value) == f"{text!r} is not a number from 0 to 1"


@pytest.mark.parametrize("text", ["", "0", "00", "-1", "1.5", "most", "²", "9" * 19])
def test_what_is_no_number_of_things_nor_all_is_named(text: str) -> None:
    with pytest.raises(typer.BadParameter) as caught:
        count_or_all(text)
    assert str(caught.value) == f"{text!r} is neither a whole number from 1 nor all"


def test_all_are_more_than_any_number() -> None:
    assert [count_or_all("007"), count_or_all(10_000)] == [7, 10_000]
    assert count_or_all("all") > count_or_all("9" * 18)


def test_the_ends_of_a_range_are_in_it() -> None:
    assert [whole(1)("1"), whole(1)(str(MOST)), whole(-2, 2)(" -2 ")] == [1, MOST, -2]
    assert [number(-1, 1)("-1"), number(-1, 1)(1.0)] == [-1.0, 1.0]
