from inspect import signature
from typing import Any, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.commands import evaluating
from model.errors import InputError
from model.settings import Settings
from model.sweeping.grid import DIMENSIONS, MAX_CELLS, Cell, format_value, parse_grid

COUNTS = st.sets(st.integers(1, 10_000), min_size=1, max_size=4)
SHARES = st.sets(st.integers(0, 1000).map(lambda part: part / 1000), min_size=1, max_size=4)


@given(COUNTS, COUNTS, COUNTS, SHARES)
def test_every_value_is_read_as_it_was_written_and_every_choice_is_a_cell(
    clusters: set[int], similar: set[int], playlists: set[int], share: set[float]
) -> None:
    listed = [",".join(map(format_value, values)) for values in (clusters, similar, playlists)]
    shares = ",".join(map(format_value, share))
    grid = parse_grid(
        f"share={shares} playlists={listed[2]}\tclusters={listed[0]}\nsimilar={listed[1]}"
    )
    assert grid.n_clusters == tuple(sorted(clusters))
    assert grid.similar == tuple(sorted(similar))
    assert grid.playlists_per_cluster == tuple(sorted(playlists))
    assert grid.share == tuple(sorted(share))
    assert len(grid) == len(set(grid.cells)) == len(grid.cells)
    assert list(grid.cells) == sorted(grid.cells)


@given(
    st.builds(Cell, st.integers(1, 10**9), st.integers(0, 10**9), st.integers(1, 99), st.just(0.1))
)
def test_a_cell_is_written_as_the_grid_that_holds_it_alone(cell: Cell) -> None:
    assert parse_grid(str(cell)).cells == (cell,)


def test_ranges_are_computed_in_decimals_and_hold_their_end_where_a_step_falls_on_it() -> None:
    assert parse_grid("share=0:1:0.1").share == (0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1)
    assert parse_grid("share=0:1:.3").share == (0, 0.3, 0.6, 0.9)
    assert parse_grid("clusters=100,2:10:4").n_clusters == (2, 6, 10, 100)
    assert parse_grid("similar=5:5:1").similar == (5,)


def test_what_is_not_named_stays_as_it_is() -> None:
    defaults = Settings(n_clusters=7, similar=3, playlists_per_cluster=4, share=0.2)
    assert parse_grid("share=0.9", defaults=defaults).cells == (Cell(7, 3, 4, 0.9),)
    assert parse_grid("share=0.9").cells == (Cell(10, 10, 5, 0.9),)


def test_a_cell_changes_its_four_parameters_and_nothing_else() -> None:
    settings = Settings(min_count=2, random_state=3)
    assert Cell(2, 3, 4, 0.1).applied_to(settings) == Settings(
        n_clusters=2, similar=3, playlists_per_cluster=4, share=0.1, min_count=2, random_state=3
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "nothing to vary"),
        ("cluster=2", "'cluster' is none of clusters, similar, playlists, share"),
        ("clusters=2 clusters=3", "clusters stands there twice"),
        ("clusters", "clusters has an empty value"),
        ("clusters=", "clusters has an empty value"),
        ("clusters=2,,3", "clusters has an empty value"),
        ("clusters=two", "clusters has 'two'"),
        ("clusters=1e3", "clusters has '1e3'"),
        ("share=nan", "share has 'nan'"),
        ("clusters=²", "clusters has '²'"),
        ("clusters=2,10,2", "clusters has 2 more than once"),
        ("share=0:1:0.25,0.50", "share has 0.50 more than once"),
        ("clusters=0", "clusters has 0; expected whole numbers from 1"),
        ("similar=-1", "similar has -1; expected whole numbers from 0"),
        ("playlists=2.5", "playlists has 2.5; expected whole numbers from 1"),
        ("share=1.01", "share has 1.01; expected numbers from 0 to 1"),
        ("share=0:1", "a range is first:last:step"),
        ("share=0:1:0.5:2", "a range is first:last:step"),
        ("share=1:0:0.5", "a range ascends"),
        ("share=0:1:0", "a range ascends"),
        ("clusters=1:999999999999:1", "999,999,999,999 cells; at most 400"),
        ("clusters=1:21:1 similar=1:20:1", "420 cells; at most 400"),
    ],
)
def test_what_cannot_be_used_is_named(text: str, says: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_grid(text)
    assert says in str(caught.value)


def test_the_most_cells_are_allowed() -> None:
    assert len(parse_grid("clusters=1:20:1 similar=1:20:1")) == MAX_CELLS


def test_a_share_of_minus_nothing_is_a_share_of_nothing() -> None:
    assert str(parse_grid("share=-0").cells[0]).endswith("share=0")


def test_limits_are_those_of_the_options_of_evaluate() -> None:
    assert set(signature(evaluating.evaluate).parameters) >= {
        "clusters",
        "similar",
        "playlists_per_cluster",
        "share",
    }
    hints: dict[str, Any] = get_type_hints(evaluating.evaluate, include_extras=True)
    for dimension in DIMENSIONS:
        name = dimension.name if dimension.name in hints else dimension.field
        option = hints[name].__metadata__[0]
        most = "" if dimension.most is None else f"{dimension.most:g}"
        assert option.metavar == f"{dimension.least:g}..{most}", name
