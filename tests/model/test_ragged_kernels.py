import numpy as np

from model.ragged_kernels import copy_runs, count_holders, count_kept, find_first, join_rows


def test_runs_may_overlap_and_be_empty() -> None:
    values = np.array([5, 6, 7, 8], dtype=np.int32)
    copied = np.empty(5, dtype=np.int32)
    # Two values from place 1, none from place 0, three from place 1 again.
    copy_runs(values, np.array([1, 0, 1]), np.array([0, 2, 2, 5]), copied)
    assert copied.tolist() == [6, 7, 6, 7, 8]


def test_the_first_of_its_kind_is_found_in_each_list_by_itself() -> None:
    first = np.empty(5, dtype=np.bool_)
    last = np.zeros(3, dtype=np.int64)
    find_first(np.array([0, 3, 3, 5]), np.array([2, 0, 2, 2, 2]), last, first)
    assert first.tolist() == [True, True, False, True, False]
    # What was met last where: 0 in the first list, 2 in the third.
    assert last.tolist() == [1, 0, 3]


def test_what_is_kept_is_counted_list_by_list() -> None:
    keep = np.array([True, False, True, True])
    indptr = np.zeros(4, dtype=np.int64)
    count_kept(np.array([0, 2, 2, 4]), keep, indptr)
    assert indptr.tolist() == [0, 1, 1, 3]


def test_a_list_holds_a_value_once() -> None:
    counts = np.zeros(3, dtype=np.int64)
    count_holders(np.array([0, 3, 4]), np.array([2, 0, 2, 2]), np.zeros(3, dtype=np.int64), counts)
    assert counts.tolist() == [1, 0, 2]


def test_lists_of_two_types_are_joined_in_one() -> None:
    joined = np.empty(3, dtype=np.int32)
    join_rows(
        np.array([0, 1, 2]),
        np.array([1, 2], dtype=np.int32),
        np.array([0, 0, 1]),
        np.array([3], dtype=np.int64),
        joined,
    )
    assert joined.tolist() == [1, 2, 3]
