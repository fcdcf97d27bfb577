"""What cannot be read is named in its place; the rest of the page is made."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from model.errors import InputError
from model.report.blocks import Missing, Part, Picture, Text
from model.report.compared import recommenders_part
from model.report.damaged import sound
from model.report.gathered import exploration_part, harvest_part
from model.report.judged import examples_part, holdout_part, published_part, sweep_part
from model.report.learnt import clusters_part, followers_part
from model.report.reading import Found, read_state

HOLDOUT = "model evaluate --protocol holdout"


@pytest.fixture
def state(full_state: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(full_state, tmp_path / "state"))


def damages_of(part: Part) -> list[Missing]:
    return [one for one in part.blocks if isinstance(one, Missing) and one.is_damage]


@pytest.mark.parametrize(
    ("name", "make", "command"),
    [
        ("harvest.db", harvest_part, "harvest verify"),
        ("explore/explore.json", exploration_part, "model explore"),
        ("explore/followers.svg", exploration_part, "model explore --clusters 3"),
        ("explore/clusters.csv", clusters_part, "model explore"),
        ("results/holdout-k3/summary.json", holdout_part, HOLDOUT),
        ("results/published-k2/spread.csv", published_part, "model evaluate --protocol published"),
        ("results/holdout-k3/examples.json", examples_part, "model evaluate"),
        ("results/compare-test/compare.json", recommenders_part, "model compare"),
        (
            "results/sweep-holdout/sweep.json",
            sweep_part,
            'model sweep --protocol holdout --grid "NAME=VALUES"',
        ),
    ],
)
def test_a_file_of_garbage_is_named_with_the_command_that_makes_it(
    state: Path, name: str, make: Callable[[Found], Part], command: str
) -> None:
    assert damages_of(make(read_state(state))) == []
    (state / name).write_bytes(b"\xff{ garbage" * 99)
    (damage,) = damages_of(make(read_state(state)))
    assert damage.words.startswith("Cannot read ")
    assert Path(name).parent.name in damage.words
    assert damage.words.endswith("):")
    assert damage.command == command


def test_a_drawing_that_was_altered_is_not_shown_and_all_others_are(state: Path) -> None:
    before = exploration_part(read_state(state)).blocks
    path = state / "explore" / "followers.svg"
    path.write_text(path.read_text("utf-8").replace("#", "# "), "utf-8")
    after = exploration_part(read_state(state))
    (damage,) = damages_of(after)
    assert damage.words == f"Cannot read {path} (it is not what was written):"
    assert sum(isinstance(one, Picture) for one in after.blocks) == (
        sum(isinstance(one, Picture) for one in before) - 1
    )


def test_a_table_of_a_stage_that_was_altered_is_not_shown(state: Path) -> None:
    (path,) = (state / "model" / "follower_models").glob("*/scores.csv")
    path.write_text(path.read_text("utf-8").replace("0.", "1.", 1), "utf-8")
    (damage,) = damages_of(followers_part(read_state(state)))
    assert damage.command == "model followers --protocol holdout"


def test_what_can_be_read_stands_as_it_is() -> None:
    assert sound(lambda: [Text("words")], "model x") == [Text("words")]


def test_an_error_without_a_remedy_is_told_whole() -> None:
    def fail() -> list[Text]:
        raise InputError("broken")

    assert sound(fail, "model x") == [Missing("Broken:", "model x", is_damage=True)]
