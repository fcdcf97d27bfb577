"""Commands that are named beside results make the same results again."""

import pytest

from model.status.asked_by import evaluate_command, explore_command, sweep_command


def test_a_command_has_only_the_options_that_were_changed() -> None:
    assert evaluate_command({"protocol": "holdout"}) == "model evaluate --protocol holdout"
    settings = {"protocol": "published", "n_clusters": 3, "share": 0.25, "random_state": 7}
    assert evaluate_command(settings) == (
        "model evaluate --protocol published --clusters 3 --share 0.25 --random-state 7"
    )
    assert explore_command({"n_clusters": 3}) == "model explore --clusters 3"


@pytest.mark.parametrize(
    ("protocol", "parts", "option"),
    [
        ("holdout", ["test"], ""),
        ("holdout", ["validation"], " --part validation"),
        ("holdout", ["validation", "test"], " --part all"),
        ("published", ["train", "validation", "test"], ""),
        ("published", ["test"], " --part test"),
    ],
)
def test_a_command_names_the_part_that_it_was_asked_for(
    protocol: str, parts: list[str], option: str
) -> None:
    command = evaluate_command({"protocol": protocol, "parts": parts})
    assert command == f"model evaluate --protocol {protocol}{option}"


def test_numbers_of_a_command_have_all_their_digits() -> None:
    command = evaluate_command({"protocol": "holdout", "share": 0.123456789, "shrinkage": 1e6})
    assert command.endswith("--share 0.123456789 --shrinkage 1000000")


def test_what_is_similar_by_other_sources_is_asked_for_by_them() -> None:
    settings = {"protocol": "holdout", "n_seeds": 3, "sources": ["tags", "audio"]}
    assert evaluate_command(settings) == (
        "model evaluate --protocol holdout --seeds 3 --sources tags,audio"
    )


def test_what_had_no_effect_and_is_refused_by_now_is_not_asked_for() -> None:
    recorded = {"n_seeds": 3, "neighbours": 30, "damping": 0.7, "min_match": 0.1, "min_count": 2}
    published = {"protocol": "published"} | recorded
    assert evaluate_command(published) == "model evaluate --protocol published --min-count 2"
    holdout = {"protocol": "holdout", "weighting": "cosine"} | recorded
    assert sweep_command(holdout, {"clusters": [2]}, "r_precision") == (
        'model sweep --protocol holdout --grid "clusters=2" --min-count 2 --seeds 3 '
        "--weighting cosine --damping 0.7"
    )


def test_a_sweep_names_what_it_varied_and_what_else_was_asked_for() -> None:
    settings = {"protocol": "holdout", "random_state": 4}
    grid = {"clusters": [2, 3], "share": [0.5]}
    assert sweep_command(settings, grid, "match") == (
        'model sweep --protocol holdout --grid "clusters=2,3" --random-state 4 --metric match'
    )


@pytest.mark.parametrize(
    ("grid", "expected"),
    [
        ({"clusters": [10], "similar": [1_000_000]}, "similar=1000000"),
        ({"clusters": [10], "similar": [10]}, "clusters=10 similar=10"),
    ],
)
def test_a_sweep_of_one_cell_has_a_grid_that_makes_it_again(
    grid: dict[str, list[float]], expected: str
) -> None:
    command = sweep_command({"protocol": "published", "random_state": 0}, grid, "metric2")
    assert command == f'model sweep --protocol published --grid "{expected}"'
