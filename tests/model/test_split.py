import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.errors import InputError, LeakError
from model.split import check_leaks, split_playlists


@given(st.lists(st.sampled_from("abc"), min_size=10, max_size=300), st.integers(0, 5))
def test_every_playlist_is_in_just_one_part(names: list[str], seed: int) -> None:
    split = split_playlists(names, np.arange(len(names)), random_state=seed)
    joined = np.concatenate([split.train, split.validation, split.test])
    assert sorted(joined.tolist()) == list(range(len(names)))
    assert all(len(part) for part in (split.train, split.validation, split.test))


def test_shares_are_eight_one_one_in_ten() -> None:
    names = [f"name {row % 37}" for row in range(1000)]
    split = split_playlists(names, np.arange(1000), random_state=0)
    assert [len(part) for part in (split.train, split.validation, split.test)] == [800, 100, 100]


def test_of_each_ten_neighbours_in_followers_of_a_large_name_one_is_tested() -> None:
    followers = np.random.default_rng(0).permutation(200)
    split = split_playlists(["chill"] * 200, followers, random_state=3)
    for part in (split.validation, split.test):
        # Followers are 0 ... 199, each once: groups of ten are 0-9, 10-19, ...
        assert sorted((followers[part] // 10).tolist()) == list(range(20))


def test_every_name_of_ten_playlists_is_in_every_part() -> None:
    names = ["a"] * 10 + ["b"] * 25 + ["c"] * 5
    split = split_playlists(names, np.ones(40, dtype=int), random_state=0)
    for part in (split.train, split.validation, split.test):
        assert {"a", "b"} <= {names[row] for row in part}


@pytest.mark.parametrize("seed", range(5))
def test_of_each_whole_ten_of_a_name_one_is_tested_whatever_names_stand_beside_it(
    seed: int,
) -> None:
    sizes = {"a": 19, "b": 27, "c": 3, "d": 40, "e": 115, "f": 14, "g": 22}
    names = [name for name, size in sizes.items() for _ in range(size)]
    split = split_playlists(names, np.arange(len(names)), random_state=seed)
    for part in (split.validation, split.test):
        found = [names[row] for row in part]
        for name, size in sizes.items():
            # One of each whole ten; of what is left of a name, at most all.
            assert size // 10 <= found.count(name) <= size // 10 + size % 10


def test_followers_matter_from_a_hundred_playlists_of_a_name_on() -> None:
    def are_levels_in_each_part(n: int) -> bool:
        split = split_playlists(["chill"] * n, np.arange(n)[::-1], random_state=0)
        return all(len({row // 10 for row in part.tolist()}) == n // 10 for part in (split.test,))

    assert are_levels_in_each_part(100)
    assert not are_levels_in_each_part(90)


def test_the_same_seed_gives_the_same_parts_and_another_seed_others() -> None:
    names, followers = ["x"] * 100, np.arange(100)
    first = split_playlists(names, followers, random_state=1)
    again = split_playlists(names, followers, random_state=1)
    other = split_playlists(names, followers, random_state=2)
    assert first.test.tolist() == again.test.tolist() != other.test.tolist()


def test_fewer_than_ten_playlists_are_refused() -> None:
    with pytest.raises(InputError, match=r"9 usable playlists .* at least 10.*`harvest playlists`"):
        split_playlists(["a"] * 9, np.arange(9), random_state=0)


def test_a_held_out_playlist_among_those_fitted_on_fails_the_check() -> None:
    fitted_on = {"counts": np.array([1, 2]), "clusters": np.array([2, 5])}
    with pytest.raises(LeakError, match="clusters saw 1 held-out") as caught:
        check_leaks(fitted_on, np.array([5, 6]))
    assert caught.value.playlist_ids == (5,)


def test_disjoint_playlists_pass_the_check() -> None:
    check_leaks({"counts": np.array([1, 2])}, np.array([3]))


def test_one_playlist_is_spoken_of_in_the_singular() -> None:
    with pytest.raises(InputError, match="1 usable playlist cannot be split"):
        split_playlists(["chill"], np.array([3]), random_state=0)
