import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.folding import fold_letters, fold_name, squeeze


@given(st.text())
def test_folding_twice_is_folding_once(name: str) -> None:
    once = fold_name(name)
    assert fold_name(once) == once


@pytest.mark.parametrize(
    ("one", "other"), [("Beyoncé", "BEYONCE"), ("A & B", "a and b"), ("Don’t", "Don't")]
)
def test_spellings_of_a_name_are_one(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)


def test_marks_of_other_scripts_stay() -> None:
    assert fold_letters("が") != fold_letters("か")


def test_spaces_are_single() -> None:
    assert squeeze(" a \t b ") == "a b"
