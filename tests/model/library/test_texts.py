import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.library.texts import Texts


@given(st.lists(st.text()))
def test_texts_come_back_as_they_were(texts: list[str]) -> None:
    kept = Texts.of(texts)
    expected = [text.encode("utf-8", "replace").decode() for text in texts]
    assert [kept[row] for row in range(len(kept))] == expected


def test_half_a_surrogate_pair_is_a_question_mark() -> None:
    assert Texts.of(["a\ud800"])[0] == "a?"


@given(st.lists(st.text(max_size=3)), st.text(max_size=2))
def test_a_span_holds_just_the_texts_that_begin_so(texts: list[str], start: str) -> None:
    ordered = sorted(texts, key=str.encode)
    first, stop = Texts.of(ordered).span(start)
    assert ordered[first:stop] == [text for text in ordered if text.startswith(start)]
    first, stop = Texts.of(ordered).span(start, is_whole=True)
    assert ordered[first:stop] == [text for text in ordered if text == start]


def test_arrays_are_named_as_their_files_are() -> None:
    arrays = Texts.of(["ab"]).arrays("x")
    assert list(arrays) == ["x_letters", "x_ends"]
    np.testing.assert_array_equal(arrays["x_ends"], [0, 2])


def test_a_text_that_is_not_there_is_no_text() -> None:
    with pytest.raises(IndexError):
        Texts.of([])[3]
