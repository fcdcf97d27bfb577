import numpy as np
import pytest
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


def test_a_limit_below_nothing_leaves_nothing() -> None:
    assert as_lists(Ragged.of([[1, 2], []]).limited(-1)) == [[], []]


def test_where_keeps_what_is_marked_and_lists_may_become_empty() -> None:
    kept = Ragged.of([[1, 2], [3], [4]]).where(np.array([False, True, False, True]))
    assert as_lists(kept) == [[2], [], [4]]


def test_owners_name_the_list_of_every_value() -> None:
    assert Ragged.of([[7], [], [8, 9]]).owners.tolist() == [0, 2, 2]


@given(lists_of_numbers, lists_of_numbers)
def test_joined_puts_one_list_behind_the_other(
    lists: list[list[int]], others: list[list[int]]
) -> None:
    n = min(len(lists), len(others))
    joined = Ragged.of(lists[:n]).joined(Ragged.of(others[:n]))
    assert as_lists(joined) == [lists[row] + others[row] for row in range(n)]


@pytest.mark.parametrize("kind", [np.int32, np.int64])
def test_every_operation_keeps_the_type_of_the_values(kind: type) -> None:
    owners, values = np.array([0, 0, 2], dtype=np.int32), np.array([5, 5, 6], dtype=kind)
    lists = Ragged.grouped(owners, values, 3)
    made = [
        lists,
        lists.take(np.array([2, 0])),
        lists.where(np.array([True, False, True])),
        lists.distinct(),
        lists.heads(),
        lists.tails(),
        lists.limited(1),
        lists.joined(lists),
    ]
    assert {one.values.dtype for one in made} == {np.dtype(kind)}
    assert {one.indptr.dtype for one in made} == {np.dtype(np.int64)}
    assert as_lists(lists) == [[5, 5], [], [6]]


def test_lists_that_nobody_may_write_to_can_be_read() -> None:
    values = np.array([5, 5, 6], dtype=np.int32)
    values.flags.writeable = False
    lists = Ragged(np.array([0, 2, 3]), values)
    assert as_lists(lists.distinct().take(np.array([1, 0]))) == [[6], [5]]
