import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.library import words
from model.library.word_building import index_words
from model.library.words import bare_title, name_key, word_grams

Names = st.lists(
    st.lists(st.text("abc", min_size=1, max_size=3), max_size=4).map(" ".join), max_size=30
)
Asked = st.lists(st.text("abc", min_size=1, max_size=3), min_size=1, max_size=3)


def fits(name: str, asked: list[str], *, is_open: bool) -> bool:
    held = name.split()
    *whole, last = asked
    is_last = any(word.startswith(last) if is_open else word == last for word in held)
    return is_last and all(word in held for word in whole)


@pytest.mark.parametrize("chunk", [1, 3, words.FIRST_CHUNK])
@given(names=Names, asked=Asked, n=st.integers(1, 5), is_open=st.booleans())
def test_names_that_hold_all_words_are_found_by_rank(
    chunk: int, names: list[str], asked: list[str], n: int, is_open: bool
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(words, "FIRST_CHUNK", chunk)
        found = index_words(names).find(asked, n=n, is_open=is_open)
    expected = [rank for rank, name in enumerate(names) if fits(name, asked, is_open=is_open)]
    assert found.tolist() == expected[:n]


def test_no_words_find_nothing() -> None:
    assert index_words(["a"]).find([], n=3).tolist() == []
    assert index_words([]).find(["a"], n=3).tolist() == []
    assert index_words([]).near("a", n=3).tolist() == []


def test_near_words_are_those_that_share_most_runs_of_letters() -> None:
    index = index_words(["yesterday yesterdays today", "yes"])
    # "yesterdy" has runs ··y ·ye yes est ste ter erd rdy dy·; yesterday has 7 of them of its 10:
    # 14 / 19; yesterdays 7 of 11: 14 / 20; yes 3 of 4: 6 / 13; today only ·· boundaries: none.
    near = [index.words[word] for word in index.near("yesterdy", n=9)]
    assert near == ["yesterday", "yesterdays", "yes"]


def test_runs_of_letters_know_their_script() -> None:
    assert len(word_grams("夜に")) == 3
    assert not np.intersect1d(word_grams("夜"), word_grams("に")).size


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("Creep - Remastered", "Creep"),
        ("Stay (feat. X) - Live", "Stay"),
        ("[bold]", "[bold]"),
        ("Semi-Charmed Life", "Semi-Charmed Life"),
    ],
)
def test_notes_are_left_out_of_titles(title: str, bare: str) -> None:
    assert bare_title(title) == bare


def test_a_name_of_signs_keeps_them() -> None:
    assert name_key(" ?! ") == "?!"
