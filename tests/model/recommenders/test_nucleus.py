import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.errors import InputError
from model.ragged import Ragged
from model.recommenders.base import Training
from model.recommenders.nucleus import Nucleus, walk

SIMILAR = Ragged.of([[1, 2], [0, 3], [4], [5], [], []])


def test_the_walk_goes_on_through_the_songs_it_found() -> None:
    # From 0: 1, 2; of 1: 3 (0 is known); of 2: 4; of 3: 5.
    assert walk([0], SIMILAR, 9, seen=[]) == [1, 2, 3, 4, 5]


def test_the_walk_ends_at_the_length_asked_for() -> None:
    assert walk([0], SIMILAR, 3, seen=[]) == [1, 2, 3]
    assert walk([0], SIMILAR, 0, seen=[]) == []


def test_the_walk_passes_over_what_was_seen() -> None:
    assert walk([0], SIMILAR, 9, seen=[1]) == [2, 4]


@pytest.fixture(scope="module")
def nucleus(training: Training) -> Nucleus:
    return Nucleus(n_clusters=4, min_count=2).fit(training)


@given(st.lists(st.tuples(st.lists(st.integers(0, 89), max_size=4), st.integers(0, 70))))
def test_lists_are_distinct_exactly_as_long_as_asked_for_and_without_seeds(
    nucleus: Nucleus, asked: list[tuple[list[int], int]]
) -> None:
    seeds = Ragged.of([one for one, _ in asked])
    n = np.array([length for _, length in asked], dtype=np.int64)
    songs, scores = nucleus.recommend(seeds, n=n)
    assert songs.lengths.tolist() == n.tolist()
    for row in range(len(asked)):
        assert len(set(songs[row].tolist())) == n[row]
        assert not set(songs[row].tolist()) & set(seeds[row].tolist())
    assert len(scores) == n.sum()


def test_a_list_longer_than_training_holds_everything_but_the_seeds(nucleus: Nucleus) -> None:
    songs, _ = nucleus.recommend(Ragged.of([[0]]), n=500)
    assert sorted(songs[0].tolist()) == sorted(set(nucleus.popular_.tolist()) - {0})


def test_what_is_asked_for_in_the_same_call_changes_nothing(nucleus: Nucleus) -> None:
    alone, _ = nucleus.recommend(Ragged.of([[7]]), n=20)
    among, _ = nucleus.recommend(Ragged.of([[50], [7], []]), n=20)
    assert alone[0].tolist() == among[1].tolist()


def test_the_order_of_training_playlists_changes_nothing(training: Training) -> None:
    order = np.random.default_rng(0).permutation(60)
    shuffled = dataclasses.replace(
        training,
        playlist_ids=training.playlist_ids[order],
        num_followers=training.num_followers[order],
        playlists=training.playlists.take(order),
    )
    seeds = Ragged.of([[song] for song in range(80)])
    # One cluster: which playlist KMeans starts from depends on their order.
    one, _ = Nucleus(1, min_count=2).fit(training).recommend(seeds, n=12)
    other, _ = Nucleus(1, min_count=2).fit(shuffled).recommend(seeds, n=12)
    assert one.values.tolist() == other.values.tolist()


def test_similar_songs_come_first_and_fill_no_more_than_their_share(nucleus: Nucleus) -> None:
    songs, _ = nucleus.recommend(Ragged.of([[0]]), n=10)
    # int(10 * 0.5) = 5 songs by similarity, which here suffices for all five.
    assert songs[0].tolist()[:5] == walk([0], nucleus.similar_, 5, seen=[])


def test_the_rest_is_drawn_from_the_most_followed_playlists_of_the_cluster() -> None:
    # Two clusters by tempo. Songs 0-4 are slow, 5-9 fast; nothing is similar (min_count 9).
    songs = np.zeros((10, 12))
    songs[5:, 10] = 200.0
    train = Training(
        playlist_ids=np.arange(4),
        names=[""] * 4,
        num_followers=np.array([10, 2, 10, 99]),
        playlists=Ragged.of([[0, 1, 2], [3, 4], [5, 6], [7, 8, 9]]),
        songs=songs,
    )
    nucleus = Nucleus(n_clusters=2, playlists_per_cluster=1, min_count=9).fit(train)
    found, _ = nucleus.recommend(Ragged.of([[4], [5]]), n=np.array([3, 3]))
    assert sorted(found[0].tolist()) == [0, 1, 2]
    assert sorted(found[1].tolist()) == [7, 8, 9]


def test_a_pool_too_small_is_extended_by_similar_songs_then_by_popular_ones() -> None:
    songs = np.zeros((8, 12))
    songs[5:, 10] = 200.0
    lists = [[0, 1], [1, 2], [1, 2], [3, 4], [4], [4], [4], [5, 6]]
    train = Training(
        playlist_ids=np.arange(8),
        names=[""] * 8,
        num_followers=np.array([90, 1, 1, 1, 1, 1, 1, 1]),
        playlists=Ragged.of(lists),
        songs=songs,
    )
    nucleus = Nucleus(n_clusters=2, playlists_per_cluster=1, min_count=2, share=0.0, similar=5).fit(
        train
    )
    found, _ = nucleus.recommend(Ragged.of([[7], [0]]), n=np.array([1, 4]))
    # Song 0 is slow: the pool is playlist 0, that is 1; similar to 1 is 2; then the most
    # popular that is left: 4 (four playlists), then 3, before 5 by its number.
    assert found[1].tolist() == [1, 2, 4, 3]
    # Song 7 is fast: the pool is playlist 7.
    assert found[0].tolist()[0] in {5, 6}


def test_unknown_seeds_and_none_at_all_still_get_lists(nucleus: Nucleus) -> None:
    songs, _ = nucleus.recommend(Ragged.of([[89], []]), n=30)
    assert songs.lengths.tolist() == [30, 30]


def test_several_seeds_are_all_walked_from(nucleus: Nucleus) -> None:
    songs, _ = nucleus.recommend(Ragged.of([[0, 45]]), n=40)
    similar = songs[0].tolist()[:20]
    assert similar == walk([0, 45], nucleus.similar_, 20, seen=[])


def test_no_training_playlists_are_refused() -> None:
    nothing = Training(np.empty(0, int), [], np.empty(0, int), Ragged.of([]), np.zeros((3, 12)))
    with pytest.raises(InputError, match="no playlists"):
        Nucleus().fit(nothing)
