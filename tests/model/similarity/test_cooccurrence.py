from collections import Counter
from itertools import combinations
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.errors import InputError
from model.ragged import Ragged
from model.settings import WEIGHTINGS
from model.similarity.cooccurrence import (
    Neighbours,
    find_published,
    find_published_shard,
    find_shard,
    find_similar,
    join,
    shards,
)
from model.similarity.interactions import Interactions
from model.similarity.weighting import COUNT, Weighting

N_SONGS = 7
playlists = st.lists(st.lists(st.integers(0, 5), max_size=9), max_size=9)
weightings = st.builds(
    Weighting, st.sampled_from(WEIGHTINGS), shrinkage=st.sampled_from([0.0, 2.5])
)


def held(lists: list[list[int]], *, repeats: bool = False) -> Interactions:
    return Interactions.of(Ragged.of(lists), N_SONGS, repeats=repeats)


def as_bytes(found: Neighbours) -> list[bytes]:
    return [array.tobytes() for array in (found.indptr, found.songs, found.counts, found.scores)]


def partners(found: Neighbours, song: int) -> list[tuple[int, int]]:
    row = slice(*found.indptr[song : song + 2].tolist())
    return list(zip(found.songs[row].tolist(), found.counts[row].tolist(), strict=True))


def plain_counts(lists: list[list[int]]) -> Counter[tuple[int, int]]:
    pairs = Counter(pair for one in lists for pair in combinations(sorted(set(one)), 2))
    return pairs + Counter({(right, left): count for (left, right), count in pairs.items()})


def plain_rows(lists: list[list[int]], song: int, min_count: int) -> list[tuple[int, int]]:
    counts = Counter(pair for one in lists for pair in combinations(one, 2))
    rows = [(-count, pair) for pair, count in counts.items() if song in pair and count >= min_count]
    return [(right if left == song else left, -count) for count, (left, right) in sorted(rows)]


@given(playlists, st.integers(1, 4), st.integers(0, 6))
def test_symmetric_counts_are_playlists_that_hold_both(
    lists: list[list[int]], min_count: int, k: int
) -> None:
    found = find_similar(held(lists), k=k, weighting=COUNT, min_count=min_count)
    pairs = plain_counts(lists)
    for song in range(N_SONGS):
        counts = {two: count for (one, two), count in pairs.items() if one == song}
        expected = [(two, count) for two, count in counts.items() if count >= min_count]
        expected.sort(key=lambda pair: (-pair[1], pair[0]))
        assert partners(found, song) == expected[:k]


@given(playlists, weightings)
def test_counts_and_scores_are_symmetric(lists: list[list[int]], weighting: Weighting) -> None:
    found = find_similar(held(lists), k=N_SONGS, weighting=weighting)
    owners = found.lists.owners.tolist()
    pairs = dict(
        zip(
            zip(owners, found.songs.tolist(), strict=True),
            zip(found.counts.tolist(), found.scores.tolist(), strict=True),
            strict=True,
        )
    )
    assert pairs == {(two, one): value for (one, two), value in pairs.items()}


@given(playlists, weightings)
def test_partners_are_ranked_by_score_and_ties_by_song_number(
    lists: list[list[int]], weighting: Weighting
) -> None:
    found = find_similar(held(lists), k=N_SONGS, weighting=weighting)
    for song in range(N_SONGS):
        row = slice(*found.indptr[song : song + 2].tolist())
        ranked = list(zip((-found.scores[row]).tolist(), found.songs[row].tolist(), strict=True))
        assert ranked == sorted(ranked)


@given(playlists, weightings, st.integers(1, 3))
def test_fewer_partners_are_the_first_of_more(
    lists: list[list[int]], weighting: Weighting, k: int
) -> None:
    more = find_similar(held(lists), k=N_SONGS, weighting=weighting)
    fewer = find_similar(held(lists), k=k, weighting=weighting)
    for song in range(N_SONGS):
        assert partners(fewer, song) == partners(more, song)[:k]


@given(playlists, st.integers(1, 4), st.integers(0, 8))
def test_published_rows_are_those_of_all_ordered_pairs_of_places(
    lists: list[list[int]], min_count: int, k: int
) -> None:
    found = find_published(held(lists, repeats=True), k=k, min_count=min_count)
    for song in range(N_SONGS):
        assert partners(found, song) == plain_rows(lists, song, min_count)[:k]


@given(playlists, weightings, st.integers(1, 9), st.integers(1, 3))
def test_shards_and_workers_give_the_same_bytes_as_one(
    lists: list[list[int]], weighting: Weighting, n_shards: int, workers: int
) -> None:
    once, places = held(lists), held(lists, repeats=True)
    one = find_similar(once, k=3, weighting=weighting, n_shards=1, workers=1)
    many = find_similar(once, k=3, weighting=weighting, n_shards=n_shards, workers=workers)
    assert as_bytes(one) == as_bytes(many)
    one = find_published(places, k=3, n_shards=1, workers=1)
    many = find_published(places, k=3, n_shards=n_shards, workers=workers)
    assert as_bytes(one) == as_bytes(many)


