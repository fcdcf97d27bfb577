import math

from model.comparison.console import say_pair

PAIR = {
    "recommender": "als",
    "best_other": "titles",
    "metric": "clicks",
    "mean": 5.5,
    "other_mean": 7.0,
    "difference": -1.5,
    "low": -2.0,
    "high": -1.0,
    "p_value": 0.012,
    "n_playlists": 350,
    "is_better": True,
    "is_distinguishable": True,
}


def test_a_difference_is_told_with_interval_and_verdict() -> None:
    assert say_pair(PAIR) == (
        "clicks: als 5.50, best other titles 7.00: -1.50 (-2.00 to -1.00), p = 0.012: better"
    )


def test_what_may_be_chance_is_called_that() -> None:
    assert say_pair(PAIR | {"is_distinguishable": False}).endswith(": not told apart")
    assert say_pair(PAIR | {"is_better": False}).endswith(": worse")


def test_the_least_p_value_that_resamples_can_give_is_not_called_its_size() -> None:
    # 2 / 2,001: older results; widened: t = -3.2907 sqrt(349 / 350), .0011.
    for p, said in ((2 / 2001, "p ≤ 0.001:"), (0.00110, "p ≤ 0.0011:"), (0.0016, "p = 0.0016:")):
        assert said in say_pair(PAIR | {"p_value": p})
    assert "p = 0.031:" in say_pair(PAIR | {"p_value": 2**-5, "n_playlists": 6})


def test_a_difference_of_one_playlist_is_told_without_an_interval() -> None:
    nan = math.nan
    alone = {"low": nan, "high": nan, "p_value": 1.0, "n_playlists": 1, "is_distinguishable": False}
    assert say_pair(PAIR | alone) == (
        "clicks: als 5.50, best other titles 7.00: -1.50, p = 1: not told apart"
    )
