import numpy as np
import pytest

from model.ragged import Ragged
from model.recommenders.ranking.list_network import CLIP, ListNetwork, Scaler, _gradient


def lists(n_lists=60, n_candidates=20):
    """The hit of each list has the largest product of two features: neither tells it alone."""
    rng = np.random.default_rng(3)
    features = rng.normal(size=(n_lists * n_candidates, 3)).astype(np.float32)
    products = (features[:, 0] * features[:, 1]).reshape(n_lists, n_candidates)
    hits = products == products.max(axis=1, keepdims=True)
    lengths = np.full(n_lists, n_candidates)
    return features, hits.ravel(), np.ones(len(features)), lengths


def test_features_are_scaled_by_those_that_are_known():
    rows = np.array([[1, 0, np.nan], [3, np.e - 1, 1], [5, 0, np.e]], dtype=np.float32)
    counts, weights = np.array([False, True, False]), np.array([False, False, True])
    scaled = Scaler(counts, weights).fit(rows).scale(rows)
    step = np.sqrt(1.5)
    assert scaled[:, 0] == pytest.approx([-step, 0, step], rel=1e-6)
    assert scaled[:, 1] == pytest.approx([-np.sqrt(0.5), np.sqrt(2), -np.sqrt(0.5)], rel=1e-6)
    # Logarithms 0 and 1; the unknown one is 0, and a column says that it is unknown.
    assert scaled[:, 2] == pytest.approx([0, -1, 1], abs=1e-6)
    assert scaled[:, 3].tolist() == [1, 0, 0]
    assert scaled.shape == (3, 4)


def test_what_is_always_or_never_known_equal_or_far_off_stays_within_bounds():
    rows = np.array([[7, np.nan, 1], [7, np.nan, 2]], dtype=np.float32)
    nothing = np.zeros(3, dtype=bool)
    scaler = Scaler(nothing, nothing).fit(rows)
    far = np.array([[7, 3, 1e9], [np.nan, np.nan, -1e9]], dtype=np.float32)
    assert scaler.scale(rows)[:, :2].tolist() == [[0, 0], [0, 0]]
    assert scaler.scale(far).tolist() == [[0, 3, CLIP], [0, 0, -CLIP]]


def test_the_gradient_is_that_of_the_loss():
    own, rng = Ragged.of([[0, 1, 2], [3, 4]]), np.random.default_rng(1)
    scores = rng.normal(size=5)
    hits, weights = np.array([True, False, True, False, True]), np.array([1, 3, 1, 2, 1.0])

    def loss(scores):
        total = 0.0
        for part in (slice(0, 3), slice(3, 5)):
            shares = np.exp(scores[part]) / (weights[part] * np.exp(scores[part])).sum()
            total -= np.log(shares[hits[part]]).mean()
        return total / 2

    steps = np.eye(5) * 1e-6
    expected = [(loss(scores + step) - loss(scores - step)) / 2e-6 for step in steps]
    found = _gradient(own, scores.astype(np.float32), hits, weights)
    assert found == pytest.approx(expected, abs=1e-5)


def test_the_layers_gradients_are_those_of_the_scores():
    rng = np.random.default_rng(0)
    network, features = ListNetwork(hidden=(4, 3)), rng.normal(size=(20, 3))
    network.layers_ = [rng.normal(size=one.shape) for one in network._begin(3, rng)]
    push = rng.normal(size=20)

    def pushed():
        return network._forward(features)[-1][:, 0] @ push

    gradients, before = network._backward(network._forward(features), push), pushed()
    for layer, gradient in zip(network.layers_, gradients, strict=True):
        assert gradient.shape == layer.shape
        for at in np.ndindex(layer.shape):
            layer[at] += 1e-6
            assert (pushed() - before) / 1e-6 == pytest.approx(gradient[at], abs=1e-4)
            layer[at] -= 1e-6


def test_a_network_learns_what_no_feature_tells_alone():
    features, hits, weights, lengths = lists(200)
    network = ListNetwork(n_passes=60, learning_rate=0.01).fit(features, hits, weights, lengths)
    scores = network.predict(features).reshape(200, 20)
    assert (scores.argmax(axis=1) == hits.reshape(200, 20).argmax(axis=1)).mean() > 0.8


def test_lists_without_hits_and_of_no_length_are_passed_over():
    features, hits, weights, lengths = lists()
    more = np.concatenate([features, np.full((5, 3), 9, dtype=np.float32)])
    network = ListNetwork().fit(features, hits, weights, lengths)
    same = ListNetwork().fit(
        more,
        np.append(hits, np.zeros(5, dtype=bool)),
        np.append(weights, np.ones(5)),
        np.append(lengths, [0, 5]),
    )
    assert same.predict(features).tolist() == network.predict(features).tolist()


def test_the_same_is_learnt_again_and_rows_are_scored_one_by_one():
    features, *rest = lists()
    network = ListNetwork().fit(features, *rest)
    again = ListNetwork().fit(features, *rest)
    scores = network.predict(features)
    assert again.predict(features).tolist() == scores.tolist()
    assert network.predict(features[7:10]) == pytest.approx(scores[7:10], rel=1e-5)
    assert network.predict(features[:0]).shape == (0,)
