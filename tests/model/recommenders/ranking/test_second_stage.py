import numpy as np
import pytest

from model.ragged import Ragged
from model.recommenders.ranking.second_stage import (
    LOOKED_AT_BY_TREES,
    PUT_IN_PAIRS,
    Examples,
    SecondStage,
    standardise,
)

NAMES = ["votes", "own: score", "noise"]
N_CANDIDATES = 20


def examples(seed, n_lists=100):
    """Two hits a list, which the second feature's retriever scores highest; votes say nothing."""
    rng = np.random.default_rng(seed)
    features = rng.random((n_lists * N_CANDIDATES, 3)).astype(np.float32) + np.float32(0.1)
    scores = features[:, 1].reshape(n_lists, N_CANDIDATES)
    hits = scores >= np.sort(scores, axis=1)[:, -2:-1]
    lengths, places = np.full(n_lists, N_CANDIDATES), np.tile(np.arange(N_CANDIDATES), n_lists)
    return Examples(features, hits.ravel(), np.ones(len(features)), lengths, places)


def test_what_is_kept_of_each_list_is_counted():
    features, ones = np.zeros((5, 1), dtype=np.float32), np.ones(5)
    given = Examples(features, ones > 0, ones, np.array([2, 0, 3]), np.array([0, 7, 0, 2, 3]))
    assert given.count_kept(given.places < 3).tolist() == [1, 0, 2]


@pytest.fixture(scope="module")
def stage():
    return SecondStage(n_trees=20, min_leaf=5).fit([examples(0), examples(1)], NAMES)


def test_hits_of_lists_that_it_has_not_seen_come_first(stage):
    new = examples(2)
    songs = np.arange(len(new.hits)) % N_CANDIDATES
    rows = Ragged.cut(songs, new.lengths)
    kept, scores = stage.order(rows, new.features, np.full(100, 5), np.arange(N_CANDIDATES))
    assert kept.values.tolist() == rows.values.tolist()
    places = np.argsort(-scores.reshape(100, N_CANDIDATES), axis=1)[:, :2]
    assert np.take_along_axis(new.hits.reshape(100, N_CANDIDATES), places, axis=1).mean() > 0.9


def test_all_that_learn_know_hits_of_lists_that_they_have_not_seen(stage):
    new = examples(5)
    hits = new.hits.reshape(100, N_CANDIDATES)
    assert len(stage.networks_) == stage.n_networks == 2
    said = [trees.predict(new.features) for trees in (stage.pairs_, stage.trees_)]
    scaled = stage._scaler.scale(new.features)
    said += [network.predict(scaled) for network in stage.networks_]
    for scores in said:
        places = np.argsort(-scores.reshape(100, N_CANDIDATES), axis=1)[:, :2]
        assert np.take_along_axis(hits, places, axis=1).mean() > 0.8


def test_chances_are_those_of_the_trees_that_learnt_them(stage):
    new = examples(6)
    rows = Ragged.cut(np.arange(len(new.hits)) % N_CANDIDATES, new.lengths)
    _, scores = stage.order(rows, new.features, np.full(100, 5), np.full(N_CANDIDATES, -1))
    assert scores.sum() == pytest.approx(new.hits.sum(), rel=0.2)


def test_pairs_are_ordered_among_the_first_alone(stage):
    features = examples(7, 50).features
    rows = Ragged.of([np.arange(1_000)])
    scores = np.random.default_rng(0).normal(size=1_000)
    ordered = stage._order_first(rows, features, scores)
    before, after = np.argsort(-scores), np.argsort(-ordered)
    assert sorted(after[:PUT_IN_PAIRS]) == sorted(before[:PUT_IN_PAIRS])
    assert after[:PUT_IN_PAIRS].tolist() != before[:PUT_IN_PAIRS].tolist()
    assert after[PUT_IN_PAIRS:].tolist() == before[PUT_IN_PAIRS:].tolist()


@pytest.mark.parametrize(("limit", "n_kept"), [(1, LOOKED_AT_BY_TREES), (700, 700), (5_000, 1_000)])
def test_no_more_are_looked_at_than_are_worth_it_or_wanted(stage, limit, n_kept):
    features = examples(3, 50).features
    rows = Ragged.of([np.arange(1_000), []])
    kept, scores = stage.order(rows, features, np.full(2, limit), np.full(1_000, -1))
    assert kept.lengths.tolist() == [n_kept, 0]
    assert np.isfinite(scores).all()


def test_the_same_is_learnt_again(stage):
    again = SecondStage(n_trees=20, min_leaf=5).fit([examples(0), examples(1)], NAMES)
    new, rows = examples(4, 3), Ragged.cut(np.arange(60), np.full(3, 20))
    answers = [
        one.order(rows, new.features, np.full(3, 9), np.arange(60)) for one in (stage, again)
    ]
    assert answers[0][1].tolist() == answers[1][1].tolist()


def test_standard_scores_have_mean_0_and_deviation_1_in_each_list():
    rows = Ragged.of([[1, 2], [3]])
    assert standardise(rows, np.array([0.0, 4.0, 5.0])).tolist() == [-1, 1, 0]
    assert standardise(Ragged.of([[]]), np.empty(0)).tolist() == []
