import numpy as np
import pandas as pd

from model.exploration.variability import Spreads, band_table, show_variability, study_frame
from model.figures.spread import spread_of


def rows_of(k: int) -> pd.DataFrame:
    rng = np.random.default_rng(k)
    n = 60
    rows = {name: rng.random(n) for name in ("diff", "distance", "match", "metric", "metric2")}
    rows |= {"part": ["train"] * 30 + ["test"] * 30, "batch": np.tile(np.arange(6), 10)}
    return pd.DataFrame(rows | {"recommender": "nucleus"})


def spreads(*, protocol: str = "published") -> Spreads:
    metrics = ["diff", "distance", "match", "metric", "metric2"]
    table = pd.concat([spread_of(rows_of(k), metrics).assign(k=k) for k in (2, 10)])
    return Spreads(protocol, table, study_frame({("train", 2): {"diff": 17.37}}))


def test_bands_are_of_the_means_of_batches_and_stand_beside_the_study() -> None:
    batches = pd.DataFrame({"k": 2, "part": "train", "metric": "diff", "mean": [1.0, 3.0]})
    (row,) = band_table(batches, study_frame({("train", 2): {"diff": 17.37}})).to_dict("records")
    # Mean 2; sd of 1 and 3 with n - 1: sqrt(2).
    assert (row["mean"], row["study"], row["batches"]) == (2.0, 17.37, 2)
    assert row["sd"] == np.sqrt(2)


def test_boxes_bands_and_losses_are_shown_of_several_runs() -> None:
    exhibits = {one.name: one for one in show_variability(spreads())}
    assert list(exhibits) == ["boxes_published", "bands_published", "batches_published"]
    for one in exhibits.values():
        assert one.draw is not None
        assert one.draw().axes
    assert set(exhibits["boxes_published"].table["k"]) == {2, 10}
    assert exhibits["batches_published"].table["batch"].min() == 1


def test_one_batch_has_no_bands() -> None:
    own = spreads(protocol="holdout")
    single = own.table[own.table["batch"] <= 0]
    names = [one.name for one in show_variability(Spreads("holdout", single, own.study))]
    assert names == ["boxes_holdout"]
