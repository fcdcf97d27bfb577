import dataclasses
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from model.clusters import Clusters
from model.errors import InputError
from model.features import MinMax, aggregate
from model.ragged import Ragged
from model.recommenders.base import Training
from model.recommenders.nucleus import Nucleus, walk

SIMILAR = Ragged.of([[1, 2], [0, 3], [4], [5], [], []])


def walk_plainly(start: list[int], similar: Ragged, n: int, *, seen: list[int]) -> list[int]:
    """Walk from one list, song by song."""
    found: list[int] = []
    for song in chain(start, found):
        for other in similar[song].tolist():
            if other not in {*start, *seen, *found} and len(found) < n:
                found.append(other)
    return found


def walk_one(start: list[int], n: int, *, seen: list[int], k: int = 10) -> list[int]:
    found = walk(Ragged.of([start]), SIMILAR, np.array([n]), taken=Ragged.of([seen]), k=k)
    assert found[0].tolist() == found.values.tolist()
    return found[0].tolist()


def test_the_walk_goes_on_through_the_songs_it_found() -> None:
    # From 0: 1, 2; of 1: 3 (0 is known); of 2: 4; of 3: 5.
    assert walk_one([0], 9, seen=[]) == [1, 2, 3, 4, 5]


def test_the_walk_ends_at_the_length_asked_for() -> None:
    assert walk_one([0], 3, seen=[]) == [1, 2, 3]
    assert walk_one([0], 0, seen=[]) == []
    assert walk_one([0], -2, seen=[]) == []


def test_the_walk_passes_over_what_was_seen() -> None:
    assert walk_one([0], 9, seen=[1]) == [2, 4]


def test_the_walk_looks_up_the_first_similar_songs_alone() -> None:
    # Of each song the first alone: 1 of 0, and of 1 song 0, which is known.
    assert walk_one([0], 9, seen=[], k=1) == [1]


numbers = st.lists(st.integers(0, 9), max_size=5, unique=True)


@given(
    st.lists(st.lists(st.integers(0, 9), max_size=4), min_size=10, max_size=10),
    st.lists(st.tuples(numbers, numbers, st.integers(0, 9))),
)
def test_many_walks_at_once_are_many_plain_walks(
    lists: list[list[int]], asked: list[tuple[list[int], list[int], int]]
) -> None:
    similar = Ragged.of(lists)
    found = walk(
        Ragged.of([start for start, _, _ in asked]),
        similar,
        np.array([n for _, _, n in asked], dtype=np.int64),
        taken=Ragged.of([seen for _, seen, _ in asked]),
        k=10,
    )
    for row, (start, seen, n) in enumerate(asked):
        assert found[row].tolist() == walk_plainly(start, similar, n, seen=seen)


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


@pytest.mark.parametrize("n", [500, 10**18])
def test_a_list_longer_than_training_holds_everything_but_the_seeds(
    nucleus: Nucleus, n: int
) -> None:
    songs, _ = nucleus.recommend(Ragged.of([[0]]), n=n)
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
    one, _ = Nucleus(4, min_count=2).fit(training).recommend(seeds, n=12)
    other, _ = Nucleus(4, min_count=2).fit(shuffled).recommend(seeds, n=12)
    assert one.values.tolist() == other.values.tolist()


def test_similar_songs_come_first_and_fill_no_more_than_their_share(nucleus: Nucleus) -> None:
    songs, _ = nucleus.recommend(Ragged.of([[0]]), n=10)
    # int(10 * 0.5) = 5 songs by similarity, which here suffices for all five.
    assert songs[0].tolist()[:5] == walk_plainly([0], nucleus.similar_, 5, seen=[])


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
    assert similar == walk_plainly([0, 45], nucleus.similar_, 20, seen=[])


def test_no_training_playlists_are_refused() -> None:
    nothing = Training(np.empty(0, int), [], np.empty(0, int), Ragged.of([]), np.zeros((3, 12)))
    with pytest.raises(InputError, match="no playlists"):
        Nucleus().fit(nothing)


def test_songs_without_audio_features_take_no_part_in_finding_clusters(
    training: Training,
) -> None:
    is_last = np.arange(training.n_songs) == training.playlists.values[-1]
    lacking = dataclasses.replace(
        training, songs=np.where(is_last[:, None], np.nan, training.songs)
    )
    part = dataclasses.replace(
        training, playlists=training.playlists.where(~is_last[training.playlists.values])
    )
    found = Nucleus(n_clusters=2).fit(lacking)
    wanted = Nucleus(n_clusters=2).fit(part)
    assert found.clusters_.labels_.tolist() == wanted.clusters_.labels_.tolist()
    assert np.array_equal(found.scaler_.low_, wanted.scaler_.low_)
    songs, _ = found.recommend(Ragged.of([[int(np.flatnonzero(is_last)[0])]]), n=5)
    assert len(set(songs[0].tolist())) == 5


def test_a_playlist_without_any_features_stands_in_the_middle(training: Training) -> None:
    songs = training.songs.copy()
    songs[training.playlists[0]] = np.nan
    nucleus = Nucleus(n_clusters=2).fit(dataclasses.replace(training, songs=songs))
    middle = nucleus.clusters_.predict(np.full((1, 12), 0.5))
    assert nucleus.clusters_.labels_[0] == middle[0]


def test_no_features_at_all_are_refused(training: Training) -> None:
    deaf = dataclasses.replace(training, songs=np.full_like(training.songs, np.nan))
    with pytest.raises(InputError, match="no song of the training playlists has audio features"):
        Nucleus().fit(deaf)


