import math

import pandas as pd
import pytest

from model.errors import InputError
from model.settings import Settings
from model.sweeping.choosing import Judged, choose, default_cell
from model.sweeping.grid import Cell, parse_grid

SETTINGS = Settings(parts=("validation",), share=0.5)
LOW, MIDDLE, HIGH = (Cell(10, 10, 5, share) for share in (0.25, 0.5, 0.75))
GRID = parse_grid("share=0.25,0.5,0.75")


def judged(values: list[float], metric: str = "ndcg", first_id: int = 100) -> Judged:
    known = pd.Series(values, range(first_id, first_id + len(values)), dtype=float)
    mean = known.mean()
    figures = {"metric": [metric], "mean": [mean], "low": [mean - 1], "high": [mean + 1]}
    return Judged(pd.DataFrame(figures | {"n": [known.count()]}), known)


def test_the_best_is_compared_with_the_default_and_the_second_best_playlist_by_playlist() -> None:
    cells = {
        LOW: judged([0.2, 0.4, 0.3]),  # mean 0.3
        MIDDLE: judged([0.1, 0.3, 0.2]),  # mean 0.2
        HIGH: judged([0.5, 0.1, 0.4]),  # mean 0.333
    }
    sweep = choose(SETTINGS, GRID, cells, metric="ndcg")
    assert sweep.best == HIGH
    assert sweep.ranked == [2, 0, 1]
    assert sweep.figure(2) == pytest.approx((1 / 3, 1 / 3 - 1, 1 / 3 + 1))
    assert sweep.n_playlists == 3
    assert sweep.runner_up is not None
    assert sweep.runner_up.cell == LOW
    # Gains 0.3, -0.3, 0.1: mean 0.1 / 3, and some resamples are all -0.3.
    assert sweep.runner_up.gain == pytest.approx(0.1 / 3)
    assert sweep.runner_up.low == pytest.approx(-0.3)
    assert not sweep.runner_up.is_distinguishable
    assert sweep.default is not None
    # Gains 0.4, -0.2, 0.2: mean 0.4 / 3.
    assert (sweep.default.cell, sweep.default.gain) == (MIDDLE, pytest.approx(0.4 / 3))
    assert sweep.table["behind"].tolist() == pytest.approx([0.1 / 3, 0.4 / 3, 0])
    assert sweep.is_equal.tolist() == [True, True, False]
    assert sweep.n_equal == 2


def test_a_steady_difference_is_told_apart_however_much_playlists_differ() -> None:
    cells = {
        LOW: judged([0.0, 5.0, 90.0, 7.0], "clicks"),
        MIDDLE: judged([1.0, 6.0, 91.0, 8.0], "clicks"),
        HIGH: judged([2.0, 7.0, 92.0, 9.0], "clicks"),
    }
    sweep = choose(SETTINGS, GRID, cells, metric="clicks")
    assert sweep.best == LOW  # Fewer clicks are better.
    assert sweep.default is not None
    assert sweep.default == sweep.runner_up
    assert (sweep.default.gain, sweep.default.low, sweep.default.high) == (1, 1, 1)
    assert sweep.default.is_distinguishable
    assert sweep.n_equal == 0


def test_of_equal_cells_the_first_is_best_and_no_other_is_told_apart() -> None:
    cells = dict.fromkeys((LOW, MIDDLE, HIGH), judged([0.5, 0.7]))
    sweep = choose(SETTINGS, GRID, cells, metric="ndcg")
    assert sweep.best == LOW
    assert sweep.runner_up is not None
    assert (sweep.runner_up.cell, sweep.runner_up.low, sweep.runner_up.high) == (MIDDLE, 0, 0)
    assert sweep.n_equal == 2


def test_playlists_are_told_by_their_id_and_pass_where_one_of_both_failed() -> None:
    backwards = judged([0.3, 0.2, math.nan])
    backwards = Judged(backwards.summary, backwards.values[::-1])
    cells = {LOW: judged([0.1, math.nan, 0.9]), MIDDLE: backwards, HIGH: judged([0.2, 0.1, 0.1])}
    sweep = choose(SETTINGS, GRID, cells, metric="ndcg")
    # Means 0.5, 0.25, 0.133; one playlist alone has figures of both: gain 0.1 - 0.3.
    assert sweep.best == LOW
    assert sweep.default is not None
    assert (sweep.default.n, sweep.default.gain) == (1, pytest.approx(-0.2))
    assert sweep.default.lead == pytest.approx(0.25)
    # Of one playlist there is no interval, and nobody is told apart.
    assert math.isnan(sweep.default.low)
    assert not sweep.default.is_distinguishable
    assert sweep.is_equal.tolist() == [False, True, True]


def test_the_default_is_compared_with_but_not_chosen_where_the_grid_leaves_it_out() -> None:
    cells = {LOW: judged([0.1, 0.2]), MIDDLE: judged([0.8, 0.9])}
    sweep = choose(SETTINGS, parse_grid("share=0.25"), cells, metric="ndcg")
    assert sweep.best == LOW
    assert len(sweep.table) == 1
    assert sweep.runner_up is None
    assert sweep.default is not None
    assert (sweep.default.gain, sweep.default.lead) == pytest.approx((-0.7, -0.7))


def test_the_default_is_compared_with_nothing_where_it_is_best() -> None:
    sweep = choose(SETTINGS, parse_grid("share=0.5"), {MIDDLE: judged([0.5])}, metric="ndcg")
    assert sweep.best == default_cell(SETTINGS) == MIDDLE
    assert sweep.default is None


def test_cells_without_figures_come_last_and_are_never_best() -> None:
    nothing = judged([math.nan, math.nan])
    cells = {LOW: nothing, MIDDLE: judged([0.0, 0.0]), HIGH: nothing}
    sweep = choose(SETTINGS, GRID, cells, metric="ndcg")
    assert sweep.ranked == [1, 0, 2]
    assert sweep.n_equal == 0
    with pytest.raises(InputError, match="no playlist has a figure of NDCG in any cell"):
        choose(SETTINGS, GRID, dict.fromkeys((LOW, MIDDLE, HIGH), nothing), metric="ndcg")


def test_the_spread_of_the_published_protocol_is_its_standard_deviation() -> None:
    summary = pd.DataFrame({"metric": ["metric2"], "mean": [24.0], "sd": [1.5], "n": [2]})
    cells = dict.fromkeys((LOW, MIDDLE, HIGH), Judged(summary, pd.Series([23.0, 25.0])))
    settings = Settings(protocol="published", parts=("validation",))
    sweep = choose(settings, GRID, cells, metric="metric2")
    assert not sweep.has_intervals
    assert sweep.figure(0) == (24.0, 22.5, 25.5)
    assert sweep.table["metric2_sd"].tolist() == [1.5] * 3
    assert sweep.table["metric2_n"].tolist() == [2] * 3
