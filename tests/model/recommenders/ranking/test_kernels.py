import numpy as np

from model.ragged import Ragged
from model.recommenders.ranking.kernels import (
    count_shared,
    look_up,
    match_vectors,
    meet_seeds,
    order_lists,
    sum_groups,
    vote,
)

CANDIDATES = Ragged.of([[1, 4], [2]])


def facts(width=3):
    return np.full((3, width), -1, dtype=np.float32)


def test_a_candidate_that_is_not_found_stands_behind_the_depth():
    made, places = facts(), np.zeros(5, dtype=np.int32)
    found = Ragged.of([[3, 4], []])
    weights = np.array([8, 2], dtype=np.float32)
    look_up(
        CANDIDATES.indptr, CANDIDATES.values, found.indptr, found.values, weights, 10, places, made
    )
    # Song 4 has weight 2 of at most 8, in the second place.
    assert made.tolist() == [[0, 0, 11], [2, 0.25, 2], [0, 0, 11]]
    assert not places.any()


def test_a_candidate_that_is_not_found_has_no_vote():
    votes, places = np.full(3, -1.0), np.zeros(5, dtype=np.int32)
    found = Ragged.of([[3, 4], []])
    vote(CANDIDATES.indptr, CANDIDATES.values, found.indptr, found.values, 60, places, votes)
    assert votes.tolist() == [0, 1 / 62, 0]
    assert not places.any()


def test_seeds_of_the_same_artist_are_counted_and_the_last_one_found():
    made, counts = facts(), np.zeros(2, dtype=np.int32)
    seeds = Ragged.of([[0, 0, 3, 2], []])
    group_of = np.array([1, 1, -1, 0, -1])
    count_shared(
        CANDIDATES.indptr, CANDIDATES.values, seeds.indptr, seeds.values, group_of, counts, made
    )
    # Song 1 shares its artist with the first two of four seeds: two steps from the end.
    assert made.tolist() == [[2, 0.5, 2], [0, 0, 4], [0, 0, 0]]
    assert not counts.any()


def test_similarities_to_seeds_are_their_highest_how_many_and_the_last():
    made, room = facts(), np.zeros((5, 3), dtype=np.float32)
    similar = Ragged.of([[1], [], [], [1, 4], []])
    weights = np.array([0.5, 0.25, 0.125], dtype=np.float32)
    seeds = Ragged.of([[0, 3], []])
    meet_seeds(
        CANDIDATES.indptr,
        CANDIDATES.values,
        seeds.indptr,
        seeds.values,
        similar.indptr,
        similar.values,
        weights,
        room,
        made,
    )
    assert made.tolist() == [[0.5, 1, 0.25], [0.125, 0.5, 0.125], [0, 0, 0]]
    assert not room.any()


def test_vectors_are_multiplied_and_empty_ones_unknown():
    products, room = np.zeros(3, dtype=np.float32), np.zeros(3, dtype=np.float32)
    profiles, vectors = Ragged.of([[0, 2], []]), Ragged.of([[], [2, 1], [0], [], []])
    match_vectors(
        CANDIDATES.indptr,
        CANDIDATES.values,
        profiles.indptr,
        profiles.values,
        np.array([1, 3], dtype=np.float32),
        vectors.indptr,
        vectors.values,
        np.array([2, 5, 1], dtype=np.float32),
        room,
        products,
    )
    # Song 1: part 2 of both, 3 x 2. Song 4 has no vector; the second list no profile.
    assert products[0] == 6
    assert np.isnan(products[1:]).all()
    assert not room.any()


def test_votes_are_summed_by_group_and_their_places_told():
    lists, group_of = Ragged.of([[3, 1, 0, 2], [0, 3]]), np.array([0, 0, -1, 0])
    votes = np.array([5.0, 5.0, 1.0, 4.0, 2.0, 3.0])
    heads, sums, places = np.array([0]), np.empty(6), np.empty(6, dtype=np.int64)
    room = np.empty(6, dtype=np.int64)
    sum_groups(lists.indptr, lists.values, group_of, votes, heads, room, sums, places)
    # Nobody knows whose song 2 is.
    assert sums.tolist() == [11, 11, 11, 4, 5, 5]
    # Songs 1 and 3 have as many votes: the lower number comes first.
    assert places.tolist() == [1, 0, 2, 0, 1, 0]
    assert heads.tolist() == [0]


def test_the_best_stand_first_in_each_list_and_ties_go_to_the_lower_number():
    rng = np.random.default_rng(0)
    lists = Ragged.of([rng.permutation(n).tolist() for n in (40, 0, 1, 300)])
    for scores in (rng.integers(0, 6, 341).astype(np.float64), rng.random(341, np.float32)):
        order = np.empty(341, dtype=np.int64)
        order_lists(lists.indptr, lists.values, scores, order)
        assert order.tolist() == np.lexsort((lists.values, -scores, lists.owners)).tolist()
