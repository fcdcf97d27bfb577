import numpy as np
import pandas as pd

from model.figures.spread import ALL_BATCHES, spread_of


def test_a_batch_and_all_batches_are_described_without_what_is_unknown() -> None:
    rows = pd.DataFrame(
        {
            "part": "test",
            "recommender": "nucleus",
            "batch": [0, 0, 1, 1],
            "match": [1.0, 3.0, 5.0, np.nan],
        }
    )
    spread = spread_of(rows, ["match"]).set_index("batch")
    assert spread["n"].to_dict() == {ALL_BATCHES: 3, 0: 2, 1: 1}
    assert spread["mean"].to_dict() == {ALL_BATCHES: 3.0, 0: 2.0, 1: 5.0}
    assert spread.loc[ALL_BATCHES, "p50"] == 3.0
    # Linear between 1 and 3: a quarter of the way.
    assert spread.loc[0, "p25"] == 1.5


def test_a_figure_that_no_playlist_has_is_unknown() -> None:
    rows = pd.DataFrame({"part": "test", "recommender": "a", "batch": [0], "match": [np.nan]})
    spread = spread_of(rows, ["match"])
    assert spread["n"].tolist() == [0, 0]
    assert spread["mean"].isna().all()
