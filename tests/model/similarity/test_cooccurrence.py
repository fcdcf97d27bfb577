from collections import Counter
from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.ragged import Ragged
from model.similarity import cooccurrence
from model.similarity.cooccurrence import (
    PairCounts,
    count_directional,
    count_symmetric,
    top_neighbours,
    top_rows,
)

playlists = st.lists(st.lists(st.integers(0, 5), max_size=7), max_size=8)


def as_dict(pairs: PairCounts) -> dict[tuple[int, int], int]:
    rows = zip(pairs.left.tolist(), pairs.right.tolist(), pairs.count.tolist(), strict=True)
    return {(left, right): count for left, right, count in rows}


@given(playlists)
def test_directional_counts_are_those_of_all_ordered_pairs_of_places(
    lists: list[list[int]],
) -> None:
    expected = Counter(pair for one in lists for pair in combinations(one, 2))
    assert as_dict(count_directional(Ragged.of(lists), 6)) == expected


@given(playlists)
def test_symmetric_counts_are_playlists_that_hold_both(lists: list[list[int]]) -> None:
    expected = Counter(
        pair
        for one in lists
        for left, right in combinations(sorted(set(one)), 2)
        for pair in ((left, right), (right, left))
    )
    assert as_dict(count_symmetric(Ragged.of(lists), 6)) == expected


@given(playlists, st.randoms(use_true_random=False))
def test_the_order_of_playlists_changes_nothing(lists: list[list[int]], random: Random) -> None:
    shuffled = list(lists)
    random.shuffle(shuffled)
    for count in (count_directional, count_symmetric):
        assert as_dict(count(Ragged.of(lists), 6)) == as_dict(count(Ragged.of(shuffled), 6))


@given(playlists, st.integers(1, 30))
def test_small_blocks_give_the_same_counts_as_one(lists: list[list[int]], size: int) -> None:
    ragged = Ragged.of(lists)
    whole = [count(ragged, 6) for count in (count_directional, count_symmetric)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cooccurrence, "PAIRS_PER_BLOCK", size)
        blocks = [count(ragged, 6) for count in (count_directional, count_symmetric)]
    for one, other in zip(whole, blocks, strict=True):
        assert [one.left.tolist(), one.right.tolist(), one.count.tolist()] == [
            other.left.tolist(),
            other.right.tolist(),
            other.count.tolist(),
        ]


def test_a_threshold_while_counting_is_a_threshold_afterwards() -> None:
    lists = Ragged.of([[0, 1, 2], [0, 1], [2, 1]])
    counted = count_symmetric(lists, 3, min_count=2)
    assert as_dict(counted) == as_dict(count_symmetric(lists, 3).at_least(2))
    # 0 and 1 share two playlists, 1 and 2 share two, 0 and 2 share one.
    assert as_dict(counted) == {(0, 1): 2, (1, 0): 2, (1, 2): 2, (2, 1): 2}


def test_neighbours_are_ranked_by_count_and_ties_by_song_number() -> None:
    lists = Ragged.of([[0, 3], [0, 3], [0, 2], [0, 1]])
    similar = top_neighbours(count_symmetric(lists, 4), 4, k=2)
    # Song 0: song 3 twice, then 1 and 2 once each, of which 1 comes first.
    assert similar[0].tolist() == [3, 1]
    assert similar[1].tolist() == [0]


def test_published_rows_name_a_song_in_either_column_and_may_name_it_twice() -> None:
    lists = Ragged.of([[0, 1]] * 3 + [[1, 0]] * 2 + [[2, 0]])
    rows = top_rows(count_directional(lists, 4), 4, k=3)
    # Rows with song 0: (0, 1) thrice, (1, 0) twice, (2, 0) once.
    assert rows[0].tolist() == [1, 1, 2]
    assert rows[2].tolist() == [0]
    assert rows[3].tolist() == []


def test_a_row_of_a_song_with_itself_takes_one_place() -> None:
    rows = top_rows(count_directional(Ragged.of([[0, 0], [0, 0], [0, 1]]), 2), 2, k=10)
    assert rows[0].tolist() == [0, 1]
