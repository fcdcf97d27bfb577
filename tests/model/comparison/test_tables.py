import numpy as np
import pytest

from model.challenge.cutting import Challenge
from model.comparison.figures import METRICS, Figures
from model.comparison.pairs import adjust
from model.comparison.tables import (
    tabulate_ablation,
    tabulate_ceiling,
    tabulate_pairs,
    tabulate_quality,
)
from model.comparison.task import Task
from model.ragged import Ragged

TASKS = (Task("als"), Task("titles"), Task("als", without="tags"))


@pytest.fixture
def figures() -> Figures:
    """Four playlists of two categories; als is better by 1 everywhere, clicks included."""
    base = np.arange(4.0)[:, None] + np.zeros(len(METRICS))
    values = np.stack([base + 1, base, base + 0.5])
    return Figures(TASKS, np.array([1, 1, 2, 2]), {"code": values, "rules": values})


def test_quality_has_a_row_a_recommender_definition_category_and_metric(figures: Figures) -> None:
    table = tabulate_quality(figures)
    assert len(table) == 2 * 2 * 3 * len(METRICS)
    row = table[
        (table["recommender"] == "titles")
        & (table["definition"] == "code")
        & (table["category"] == 2)
        & (table["metric"] == "ndcg")
    ].iloc[0]
    assert (row["mean"], row["n_playlists"], row["label"]) == (2.5, 2, "title, first track")
    assert 2 <= row["low"] <= 2.5 <= row["high"] <= 3


def test_quality_passes_over_a_playlist_without_the_figure(figures: Figures) -> None:
    figures.of_task(TASKS[1], "code")[2, 0] = np.nan
    table = tabulate_quality(figures).query("recommender == 'titles' and definition == 'code'")
    row = table.query(f"category == -1 and metric == '{METRICS[0]}'").iloc[0]
    # Of 0, 1, 2, 3 the third is unknown: the others' mean is 4 / 3.
    assert row["mean"] == pytest.approx(4 / 3)
    assert row["low"] <= row["mean"] <= row["high"]


def test_each_is_paired_with_the_best_other_by_the_metrics_direction(figures: Figures) -> None:
    table = tabulate_pairs(figures)
    chosen = table[(table["category"] == -1) & (table["definition"] == "code")]
    of_als = chosen[chosen["recommender"] == "als"].set_index("metric")
    assert set(of_als["best_other"]) == {"titles"}
    assert of_als["difference"].tolist() == [1.0] * len(METRICS)
    assert of_als["is_better"].to_dict() == {
        "r_precision": True,
        "r_precision_tracks": True,
        "ndcg": True,
        "clicks": False,
        "recall": True,
    }
    assert not of_als["is_distinguishable"].any()  # Four playlists may differ alike by chance.


def test_enough_playlists_that_differ_alike_are_told_apart() -> None:
    base = np.arange(12.0)[:, None] + np.zeros(len(METRICS))
    values = np.stack([base + 1, base, base])
    table = tabulate_pairs(Figures(TASKS, np.ones(12), {"code": values, "rules": values}))
    assert table["is_distinguishable"].all()


def test_p_values_are_adjusted_over_the_recommenders_of_one_category_and_metric() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(size=(3, 40, len(METRICS))) + np.array([0.6, 0.3, 0.0])[:, None, None]
    tasks = (Task("als"), Task("titles"), Task("audio"))
    table = tabulate_pairs(Figures(tasks, np.ones(40), {"code": values, "rules": values}))
    for _, own in table.groupby(["definition", "category", "metric"]):
        assert own["p_adjusted"].tolist() == adjust(own["p_value"].to_numpy()).tolist()
    assert (table["p_adjusted"] > table["p_value"]).any()


def test_of_one_alone_there_are_no_pairs_but_their_columns(figures: Figures) -> None:
    pairs = tabulate_pairs(figures)
    few = Figures(TASKS[:1], figures.categories, {k: v[:1] for k, v in figures.values.items()})
    alone = tabulate_pairs(few)
    assert not len(alone)
    assert list(alone.columns) == list(pairs.columns)


def test_one_recommender_alone_has_no_pairs(figures: Figures) -> None:
    alone = Figures(
        figures.tasks[:1], figures.categories, {k: v[:1] for k, v in figures.values.items()}
    )
    assert len(tabulate_pairs(alone)) == 0


def test_ablation_gives_what_is_lost(figures: Figures) -> None:
    table = tabulate_ablation(figures, "code")
    assert set(table["without"]) == {"tags"}
    assert table["difference"].tolist() == [-0.5] * (3 * len(METRICS))
    assert (table["mean"] - table["full_mean"] == table["difference"]).all()


def test_the_ceiling_is_counted_for_each_share_and_category() -> None:
    cut = Challenge(
        rows=np.arange(2),
        categories=np.array([1, 2]),
        titles=("a", "b"),
        positions=Ragged.of([[], [0]]),
        seeds=Ragged.of([[], [0]]),
        truth=Ragged.of([[0, 1], [2, 3, 4]]),
        n_hidden=np.array([2, 3]),
    )
    shares = {0.5: (1, np.array([1, 0, 0, 0, 0])), 1.0: (2, np.array([2, 1, 1, 1, 0]))}
    table = tabulate_ceiling(cut, shares).set_index(["share", "category"])["recall_ceiling"]
    assert table.loc[0.5].to_dict() == {-1: 0.25, 1: 0.5, 2: 0.0}
    assert table.loc[1.0].to_dict() == pytest.approx({-1: 5 / 6, 1: 1.0, 2: 2 / 3})
