import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.legible import printable


def test_what_ends_a_line_colours_a_terminal_or_is_no_character_is_replaced():
    assert printable("a\0b\udcff\n\u2028\x1b[31m") == "a�b���" + "�[31m"


@pytest.mark.parametrize("text", ["", "Größe – 東京 🎵", "x" * 1000])
def test_what_can_be_shown_stays_as_it_is(text):
    assert printable(text) == text


@given(text=st.text(), most=st.integers(1, 50))
def test_no_more_is_shown_than_asked_for(text, most):
    shown = printable(text, most)
    assert len(shown) == min(len(text), most)
    assert shown.isprintable()
    assert shown.endswith("…") or len(text) <= most
