from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from model.evaluation.source_effects import Sources, compare, variants_of
from model.settings import Settings

ALONE: Sources = ("cooccurrence",)


def rows_of(recall: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"part": "test", "recall": recall, "clicks": np.arange(len(recall)) * 1.0})


def test_each_source_is_tried_alone_and_beside_cooccurrence_and_all_together() -> None:
    named = variants_of(("cooccurrence", "tags", "audio"))
    assert ["+".join(one) for one in named] == [
        "cooccurrence",
        "tags",
        "audio",
        "cooccurrence+tags",
        "cooccurrence+audio",
        "cooccurrence+tags+audio",
    ]


def test_differences_are_of_playlists_that_have_both_figures() -> None:
    nan = float("nan")
    rows = {ALONE: rows_of([0.2, 0.4, nan, 0.0]), ("tags",): rows_of([0.3, 0.8, 0.9, nan])}
    table = compare(rows, Settings(sources=("tags",))).set_index(["sources", "metric"])
    figure = table.loc[("tags", "recall")]
    # Means of what each knows: (0.3 + 0.8 + 0.9) / 3; of both: (0.1 + 0.4) / 2.
    assert figure["mean"] == pytest.approx(2 / 3)
    assert figure["difference"] == pytest.approx(0.25)
    assert (figure["n"], figure["part"]) == (2, "test")
    # A resample holds the one, the other, or both.
    assert (figure["low"], figure["high"]) == pytest.approx((0.1, 0.4))


def test_cooccurrence_differs_from_itself_by_nothing_for_certain() -> None:
    rows = {ALONE: rows_of([0.2, 0.4]), ("tags",): rows_of([0.2, 0.4])}
    table = compare(rows, Settings())
    assert table[["difference", "low", "high"]].to_numpy().tolist() == [[0.0] * 3] * 4


def test_a_gain_of_every_playlist_is_certain_however_much_they_vary() -> None:
    base = np.random.default_rng(0).random(50)
    rows = {ALONE: rows_of(list(base)), ("audio",): rows_of(list(base + 0.01))}
    table = compare(rows, Settings()).set_index(["sources", "metric"])
    figure = table.loc[("audio", "recall")]
    # Compared in pairs: the interval has no width.
    np.testing.assert_allclose([figure["low"], figure["high"]], [0.01, 0.01], rtol=1e-9)


def test_parts_are_compared_each_for_itself() -> None:
    both = [rows_of([0.1, 0.2]), rows_of([0.3, 0.9]).assign(part="validation")]
    rows = {ALONE: pd.concat(both), ("tags",): pd.concat(both)}
    table = compare(rows, replace(Settings(), parts=("validation", "test")))
    means = table[table["metric"] == "recall"].set_index(["part", "sources"])["mean"]
    assert means["validation", "tags"] == pytest.approx(0.6)
    assert means["test", "tags"] == pytest.approx(0.15)
