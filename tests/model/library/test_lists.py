import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from model.library.lists import Lists, are_among, ascending

Some = st.lists(st.integers(0, 9))


def lists_of(rows: list[list[int]]) -> Lists:
    indptr = np.cumsum([0, *map(len, rows)])
    return Lists(indptr, np.array([one for row in rows for one in row], dtype=np.int32))


@given(st.lists(Some, min_size=1), st.data())
def test_lists_are_taken_in_the_order_asked_for(rows: list[list[int]], data: st.DataObject) -> None:
    wanted = data.draw(st.lists(st.integers(0, len(rows) - 1)))
    lists = lists_of(rows)
    numbers = np.array(wanted, dtype=np.int64)
    assert lists.take(numbers).tolist() == [one for row in wanted for one in rows[row]]
    assert lists.lengths(numbers).tolist() == [len(rows[row]) for row in wanted]


@given(Some, Some)
def test_membership_and_order_are_those_of_sets(some: list[int], others: list[int]) -> None:
    values, known = np.array(some, dtype=np.int64), np.array(others, dtype=np.int64)
    assert ascending(values).tolist() == sorted(set(some))
    assert are_among(values, known).tolist() == [one in others for one in some]
