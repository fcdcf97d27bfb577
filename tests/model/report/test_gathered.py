"""What was harvested, explored and split, or the command that does it."""

from pathlib import Path

import pandas as pd

from model.report.blocks import Missing
from model.report.gathered import exploration_part, harvest_part, split_part
from model.report.reading import Found
from model.storage.artifacts import Artifact
from model.storage.recipes import Manifest, Recipe
from tests.model.report.cells import cells


def test_an_empty_state_names_the_command_of_each_part() -> None:
    found = Found(Path("state"))
    commands = [
        [block.command for block in make(found).blocks if isinstance(block, Missing)]
        for make in (harvest_part, exploration_part, split_part)
    ]
    assert commands == [["harvest spotify", "harvest lastfm"], ["model explore"], ["model split"]]


def test_dates_are_days_and_tracks_stand_by_who_settled_them() -> None:
    features = pd.DataFrame(
        {"provider": ["spotify"], "tracks": [1200], "first": [0.0], "last": [86400.0]}
    )
    tasks = pd.DataFrame(
        [("spotify", "spotify", "done", 7), ("spotify", "", "pending", 2)],
        columns=["job", "provider", "state", "tracks"],
    )
    found = Found(Path("state"), {"features": features, "tasks": tasks})
    by_provider, by_job, lastfm = harvest_part(found).blocks
    assert cells(by_provider) == [["spotify", "1,200", "1970-01-01", "1970-01-02"]]
    assert cells(by_job) == [
        ["spotify", "nobody yet", "0", "0", "0", "2"],
        ["spotify", "spotify", "7", "0", "0", "0"],
    ]
    assert lastfm == Missing("last.fm has not been asked:", "harvest lastfm")


def test_parts_of_a_split_have_their_share() -> None:
    recipe = Recipe(stage="split", label="holdout", parameters={"protocol": "holdout"}, inputs={})
    counts = {"train": 8, "validation": 1, "test": 1}
    manifest = Manifest(recipe=recipe, files={}, summary=counts, made_at=0, duration_s=0.0)
    found = Found(Path("state"), stages={"split": [Artifact(Path("a"), manifest)]})
    table = split_part(found).blocks[0]
    assert sorted(cells(table)) == [
        ["test", "1", "10"],
        ["train", "8", "80"],
        ["validation", "1", "10"],
    ]
