import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.making.text import shown


@given(st.text())
def test_what_is_shown_controls_nothing(name: str) -> None:
    kinds = {unicodedata.category(letter) for letter in shown(name) if letter not in "\u200c\u200d"}
    assert not kinds & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert shown(name)


@pytest.mark.parametrize("name", ["夜に駆ける", "شمس", "👨\u200d👩\u200d👧", "a b"])
def test_names_of_all_scripts_stay(name: str) -> None:
    assert shown(name) == name
