import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from model.ragged import Ragged

lists_of_numbers = st.lists(st.lists(st.integers(0, 6), max_size=8), max_size=8)


def as_lists(ragged: Ragged) -> list[list[int]]:
    return [ragged[row].tolist() for row in range(len(ragged))]


@given(lists_of_numbers)
def test_lists_go_in_and_come_out_unchanged(lists: list[list[int]]) -> None:
    assert as_lists(Ragged.of(lists)) == lists


@given(lists_of_numbers, st.data())
def test_take_picks_lists_in_the_order_asked_for(
    lists: list[list[int]], data: st.DataObject
) -> None:
    rows = data.draw(st.lists(st.integers(0, len(lists) - 1))) if lists else []
    taken = Ragged.of(lists).take(np.array(rows, dtype=np.int64))
    assert as_lists(taken) == [lists[row] for row in rows]


@given(lists_of_numbers)
def test_distinct_keeps_the_first_of_each_value_in_order(lists: list[list[int]]) -> None:
    assert as_lists(Ragged.of(lists).distinct()) == [list(dict.fromkeys(one)) for one in lists]


@given(lists_of_numbers)
def test_heads_and_tails_part_every_list_after_its_first_value(lists: list[list[int]]) -> None:
    ragged = Ragged.of(lists)
    assert as_lists(ragged.heads()) == [one[:1] for one in lists]
    assert as_lists(ragged.tails()) == [one[1:] for one in lists]


@given(lists_of_numbers, st.integers(0, 5))
def test_limited_cuts_every_list(lists: list[list[int]], n: int) -> None:
    assert as_lists(Ragged.of(lists).limited(n)) == [one[:n] for one in lists]


def test_limited_takes_one_limit_a_list() -> None:
    assert as_lists(Ragged.of([[1, 2], [3, 4]]).limited(np.array([0, 1]))) == [[], [3]]


def test_grouped_puts_each_value_into_its_owners_list() -> None:
    ragged = Ragged.grouped(np.array([0, 2, 2]), np.array([7, 8, 9]), 4)
    assert as_lists(ragged) == [[7], [], [8, 9], []]
