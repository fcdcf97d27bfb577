"""Figures of other data than there are now have a note, with the command that makes them."""

from pathlib import Path

from model.report.blocks import Missing
from model.report.outdated import WORDS, outdated, outdated_stage
from model.report.reading import Found
from model.storage.artifacts import Artifact
from model.storage.recipes import FileStamp, Manifest, Recipe

NOW = {"tracks.parquet": "new"}
NOTE = [Missing(WORDS, "model x")]


def artifact(stage: str, inputs: dict[str, str], content: str = "") -> Artifact:
    recipe = Recipe(stage=stage, label="a", parameters={}, inputs=inputs)
    files = {"file": FileStamp(1, content)}
    manifest = Manifest(recipe=recipe, files=files, summary={}, made_at=0, duration_s=0.0)
    return Artifact(Path(stage), manifest)


def found(*artifacts: Artifact) -> Found:
    stages: dict[str, list[Artifact]] = {}
    for one in artifacts:
        stages.setdefault(one.manifest.recipe.stage, []).append(one)
    return Found(Path("state"), stages=stages, tables=NOW)


def test_a_result_of_other_tables_has_a_note_and_others_have_none() -> None:
    assert outdated(found(), {"tracks.parquet": "old"}, "model x") == NOTE
    for inputs in ({"tracks.parquet": "new"}, {}, {"harvest.db": "old"}):
        assert outdated(found(), inputs, "model x") == []


def test_a_stage_is_as_old_as_what_it_was_made_from() -> None:
    for tracks, note in (("new", []), ("old", NOTE)):
        corpus = artifact("corpus", {"tracks.parquet": tracks})
        split = artifact("split", {"corpus": corpus.content})
        assert outdated_stage(found(corpus, split), split, "model x") == note


def test_a_stage_whose_ground_was_made_anew_is_outdated() -> None:
    old, new = (artifact("corpus", {"tracks.parquet": "new"}, content) for content in "ab")
    split = artifact("split", {"corpus": old.content})
    assert outdated_stage(found(new, split), split, "model x") == NOTE


def test_a_ground_that_was_deleted_is_not_asked() -> None:
    split = artifact("split", {"corpus": "of long ago"})
    assert outdated_stage(found(split), split, "model x") == []
