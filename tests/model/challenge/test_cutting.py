import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.challenge.categories import CATEGORIES
from model.challenge.cutting import Challenge, cut_challenge, describe_shortage
from model.errors import InputError
from model.ragged import Ragged

BY_NUMBER = {one.number: one for one in CATEGORIES}
PINNED = [8, 28, 18, 27, 29, 31, 0, 4, 14, 17, 30, 37, 33, 35, 21, 38, 22, 24, 1, 19]


def sizes(cut: Challenge) -> list[int]:
    return np.bincount(cut.categories, minlength=11)[1:].tolist()


def names_of(lists: Ragged) -> list[str]:
    return [f"name {row}" for row in range(len(lists))]


def test_every_category_gets_equally_many_playlists_and_none_is_in_two(cut: Challenge) -> None:
    assert sizes(cut) == [2] * 10
    assert len(np.unique(cut.rows)) == len(cut) == 20


def test_what_is_given_is_what_the_category_says(cut: Challenge, long_lists: Ragged) -> None:
    for number, row in enumerate(cut.rows.tolist()):
        kind, positions = BY_NUMBER[int(cut.categories[number])], cut.positions[number]
        assert len(positions) == len(cut.seeds[number]) == kind.n_seeds
        assert (cut.titles[number] is not None) == kind.has_title
        assert (positions.tolist() == list(range(kind.n_seeds))) != kind.is_random
        assert np.array_equal(long_lists[row][positions], cut.seeds[number])


def test_random_seeds_keep_the_order_of_the_playlist(cut: Challenge) -> None:
    drawn = [row for row in range(len(cut)) if BY_NUMBER[int(cut.categories[row])].is_random]
    assert len(drawn) == 4
    for row in drawn:
        assert (np.diff(cut.positions[row]) > 0).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(20, 60))
def test_seeds_and_truth_make_up_the_playlist_and_share_no_song(seed: int, n_songs: int) -> None:
    rng = np.random.default_rng(seed)
    lists = Ragged.of(rng.integers(n_songs, size=rng.integers(1, 60)) for _ in range(30))
    cut = cut_challenge(lists, names_of(lists), np.arange(30), seed, n_playlists=30)
    for number, row in enumerate(cut.rows.tolist()):
        seeds, truth = set(cut.seeds[number].tolist()), cut.truth[number].tolist()
        assert truth
        assert len(truth) == len(set(truth))
        assert seeds.isdisjoint(truth)
        assert seeds | set(truth) == set(lists[row].tolist())
        assert cut.n_hidden[number] == len(lists[row]) - len(cut.seeds[number])


def test_of_very_many_playlists_as_many_are_cut_as_the_challenge_has() -> None:
    rows = np.arange(10_020)
    lists = Ragged.cut(np.arange(2 * len(rows)), np.full(len(rows), 2))
    cut = cut_challenge(lists, ["a"] * len(rows), rows, 0, wanted=CATEGORIES[:2])
    assert sizes(cut)[:2] == [5_000, 5_000]


def test_a_hidden_repeat_of_a_seed_is_no_truth() -> None:
    lists = Ragged.of([[4, 4, 7, 4, 7, 9]])
    cut = cut_challenge(lists, ["a"], np.array([0]), 0, wanted=CATEGORIES[1:2])
    assert cut.seeds[0].tolist() == [4]
    assert cut.truth[0].tolist() == [7, 9]
    assert cut.n_hidden.tolist() == [5]


def test_a_playlist_that_repeats_its_songs_is_not_long_enough() -> None:
    # Five entries, but one song: after the first nothing would be left to find.
    with pytest.raises(InputError, match="no playlist of 1 is long enough"):
        cut_challenge(Ragged.of([[4] * 5]), ["a"], np.array([0]), 0, wanted=CATEGORIES[1:2])


def test_the_same_seed_cuts_the_same_set_and_another_seed_another(long_lists: Ragged) -> None:
    names, rows = names_of(long_lists), np.arange(len(long_lists))
    one, same, other = (
        cut_challenge(long_lists, names, rows, seed, n_playlists=20) for seed in (1, 1, 2)
    )
    assert np.array_equal(one.rows, same.rows)
    assert np.array_equal(one.seeds.values, same.seeds.values)
    assert not np.array_equal(one.rows, other.rows)


def test_the_order_in_which_rows_are_named_changes_nothing(long_lists: Ragged) -> None:
    names, rows = names_of(long_lists), np.arange(len(long_lists))
    one = cut_challenge(long_lists, names, rows, 0, n_playlists=20)
    other = cut_challenge(long_lists, names, rows[::-1], 0, n_playlists=20)
    assert np.array_equal(one.rows, other.rows)


def test_only_the_rows_that_are_named_are_cut(long_lists: Ragged) -> None:
    rows = np.arange(10, 40)
    cut = cut_challenge(long_lists, names_of(long_lists), rows, 0)
    assert np.isin(cut.rows, rows).all()


