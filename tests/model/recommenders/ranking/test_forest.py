"""What LightGBM grew says the same, to the last bit, as LightGBM says itself."""

import lightgbm
import numpy as np
import pytest

from model.recommenders.ranking.forest import Forest


def grown(rows, hits, *, n_trees=30, **options):
    data = lightgbm.Dataset(rows, label=hits)
    usual = {"verbosity": -1, "num_leaves": 31, "min_data_in_leaf": 5, "objective": "binary"}
    return lightgbm.train(usual | options, data, num_boost_round=n_trees)


def made_up(n=2_000, *, unknown=0.0, seed=0):
    """Whole and broken numbers, large and tiny ones; some are unknown, but none in column 0."""
    rng = np.random.default_rng(seed)
    whole = rng.integers(-3, 40, (n, 2))
    columns = [whole, rng.normal(0, 1, (n, 2)), rng.lognormal(0, 20, (n, 1)) - 1]
    rows = np.hstack(columns).astype(np.float32)
    rows[:, 1:][rng.random((n, 4)) < unknown] = np.nan
    hits = (np.nan_to_num(rows[:, 0]) + 5 * np.nan_to_num(rows[:, 2]) > 20).astype(np.float64)
    return rows, hits


@pytest.mark.parametrize("unknown", [0.0, 0.3])
@pytest.mark.parametrize("objective", ["binary", "lambdarank"])
def test_every_score_is_what_lightgbm_gives(unknown, objective):
    rows, hits = made_up(unknown=unknown)
    data = lightgbm.Dataset(rows, label=hits, group=[100] * 20)
    options = {"objective": objective, "verbosity": -1, "min_data_in_leaf": 5}
    booster = lightgbm.train(options, data, num_boost_round=30)
    new, _ = made_up(unknown=0.4, seed=1)
    assert (Forest.of(booster).predict(new) == booster.predict(new, raw_score=True)).all()


def test_a_value_on_a_threshold_goes_where_lightgbm_sends_it():
    rows, hits = made_up()
    booster = grown(rows, hits)
    forest = Forest.of(booster)
    at = [np.nextafter(forest.thresholds, np.float32(way)) for way in (-np.inf, np.inf)]
    values = np.concatenate([forest.thresholds, *at])
    new = np.tile(values[:, None], (1, rows.shape[1]))
    assert (forest.predict(new) == booster.predict(new, raw_score=True)).all()


def test_what_was_never_unknown_counts_as_0_when_it_is():
    rows, hits = made_up()
    booster = grown(rows, hits)
    unknown = np.full((1, rows.shape[1]), np.nan, dtype=np.float32)
    forest = Forest.of(booster)
    assert forest.predict(unknown) == forest.predict(np.zeros_like(unknown))
    assert forest.predict(unknown) == booster.predict(unknown, raw_score=True)


def test_trees_that_found_nothing_to_split_say_one_thing_of_all():
    rows = np.zeros((50, 3), dtype=np.float32)
    booster = grown(rows, np.arange(50) % 2, n_trees=3)
    scores = Forest.of(booster).predict(rows)
    assert (scores == booster.predict(rows, raw_score=True)).all()


def test_no_rows_have_no_scores():
    rows, hits = made_up(200)
    assert Forest.of(grown(rows, hits, n_trees=2)).predict(rows[:0]).tolist() == []
