"""Dense numbers, in order of first appearance."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from harvest.sources.numbering import DenseIds, first_rows

pages = st.lists(st.lists(st.text("abcd", max_size=2), max_size=6), max_size=4)


@given(pages, st.integers(0, 9))
def test_numbers_are_dense_and_in_order_of_first_appearance(some, start):
    ids = DenseIds(start)
    numbers = [number for page in some for number in ids.number(page).tolist()]
    names = [name for page in some for name in page]
    distinct = list(dict.fromkeys(names))
    assert list(ids) == distinct
    assert len(ids) == len(distinct)
    assert numbers == [start + distinct.index(name) for name in names]


@given(st.lists(st.text("abcd", max_size=1), max_size=8))
def test_first_rows_are_those_at_which_a_number_occurs_first(names):
    codes = DenseIds().number(names)
    expected = [names.index(name) for name in dict.fromkeys(names)]
    assert first_rows(codes).tolist() == expected


def test_of_nothing_there_is_no_first_row():
    assert first_rows(np.array([], np.int32)).tolist() == []