@given(playlists, weightings, st.randoms(use_true_random=False))
def test_the_order_of_playlists_changes_no_byte(
    lists: list[list[int]], weighting: Weighting, random: Random
) -> None:
    shuffled = list(lists)
    random.shuffle(shuffled)
    assert as_bytes(find_similar(held(lists), k=3, weighting=weighting)) == as_bytes(
        find_similar(held(shuffled), k=3, weighting=weighting)
    )
    assert as_bytes(find_published(held(lists, repeats=True), k=3)) == as_bytes(
        find_published(held(shuffled, repeats=True), k=3)
    )


def test_large_random_lists_give_the_same_bytes_in_shards_and_from_files(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    ragged = Ragged.of(np.minimum(rng.geometric(0.01, 60), 499) for _ in range(300))
    made = Interactions.of(ragged, 500)
    made.save(tmp_path)
    mapped = Interactions.open(tmp_path)
    whole = find_similar(made, k=20, n_shards=1, workers=1)
    assert whole.songs.size > 5_000
    assert as_bytes(find_similar(mapped, k=20, n_shards=7, workers=2)) == as_bytes(whole)


@given(playlists, weightings, st.integers(1, 9))
def test_shards_done_one_by_one_and_joined_are_the_whole(
    lists: list[list[int]], weighting: Weighting, n_shards: int
) -> None:
    once, places = held(lists), held(lists, repeats=True)
    parts = [find_shard(once, run, k=3, weighting=weighting) for run in shards(once, n_shards)]
    assert as_bytes(join(parts)) == as_bytes(find_similar(once, k=3, weighting=weighting))
    parts = [find_published_shard(places, run, k=3) for run in shards(places, n_shards)]
    assert as_bytes(join(parts)) == as_bytes(find_published(places, k=3))


@given(playlists, st.integers(1, 9))
def test_shards_cover_every_song_once_and_in_order(lists: list[list[int]], n_shards: int) -> None:
    runs = shards(held(lists), n_shards)
    assert len(runs) == n_shards
    assert [song for start, stop in runs for song in range(start, stop)] == list(range(N_SONGS))


def test_a_shard_of_other_processes_needs_files_alone(tmp_path: Path) -> None:
    made = held([[0, 1, 2], [1, 2], [4, 1]])
    made.save(tmp_path)
    for number, run in enumerate(shards(made, 3)):
        (tmp_path / str(number)).mkdir()
        find_shard(Interactions.open(tmp_path), run, k=3).save(tmp_path / str(number))
    parts = (Neighbours.open(tmp_path / str(number)) for number in range(3))
    assert as_bytes(join(parts)) == as_bytes(find_similar(made, k=3))


@pytest.mark.parametrize("run", [(-1, 2), (3, 2), (0, N_SONGS + 1)])
def test_a_run_of_songs_that_are_not_there_is_refused(run: tuple[int, int]) -> None:
    with pytest.raises(InputError, match="expected a run within 0 to 7"):
        find_shard(held([[0, 1]]), run, k=1)


def test_no_shards_at_all_are_refused() -> None:
    with pytest.raises(InputError, match="0 shards: expected 1 or more"):
        shards(held([[0, 1]]), 0)


def test_more_partners_than_there_are_songs_may_be_asked_for() -> None:
    assert find_similar(held([[0, 1]]), k=10**15).songs.tolist() == [1, 0]
    assert find_published(held([[0, 1]], repeats=True), k=10**15).songs.tolist() == [1, 0]


def test_published_rows_may_name_a_song_twice() -> None:
    lists = [[0, 1]] * 3 + [[1, 0]] * 2 + [[2, 0]]
    found = find_published(held(lists, repeats=True), k=3)
    # Rows with song 0: (0, 1) thrice, (1, 0) twice, (2, 0) once.
    assert partners(found, 0) == [(1, 3), (1, 2), (2, 1)]
    assert partners(found, 2) == [(0, 1)]
    assert partners(found, 3) == []


def test_a_row_of_a_song_with_itself_takes_one_place() -> None:
    found = find_published(held([[0, 0], [0, 0], [0, 1]], repeats=True), k=10)
    assert partners(found, 0) == [(0, 2), (1, 1)]


def test_no_songs_and_no_playlists_give_nothing() -> None:
    assert find_similar(Interactions.of(Ragged.of([]), 0), k=3).songs.tolist() == []
    assert find_similar(held([]), k=3).indptr.tolist() == [0] * (N_SONGS + 1)


def test_interactions_of_the_other_kind_are_refused() -> None:
    with pytest.raises(InputError, match="without repeats"):
        find_similar(held([[0, 1]], repeats=True), k=1)
    with pytest.raises(InputError, match="with repeats"):
        find_published(held([[0, 1]]), k=1)


@pytest.mark.parametrize(("k", "min_count"), [(-1, 1), (1, 0)])
def test_numbers_out_of_range_are_refused(k: int, min_count: int) -> None:
    with pytest.raises(InputError, match=f"k {k}, min_count {min_count}"):
        find_similar(held([[0, 1]]), k=k, min_count=min_count)


def test_more_pairs_than_can_be_counted_are_refused() -> None:
    # A song that stands 40,000 times in a playlist: 40,000 * 39,999 places, more than 2^30.
    ragged = Ragged.of([np.full(40_000, 3)])
    with pytest.raises(InputError, match="song 3 stands in 1,599,960,000 pairs"):
        find_published(Interactions.of(ragged, N_SONGS, repeats=True), k=1)
