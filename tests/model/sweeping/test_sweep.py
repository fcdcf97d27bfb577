import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from model.engines.engine import Here
from model.errors import InputError
from model.evaluate import evaluate
from model.protocols.judging import judge_chunk
from model.settings import Settings
from model.sweeping.grid import Cell, parse_grid
from model.sweeping.sweep import run_sweep, sweep

HOLDOUT = Settings(parts=("validation",), min_count=2, n_clusters=4)
PUBLISHED = Settings(protocol="published", parts=("validation",), min_count=2, n_clusters=2)
TEXT = "clusters=2,4 share=0.25,0.5"


class Counting:
    """Does the work here, and fails when more than `most` chunks have been judged."""

    def __init__(self, most: float = float("inf")) -> None:
        self.most, self.done = most, 0
        self.works: set[str] = set()

    def run(
        self, work: Callable[[Any], Any], items: Sequence[Any], **_: object
    ) -> Iterator[tuple[Any, Any]]:
        self.works.add(work.__name__)
        for item, result in Here().run(work, items):
            if work is judge_chunk:
                if self.done >= self.most:
                    raise KeyboardInterrupt
                self.done += 1
            yield item, result


@pytest.fixture
def own_state(tmp_path: Path, made_up: Any) -> Path:
    state: Path = made_up.write_state(tmp_path / "state", *made_up.make_catalogue())
    return state


@pytest.mark.parametrize("base", [HOLDOUT, PUBLISHED])
def test_every_cell_has_the_figures_of_an_evaluation_by_itself(
    catalogue_state: Path, base: Settings
) -> None:
    grid = parse_grid("clusters=2,4 similar=3,200 playlists=1,5", defaults=base)
    table = sweep(catalogue_state, base, grid).table
    for cell, (_, row) in zip(grid.cells, table.iterrows(), strict=True):
        settings = cell.applied_to(base)
        alone = evaluate(catalogue_state, settings).summary.query("recommender == 'nucleus'")
        for figure in alone.itertuples():
            for name in {"mean", "low", "high", "sd", "n"} & set(alone.columns):
                value = row[f"{figure.metric}_{name}"]
                assert value == pytest.approx(getattr(figure, name), nan_ok=True), (cell, name)


def test_what_is_chosen_by_is_the_protocols_own_figure_unless_another_is_named(
    catalogue_state: Path,
) -> None:
    grid = parse_grid(TEXT, defaults=HOLDOUT)
    assert sweep(catalogue_state, HOLDOUT, grid).metric == "r_precision"
    assert sweep(catalogue_state, PUBLISHED, grid).metric == "metric2"
    by_clicks = sweep(catalogue_state, HOLDOUT, grid, metric="clicks")
    fewest = by_clicks.table["clicks_mean"].idxmin()
    assert by_clicks.best == grid.cells[int(fewest)]
    with pytest.raises(InputError, match="metric 'fun' is none"):
        sweep(catalogue_state, HOLDOUT, grid, metric="fun")


@pytest.mark.parametrize("parts", [("test",), ("validation", "test"), ("train",), ()])
def test_no_other_part_than_validation_is_chosen_by(tmp_path: Path, parts: Any) -> None:
    with pytest.raises(InputError, match="by the validation part alone"):
        run_sweep(tmp_path, Settings(parts=parts), TEXT)


def test_the_default_cell_is_evaluated_where_the_grid_leaves_it_out(own_state: Path) -> None:
    engine, said = Counting(), list[str]()
    grid = parse_grid("share=0.25,0.75", defaults=HOLDOUT)
    swept = sweep(own_state, HOLDOUT, grid, engine=engine, say=said.append)
    assert engine.done == 3  # One chunk a cell.
    assert len(swept.table) == 2
    assert swept.default is not None
    assert swept.default.cell == Cell(4, 10, 5, 0.5)
    assert [line for line in said if "cell 3 of 3" in line]


def test_similar_songs_are_counted_where_the_cells_are_judged(own_state: Path) -> None:
    engine = Counting()
    sweep(own_state, HOLDOUT, parse_grid("share=0.25", defaults=HOLDOUT), engine=engine)
    assert engine.works == {"_find", "judge_chunk"}


def test_finished_cells_are_taken_as_they_are_and_an_interrupted_sweep_goes_on(
    own_state: Path,
) -> None:
    grid = parse_grid(TEXT, defaults=HOLDOUT)
    # The first run finds the tables' database without its log beside it.
    evaluate(own_state, HOLDOUT)
    with pytest.raises(KeyboardInterrupt):
        sweep(own_state, HOLDOUT, grid, engine=Counting(most=2))
    rest = Counting()
    resumed = sweep(own_state, HOLDOUT, grid, engine=rest)
    assert rest.done == 2  # Of four cells.
    again = Counting()
    repeated = sweep(own_state, HOLDOUT, grid, engine=again)
    assert again.done == 0
    pd.testing.assert_frame_equal(resumed.table, repeated.table, check_exact=True)


def test_progress_counts_cells_and_foretells_by_the_clock(catalogue_state: Path) -> None:
    ticks, said = iter(range(0, 1000, 30)), list[str]()
    grid = parse_grid(TEXT, defaults=HOLDOUT)
    sweep(catalogue_state, HOLDOUT, grid, say=said.append, clock=lambda: next(ticks))
    cells = [line for line in said if line.startswith("cell ")]
    assert len(cells) == 4
    assert cells[0].startswith("cell 1 of 4: clusters=2 similar=10 playlists=5 share=0.25: R-prec")
    # Each cell takes a tick of 30 s, and three are left.
    assert cells[0].endswith("; about 90 s left")
    assert "left" not in cells[3]


def test_files_are_written_and_come_out_the_same_again(own_state: Path) -> None:
    said: list[str] = []
    first = run_sweep(own_state, HOLDOUT, TEXT, say=said.append)
    folder = own_state / "results" / "sweep-holdout"
    assert said[-1] == f"table and heat map are in {folder}"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(before) == {"table.csv", "heat_map.png", "heat_map.svg", "sweep.json"}
    assert run_sweep(own_state, HOLDOUT, "share=0.5,0.25 clusters=4,2").best == first.best
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert json.loads(before["sweep.json"])["grid"]["clusters"] == [2, 4]


def test_playlists_that_all_fail_leave_nothing_to_choose(tmp_path: Path, made_up: Any) -> None:
    _, songs = made_up.make_catalogue()
    playlists = [made_up.Listed("x", 2 + row, [row % 11 + 1]) for row in range(40)]
    state = made_up.write_state(tmp_path / "state", playlists, songs)
    with pytest.raises(InputError, match="no playlist has a figure of R-precision in any cell"):
        sweep(state, HOLDOUT, parse_grid(TEXT))
