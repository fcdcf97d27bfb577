import numpy as np
import pandas as pd

from model.exploration.counting import describe, even_edges, histogram, log_edges, value_counts


def test_every_value_falls_into_one_bin_whatever_the_edges() -> None:
    values = np.array([1, 1, 2, 9, 10, 11, 99, 250, 71_643])
    for edges in (log_edges(1, 71_643), even_edges(71_643)):
        bins = histogram(values, edges, count="n")
        assert bins["n"].sum() == len(values)
        assert (bins["from"].to_numpy()[1:] == bins["to"].to_numpy()[:-1] + 1).all()
        assert (bins["to"] >= bins["from"]).all()


def test_one_value_alone_makes_one_bin() -> None:
    assert histogram(np.array([7]), log_edges(7, 7), count="n").to_numpy().tolist() == [[7, 7, 1]]
    assert histogram(np.array([0]), even_edges(0), count="n").to_numpy().tolist() == [[0, 0, 1]]


def test_value_counts_name_their_columns() -> None:
    counts = value_counts(np.array([2, 1, 2]), value="tags", count="songs")
    assert counts.to_dict("list") == {"tags": [1, 2], "songs": [1, 2]}


def test_a_description_leaves_out_what_is_unknown() -> None:
    row = describe(pd.DataFrame({"energy": [0.0, 1.0, np.nan]}), what="feature").iloc[0]
    # (0 + 1) / 2; sd of two values one apart: 1 / sqrt(2).
    assert (row["feature"], row["count"], row["mean"]) == ("energy", 2, 0.5)
    assert row["sd"] == np.sqrt(0.5)
