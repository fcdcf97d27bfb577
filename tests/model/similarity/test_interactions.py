from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.errors import InputError, StorageError
from model.ragged import Ragged
from model.similarity.interactions import Interactions

playlists = st.lists(st.lists(st.integers(0, 5), max_size=9), max_size=9)


@given(playlists, st.booleans())
def test_both_ways_hold_the_same_entries(lists: list[list[int]], repeats: bool) -> None:
    made = Interactions.of(Ragged.of(lists), 7, repeats=repeats)
    held = made.lists
    kept = lists if repeats else [list(dict.fromkeys(one)) for one in lists]
    songs = held.numbers[held.songs].tolist()
    assert [
        songs[start:end] for start, end in zip(held.indptr, held.indptr[1:], strict=False)
    ] == kept
    for song in range(7):
        rank = held.ranks[song]
        row = held.playlists[held.song_indptr[rank] : held.song_indptr[rank + 1]].tolist()
        assert row == [
            number for number, one in enumerate(kept) for held_song in one if held_song == song
        ]


def test_songs_of_many_entries_rank_first_and_ties_go_by_number() -> None:
    made = Interactions.of(Ragged.of([[3, 1], [3, 0], [1, 3]]), 5)
    # Song 3 has three entries, song 1 two, song 0 one, songs 2 and 4 none.
    assert made.lists.numbers.tolist() == [3, 1, 0, 2, 4]
    assert made.lists.ranks.tolist() == [2, 1, 3, 0, 4]
    assert made.degrees.tolist() == [3, 2, 1, 0, 0]
    assert made.lengths.tolist() == [2, 2, 2]


@pytest.mark.parametrize("repeats", [False, True])
def test_what_was_saved_is_opened_unchanged(tmp_path: Path, repeats: bool) -> None:
    made = Interactions.of(Ragged.of([[3, 1, 3], [], [0]]), 5, repeats=repeats)
    made.save(tmp_path)
    opened = Interactions.open(tmp_path)
    assert opened.has_repeats == repeats
    for one, other in zip(made.lists, opened.lists, strict=True):
        assert one.dtype == other.dtype
        assert one.tolist() == other.tolist()


def test_no_entries_at_all_are_saved_too(tmp_path: Path) -> None:
    Interactions.of(Ragged.of([]), 2).save(tmp_path)
    assert Interactions.open(tmp_path).degrees.tolist() == [0, 0]


def test_absent_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="indptr"):
        Interactions.open(tmp_path)


@pytest.mark.parametrize("song", [-1, 5])
def test_unknown_songs_are_refused(song: int) -> None:
    with pytest.raises(InputError, match="expected 0 to 4"):
        Interactions.of(Ragged.of([[2, song]]), 5)


def test_sums_go_by_rank() -> None:
    made = Interactions.of(Ragged.of([[0, 2], [2]]), 3)
    # Song 2 has rank 0: 5 + 7; song 0 rank 1: 5.
    assert made.sums(np.array([5, 7])).tolist() == [12, 5, 0]
    assert made.sums(np.array([5, 7]), np.array([1], dtype=np.int32)).tolist() == [5]


def test_songs_of_either_width_give_the_same() -> None:
    wide = Ragged.of([[0, 2, 0], [2]])
    narrow = Ragged(wide.indptr, wide.values.astype(np.int32))
    for repeats in (False, True):
        one, other = (Interactions.of(lists, 3, repeats=repeats) for lists in (wide, narrow))
        for left, right in zip(one.lists, other.lists, strict=True):
            assert left.dtype == right.dtype
            assert left.tolist() == right.tolist()
    assert narrow.values.tolist() == [0, 2, 0, 2]


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("songs", np.zeros(1, np.int32)),
        ("playlists", np.zeros(3, np.int64)),
        ("ranks", np.zeros(4, np.int32)),
        ("indptr", np.array([0, 9])),
    ],
)
def test_files_that_do_not_belong_together_are_refused(
    tmp_path: Path, name: str, array: np.ndarray
) -> None:
    Interactions.of(Ragged.of([[0, 1], [2]]), 3).save(tmp_path)
    np.save(tmp_path / f"{name}.npy", array)
    with pytest.raises(StorageError, match="do not belong together"):
        Interactions.open(tmp_path)