def test_songs_drawn_are_each_as_likely_as_any_other() -> None:
    # One playlist of 20 songs, and seeds 20 ... 4019 that nothing is similar to.
    train = Training(
        np.arange(1), [""], np.ones(1, dtype=int), Ragged.of([range(20)]), np.zeros((4020, 12))
    )
    nucleus = Nucleus(1).fit(train)
    songs, _ = nucleus.recommend(Ragged.of([[seed] for seed in range(20, 4020)]), n=5)
    counts = np.bincount(songs.values, minlength=20)
    # 4,000 * 5 / 20 = 1,000 each, with a standard deviation of sqrt(4,000 * 1/4 * 3/4) = 27.4.
    assert abs(counts - 1000).max() < 4.5 * 27.4
    places = np.bincount(songs.values[::5], minlength=20)
    # In the first place 200 each, with sqrt(4,000 * 1/20 * 19/20) = 13.8.
    assert abs(places - 200).max() < 4.5 * 13.8


def test_another_random_state_draws_other_songs(training: Training) -> None:
    seeds = Ragged.of([[song] for song in range(80)])
    clusters = Nucleus(4, min_count=9).fit(training).clusters_
    one, other = (
        Nucleus(4, min_count=9, random_state=state).fit(training, clusters=clusters)
        for state in (0, 1)
    )
    drawn, drawn_otherwise = (each.recommend(seeds, n=10)[0].values for each in (one, other))
    assert drawn.tolist() != drawn_otherwise.tolist()


def test_what_was_worked_out_before_gives_the_same_lists(
    training: Training, nucleus: Nucleus
) -> None:
    features = aggregate(training.playlists, training.songs)
    scaler = MinMax().fit(features)
    clusters = Clusters(4, any_order=True).fit(scaler.transform(features))
    # Similar songs beyond the ten that are looked up: they must not be.
    behind = Ragged.of([[(song + 41) % 90] for song in range(90)])
    more = nucleus.similar_.joined(
        behind.take(np.arange(90), limits=nucleus.similar_.lengths // 10)
    )
    seeds = Ragged.of([[song] for song in range(90)])
    expected, _ = nucleus.recommend(seeds, n=30)
    for known in (
        {"similar": more},
        {"features": features},
        {"features": features, "scaler": scaler},
        {"similar": more, "scaler": scaler, "clusters": clusters},
    ):
        fitted = Nucleus(n_clusters=4, min_count=2).fit(training, **known)
        found, _ = fitted.recommend(seeds, n=30)
        assert found.values.tolist() == expected.values.tolist()


def test_what_was_worked_out_of_other_playlists_is_refused(training: Training) -> None:
    with pytest.raises(InputError, match="similar songs are 2, expected 90"):
        Nucleus().fit(training, similar=Ragged.of([[1], [0]]))
    with pytest.raises(InputError, match="features of playlists are 3, expected 60"):
        Nucleus().fit(training, features=np.zeros((3, 12)))
    with pytest.raises(InputError, match="clusters of playlists are 3, expected 60"):
        Nucleus().fit(training, clusters=Clusters(2).fit(np.eye(3, 12)))


def test_a_song_twice_among_the_seeds_changes_nothing(nucleus: Nucleus) -> None:
    once, _ = nucleus.recommend(Ragged.of([[7, 9]]), n=20)
    twice, _ = nucleus.recommend(Ragged.of([[7, 9, 7]]), n=20)
    assert once.values.tolist() == twice.values.tolist()


def test_features_of_songs_may_be_of_half_the_size(training: Training, nucleus: Nucleus) -> None:
    small = dataclasses.replace(training, songs=training.songs.astype(np.float32))
    songs, _ = Nucleus(n_clusters=4, min_count=2).fit(small).recommend(Ragged.of([[0]]), n=30)
    assert songs.lengths.tolist() == [30]
    # Similarity does not look at features.
    expected, _ = nucleus.recommend(Ragged.of([[0]]), n=30)
    assert songs[0].tolist()[:15] == expected[0].tolist()[:15]


def test_calls_of_any_size_give_the_same_lists(nucleus: Nucleus) -> None:
    seeds = Ragged.of([[song, (7 * song) % 90] for song in range(90)])
    n = np.arange(90) % 40
    whole, _ = nucleus.recommend(seeds, n=n)
    for rows in np.array_split(np.arange(90), 31):
        some, _ = nucleus.recommend(seeds.take(rows), n=n[rows])
        assert some.values.tolist() == whole.take(rows).values.tolist()


def test_what_lies_in_files_mapped_into_memory_gives_the_same_lists(
    training: Training, nucleus: Nucleus, tmp_path: Path
) -> None:
    def lay(name: str, array: NDArray[Any]) -> NDArray[Any]:
        np.save(tmp_path / name, array)
        return np.load(tmp_path / f"{name}.npy", mmap_mode="r")

    mapped = dataclasses.replace(
        training,
        songs=lay("songs", training.songs),
        playlists=Ragged(
            lay("ends", training.playlists.indptr),
            lay("held", training.playlists.values.astype(np.int32)),
        ),
    )
    similar = Ragged(
        lay("similar_ends", nucleus.similar_.indptr), lay("similar", nucleus.similar_.values)
    )
    seeds = mapped.playlists.heads()
    expected, _ = nucleus.recommend(training.playlists.heads(), n=30)
    fitted = Nucleus(n_clusters=4, min_count=2).fit(mapped, similar=similar)
    assert fitted.recommend(seeds, n=30)[0].values.tolist() == expected.values.tolist()
