import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.texts.legible import is_utf8, printable


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


@pytest.mark.parametrize("content", [b"", b"abc\n", "Größe 東京 🎵".encode(), b"\xef\xbb\xbfa"])
def test_text_in_utf_8_is_told_as_such(content):
    assert is_utf8(content)


@pytest.mark.parametrize("content", ["Größe".encode("cp1252"), "é".encode()[:1], b"\xed\xa0\x80"])
def test_what_is_in_another_encoding_or_cut_is_not_utf_8(content):
    assert not is_utf8(content)
