import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from model.errors import StateInUse, StorageError
from model.storage import artifacts
from model.storage.arrays import save_arrays
from model.storage.artifacts import MANIFEST_NAME, Artifacts, open_artifact
from model.storage.recipes import Recipe
from model.storage.wholeness import SEEN_NAME

Build = Callable[[Path], dict[str, Any]]


def recipe(**changes: Any) -> Recipe:
    usual = {
        "stage": "similarity",
        "label": "x",
        "parameters": {"seed": 0},
        "inputs": {"corpus": "a"},
    }
    return Recipe(**(usual | changes))


def builder(values: list[int], calls: list[int] | None = None) -> Build:
    def build(folder: Path) -> dict[str, Any]:
        if calls is not None:
            calls.append(1)
        save_arrays(folder, {"numbers": np.array(values)})
        return {"n": len(values)}

    return build


def names_under(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


def test_an_artifact_is_made_once_and_found_afterwards(tmp_path: Path) -> None:
    calls: list[int] = []
    first = Artifacts(tmp_path).make(recipe(), builder([1, 2], calls))
    again = Artifacts(tmp_path).make(recipe(), builder([1, 2], calls))
    assert (len(calls), first.is_new, again.is_new) == (1, True, False)
    assert again.array("numbers").tolist() == [1, 2]
    assert again.manifest.summary == {"n": 2}
    assert open_artifact(again.folder) == again


@pytest.mark.parametrize(
    "changes", [{"inputs": {"corpus": "b"}}, {"versions": {"numpy": "0"}}, {"format": 0}]
)
def test_changed_inputs_versions_and_formats_replace_it(
    tmp_path: Path, changes: dict[str, Any]
) -> None:
    old = Artifacts(tmp_path).make(recipe(), builder([1]))
    new = Artifacts(tmp_path).make(recipe(**changes), builder([2]))
    assert new.folder == old.folder
    assert new.array("numbers").tolist() == [2]
    assert Artifacts(tmp_path).find(recipe()) is None


def test_other_parameters_stand_beside_it(tmp_path: Path) -> None:
    Artifacts(tmp_path).make(recipe(), builder([1]))
    Artifacts(tmp_path).make(recipe(parameters={"seed": 1}), builder([2]))
    assert Artifacts(tmp_path).find(recipe()) is not None


def test_the_same_bytes_have_the_same_content_hash(tmp_path: Path) -> None:
    one = Artifacts(tmp_path / "a").make(recipe(), builder([1, 2]))
    same = Artifacts(tmp_path / "b").make(recipe(inputs={}), builder([1, 2]))
    other = Artifacts(tmp_path / "c").make(recipe(), builder([1, 3]))
    assert one.content == same.content != other.content


@pytest.mark.parametrize("harm", ["lose", "cut", "one byte", "break the manifest", "one letter"])
def test_a_damaged_artifact_is_made_anew(tmp_path: Path, harm: str) -> None:
    made = Artifacts(tmp_path).make(recipe(), builder([1, 2]))
    path = made.folder / "numbers.npy"
    if harm == "lose":
        path.unlink()
    elif harm == "cut":
        path.write_bytes(path.read_bytes()[:-1])
    elif harm == "one byte":
        path.write_bytes(path.read_bytes()[:-1] + b"\xff")
    elif harm == "break the manifest":
        (made.folder / MANIFEST_NAME).write_bytes(b"{")
    else:
        manifest = (made.folder / MANIFEST_NAME).read_bytes()
        (made.folder / MANIFEST_NAME).write_bytes(
            manifest.replace(b"similarity", b"simil\xffarity", 1)
        )
    assert Artifacts(tmp_path).find(recipe()) is None
    said: list[str] = []
    again = Artifacts(tmp_path).make(recipe(), builder([1, 2]), say=said.append)
    assert again.is_new
    assert [line.rpartition("/")[0] for line in said] == [f"similarity: {made.folder}"]
    assert said[0].endswith(" is damaged; it is made again")
    assert again.array("numbers").tolist() == [1, 2]


def test_what_was_made_from_other_inputs_is_replaced_without_a_word_of_damage(
    tmp_path: Path,
) -> None:
    said: list[str] = []
    for inputs in ({"corpus": "a"}, {"corpus": "b"}):
        Artifacts(tmp_path).make(recipe(inputs=inputs), builder([1]), say=said.append)
    assert said == []


def test_a_failed_build_leaves_the_old_one_and_nothing_else(tmp_path: Path) -> None:
    Artifacts(tmp_path).make(recipe(), builder([1]))
    before = names_under(tmp_path)

    def fail(folder: Path) -> dict[str, Any]:
        (folder / "half").write_text("half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Artifacts(tmp_path).make(recipe(inputs={"corpus": "b"}), fail)
    assert names_under(tmp_path) == before
    assert Artifacts(tmp_path).find(recipe()) is not None


@pytest.mark.parametrize(
    ("where", "step"), [(Path, "write_bytes"), (artifacts, "_stamps"), (artifacts, "_put_in_place")]
)
def test_an_interruption_before_or_after_the_build_leaves_nothing_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: object, step: str
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(where, step, interrupt)
        with pytest.raises(KeyboardInterrupt):
            Artifacts(tmp_path).make(recipe(), builder([1]))
    assert names_under(tmp_path) == {"model/lock"}
    assert list((tmp_path / "model" / "similarity").iterdir()) == []


def test_what_a_killed_process_left_is_removed_by_the_next_recipe(tmp_path: Path) -> None:
    left = tmp_path / "model" / "similarity" / ".other-0"
    left.mkdir(parents=True)
    (left / "half.npy").write_bytes(b"1")
    artifact = Artifacts(tmp_path).make(recipe(), builder([1]))
    assert [one.name for one in artifact.folder.parent.iterdir()] == [artifact.folder.name]


def test_a_resumable_build_goes_on_with_what_it_left(tmp_path: Path) -> None:
    seen: list[set[str]] = []

    def build(folder: Path) -> dict[str, Any]:
        seen.append({path.name for path in folder.glob("*.txt")})
        (folder / f"{len(seen)}.txt").write_text("done")
        if len(seen) == 1:
            raise KeyboardInterrupt
        return {}

    with pytest.raises(KeyboardInterrupt):
        Artifacts(tmp_path).make(recipe(), build, is_resumable=True)
    made = Artifacts(tmp_path).make(recipe(), build, is_resumable=True)
    assert seen == [set(), {"1.txt"}]
    assert set(made.manifest.files) == {"1.txt", "2.txt"}


def test_what_another_recipe_left_is_not_gone_on_with(tmp_path: Path) -> None:
    def leave(folder: Path) -> dict[str, Any]:
        (folder / "old.txt").write_text("of other inputs")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Artifacts(tmp_path).make(recipe(), leave, is_resumable=True)
    other = recipe(inputs={"corpus": "b"})
    made = Artifacts(tmp_path).make(other, builder([1]), is_resumable=True)
    assert set(made.manifest.files) == {"numbers.npy"}


def test_a_full_disk_is_told_in_one_line(tmp_path: Path) -> None:
    def fill(folder: Path) -> dict[str, Any]:
        raise OSError(28, "No space left on device", str(folder))

    with pytest.raises(StorageError, match=r"No space left on device.*run the same again"):
        Artifacts(tmp_path).make(recipe(), fill)


def test_two_processes_do_not_work_at_once(tmp_path: Path) -> None:
    def build(folder: Path) -> dict[str, Any]:
        with pytest.raises(StateInUse, match=f"process {os.getpid()}"):
            Artifacts(tmp_path).make(recipe(parameters={"seed": 1}), builder([1]))
        return {}

    Artifacts(tmp_path).make(recipe(), build)


def test_finding_needs_neither_lock_nor_right_to_write(tmp_path: Path) -> None:
    made = Artifacts(tmp_path).make(recipe(), builder([1]))
    (tmp_path / "model" / "lock").unlink()
    assert Artifacts(tmp_path).find(recipe()) == made
    assert not (tmp_path / "model" / "lock").exists()


SLOW = """
import sys, time
from pathlib import Path
from model.storage.artifacts import Artifacts
from model.storage.recipes import Recipe

def build(folder):
    (folder / "half").write_text("half")
    print("building", flush=True)
    time.sleep(60)

recipe = Recipe(stage="similarity", label="x", parameters={"seed": 0}, inputs={"corpus": "a"})
Artifacts(Path(sys.argv[1])).make(recipe, build)
"""


def test_a_killed_process_leaves_no_half_artifact_and_no_lock(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SLOW, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "building\n"
        process.send_signal(signal.SIGKILL)
    assert Artifacts(tmp_path).find(recipe()) is None
    made = Artifacts(tmp_path).make(recipe(), builder([1]))
    assert set(made.manifest.files) == {"numbers.npy"}
    assert names_under(tmp_path) == {
        "model/lock",
        f"model/similarity/{made.folder.name}/numbers.npy",
        f"model/similarity/{made.folder.name}/{MANIFEST_NAME}",
        f"model/similarity/{made.folder.name}/{SEEN_NAME}",
    }


def test_the_manifest_tells_how_it_was_made(tmp_path: Path) -> None:
    made = Artifacts(tmp_path).make(recipe(), builder([1]))
    told = msgspec.json.decode((made.folder / MANIFEST_NAME).read_bytes())
    assert told["recipe"]["parameters"] == {"seed": 0}
    assert told["recipe"]["inputs"] == {"corpus": "a"}
    assert "numpy" in told["recipe"]["versions"]
    assert told["files"]["numbers.npy"]["size"] == (made.folder / "numbers.npy").stat().st_size
    assert 0 <= told["duration_s"] <= time.time() - told["made_at"] + 5


def test_an_interruption_between_the_two_renames_costs_making_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Artifacts(tmp_path).make(recipe(), builder([1]))
    rename = Path.rename

    def stop_at_second(path: Path, target: Path) -> Path:
        if not str(target).endswith(".old"):
            raise KeyboardInterrupt
        return rename(path, target)

    monkeypatch.setattr(artifacts.Path, "rename", stop_at_second)
    with pytest.raises(KeyboardInterrupt):
        Artifacts(tmp_path).make(recipe(inputs={}), builder([2]))
    monkeypatch.undo()
    assert Artifacts(tmp_path).make(recipe(inputs={}), builder([2])).array("numbers").tolist() == [
        2
    ]


def test_a_summary_that_lacks_what_is_read_of_it_counts_as_damage(tmp_path: Path) -> None:
    said: list[str] = []
    split = recipe(stage="split")

    def build(folder: Path) -> dict[str, Any]:
        return {"train": 8, "validation": 1, "test": 1}

    made = Artifacts(tmp_path).make(split, build)
    path = made.folder / MANIFEST_NAME
    path.write_text(path.read_text().replace('"train": 8', '"train": "8"'))
    again = Artifacts(tmp_path).make(split, build, say=said.append)
    assert again.is_new
    assert said == [f"split: {path} is damaged; it is made again"]