def test_without_long_playlists_the_categories_concerned_are_empty_and_it_is_said() -> None:
    lists = Ragged.of(np.arange(50) for _ in range(20))
    cut = cut_challenge(lists, names_of(lists), np.arange(20), 0)
    assert sizes(cut) == [2] * 8 + [0, 0]
    assert describe_shortage(cut) == (
        "too few playlists are long enough for: "
        "title, first 100 (0 of 2); title, random 100 (0 of 2)"
    )


def test_categories_of_one_length_share_what_is_too_little() -> None:
    # Five playlists of 200 for the two that need 100, where six would be wanted: two each.
    lengths = [200] * 5 + [50] * 25
    lists = Ragged.of(np.arange(length) for length in lengths)
    cut = cut_challenge(lists, names_of(lists), np.arange(30), 0)
    assert sizes(cut) == [3] * 8 + [2, 2]


def test_nothing_is_said_where_all_are_equally_large(cut: Challenge) -> None:
    assert not describe_shortage(cut)


def test_playlists_without_a_name_go_to_categories_without_a_title() -> None:
    lists = Ragged.of(np.arange(20) for _ in range(4))
    cut = cut_challenge(lists, ["", " ", "a", "b"], np.arange(4), 0, wanted=CATEGORIES[2:4])
    assert cut.titles == (None, None, "a", "b")


def some_titled(n_titled: int, n_untitled: int, *, n_songs: int = 200) -> tuple[Ragged, list[str]]:
    lists = Ragged.of(np.arange(n_songs) for _ in range(n_titled + n_untitled))
    return lists, ["a"] * n_titled + [" "] * n_untitled


def test_it_is_said_that_too_few_have_a_title() -> None:
    lists, names = some_titled(20, 330)
    words = describe_shortage(cut_challenge(lists, names, np.arange(350), 0))
    assert words.startswith("too few playlists have a title for: title only (2 of 35); title, ")
    assert "long enough" not in words


def test_too_few_long_ones_are_told_from_too_few_with_a_title() -> None:
    lists, names = some_titled(20, 80, n_songs=50)
    assert describe_shortage(cut_challenge(lists, names, np.arange(100), 0)) == (
        "too few playlists are long enough for: title, first 100 (0 of 10); "
        "title, random 100 (0 of 10), and too few have a title for: title only (2 of 10); "
        "title, first track (2 of 10); title, first 5 (2 of 10); title, first 10 (2 of 10); "
        "title, first 25 (2 of 10); title, random 25 (2 of 10)"
    )


def test_nothing_to_cut_for_want_of_titles_is_said() -> None:
    lists, names = some_titled(0, 30, n_songs=4)
    with pytest.raises(InputError, match="0 of 30 playlists to cut have a title: too few for"):
        cut_challenge(lists, names, np.arange(30), 0)


def test_where_all_have_a_title_the_cut_is_what_it_always_was() -> None:
    # Figures that were published stand on it; the numbers are what version 1 cut.
    rng = np.random.default_rng(0)
    lists = Ragged.of(np.arange(size) for size in rng.integers(2, 300, 40))
    cut = cut_challenge(lists, names_of(lists), np.arange(40), 0, n_playlists=20)
    assert cut.rows[np.argsort(cut.categories, kind="stable")].tolist() == PINNED


def test_two_categories_of_one_length_are_given_playlists_of_like_lengths() -> None:
    rng = np.random.default_rng(0)
    lists = Ragged.of(np.arange(size) for size in rng.integers(30, 300, 2000))
    cut = cut_challenge(lists, names_of(lists), np.arange(2000), 0, n_playlists=1000)
    lengths = cut.n_hidden + cut.seeds.lengths
    first, drawn = (lengths[cut.categories == number].mean() for number in (7, 8))
    # 100 draws at random would differ by 11 (sd 78, times the root of 2 / 100) as often as not.
    assert abs(first - drawn) < 4


def test_fewer_playlists_than_categories_are_refused() -> None:
    lists = Ragged.of(np.arange(200) for _ in range(9))
    with pytest.raises(
        InputError, match="9 playlists to cut, for 10 categories: at least 10 are needed"
    ):
        cut_challenge(lists, names_of(lists), np.arange(9), 0)


@pytest.mark.parametrize(
    ("n_rows", "words"), [(12, "--playlists 5: for 10 categories at least 10"), (9, "9 playlists ")]
)
def test_fewer_asked_for_than_categories_are_told_from_fewer_that_there_are(
    n_rows: int, words: str
) -> None:
    lists = Ragged.of(np.arange(200) for _ in range(n_rows))
    with pytest.raises(InputError, match=words):
        cut_challenge(lists, names_of(lists), np.arange(n_rows), 0, n_playlists=5)
