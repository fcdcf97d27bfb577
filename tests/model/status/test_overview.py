import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from model.errors import InputError
from model.status.overview import first_contact, next_steps, read_overview

GENERATE = 'model generate "Artist - Title"'


@pytest.fixture
def state(tmp_path: Path, made_up: Any) -> Path:
    """Two playlists of two songs with audio features; no manifest counts them."""
    songs = [made_up.Song("a"), made_up.Song("b")]
    playlists = [made_up.Listed("p", followers, [0, 1]) for followers in (2, 3)]
    return Path(made_up.write_state(tmp_path / "state", playlists, songs))


@pytest.fixture
def own(state: Path) -> Path:
    """The same, as if both were people's own."""
    count(state, playlists=2, own_playlists=2)
    return state


def count(state: Path, **counts: int) -> None:
    rows = {"playlists": 2, "entries": 4, "tracks": 2} | counts
    (state / "tables" / "manifest.json").write_text(json.dumps({"counts": rows}))


def commands(state: Path) -> list[str]:
    return [step.command for step in next_steps(read_overview(state))]


def text(state: Path) -> str:
    console = Console(width=100)
    with console.capture() as captured:
        console.print(first_contact(state))
    return captured.get()


def make(path: Path, *, after: Path) -> None:
    """Write a file that is a second younger than another."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{}")
    at = after.stat().st_mtime + 1
    os.utime(path, (at, at))
    os.utime(path.parent, (at, at))


def test_an_empty_state_is_led_to_the_harvest(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    firsts = ["harvest demo", "harvest playlists PATH…", "harvest mpd PATH"]
    assert commands(Path("none")) == firsts
    assert "none yet" in text(Path("none"))
    (tmp_path / "state" / "demo" / "tables").mkdir(parents=True)
    assert commands(Path("state")) == [*firsts, "model --state state/demo"]


def test_a_harvested_state_is_evaluated_first(state: Path) -> None:
    assert commands(state) == ["model evaluate", GENERATE, "model serve", "model explore"]
    assert "tables that nobody counted" in text(state)


def test_own_playlists_alone_are_not_evaluated(own: Path) -> None:
    assert commands(own) == [GENERATE, "model serve", "model explore"]
    shown = text(own)
    assert "2, 2 of them your own; 4 entries of 2 tracks" in shown
    assert "2 of 2 tracks" in shown


def test_too_few_playlists_to_be_split_are_not_evaluated(state: Path) -> None:
    count(state, playlists=9)
    assert "model evaluate" not in commands(state)


def test_tables_of_no_playlist_are_led_to_the_harvest(
    state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # where no demo was
    count(state, playlists=0)
    assert commands(state)[-1] == "harvest mpd PATH"


def test_without_audio_features_they_are_to_be_harvested(state: Path) -> None:
    (state / "harvest.db").unlink()
    assert commands(state) == ["harvest spotify", GENERATE, "model serve", "model explore"]


def test_enough_playlists_let_recommenders_be_compared(state: Path) -> None:
    count(state, playlists=100)
    assert "model compare --playlists 1000" in commands(state)
    make(state / "results" / "compare-test" / "summary.json", after=state / "tables")
    assert "model compare --playlists 1000" not in commands(state)


def test_what_is_made_is_shown_and_not_proposed_until_the_tables_change(state: Path) -> None:
    tables = state / "tables" / "tracks.parquet"
    make(state / "model" / "library" / "all-1" / "manifest.json", after=tables)
    make(state / "model" / "split" / ".half" / "manifest.json", after=tables)
    make(state / "results" / "holdout-k10" / "summary.json", after=tables)
    make(state / "explore" / "names.csv", after=tables)
    assert commands(state) == [GENERATE, "model serve", "model report"]
    shown = text(state)
    assert "library; 2" in shown
    assert "holdout-k10; 2" in shown
    assert "split" not in shown
    make(state / "report.html", after=state / "explore")
    make(state / "explore" / "names.csv", after=tables)
    assert commands(state) == [GENERATE, "model serve"]
    newer = tables.stat().st_mtime + 9
    os.utime(tables, (newer, newer))
    assert commands(state)[0] == "model evaluate"


def test_results_of_other_tables_are_named_and_proposed_once(state: Path) -> None:
    counts = {"playlists": 20, "entries": 4, "tracks": 2}
    files = {"tracks": {"size": 1, "sha256": "now"}}
    manifest = json.dumps({"counts": counts, "files": files})
    (state / "tables" / "manifest.json").write_text(manifest)
    made = {"settings": {"protocol": "holdout"}, "inputs": {"tracks.parquet": "old"}}
    for name in ("results/holdout-k10/summary.json", "results/compare-test/compare.json"):
        (state / name).parent.mkdir(parents=True)
        (state / name).write_text(json.dumps(made))
    assert commands(state) == [
        "model evaluate",
        "model compare --playlists 1000",
        GENERATE,
        "model serve",
        "model explore",
        "model report",
    ]
    assert "of older data   compare-test, holdout-k10" in text(state)


@pytest.mark.parametrize("manifest", ["", "[]", '{"counts": 5}', '{"counts": {"playlists": 5}}'])
def test_a_manifest_that_says_too_little_counts_nothing(state: Path, manifest: str) -> None:
    (state / "tables" / "manifest.json").write_text(manifest)
    assert "tables that nobody counted" in text(state)


def test_a_foreign_database_is_said(state: Path) -> None:
    (state / "harvest.db").write_bytes(b"not a database, but long enough to be one" * 99)
    with pytest.raises(InputError, match="harvest verify"):
        read_overview(state)


def test_nothing_is_written_by_looking(state: Path, tmp_path: Path) -> None:
    before = sorted(path.relative_to(state) for path in state.rglob("*"))
    text(state)
    assert sorted(path.relative_to(state) for path in state.rglob("*")) == before
    shutil.rmtree(state)
    text(state)
    assert not state.exists()


def test_nothing_heavy_is_imported_for_it() -> None:
    heavy = {"numpy", "pandas", "pyarrow", "numba", "sklearn", "aiohttp"}
    code = f"import sys, model.cli, model.status.overview; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
