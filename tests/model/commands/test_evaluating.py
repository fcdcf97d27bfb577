import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Run = Callable[..., CompletedProcess[str]]
MADE = shutil.ignore_patterns("model", "results")


@pytest.fixture
def state(catalogue_state: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(catalogue_state, tmp_path / "state", ignore=MADE))


def test_several_songs_and_other_weightings_may_be_chosen(state: Path, run_model: Run) -> None:
    options = ["--seeds", "3", "--weighting", "cosine", "--min-count", "2"]
    done = run_model("evaluate", "--state", state, *options)
    assert done.returncode == 0, done.stderr
    assert "holdout protocol" in done.stdout


def test_a_second_run_takes_what_the_first_has_left(state: Path, run_model: Run) -> None:
    first = run_model("evaluate", "--state", state)
    second = run_model("evaluate", "--state", state)
    assert "made in" in first.stderr
    assert "made in" not in second.stderr
    assert second.stdout == first.stdout


def test_killed_in_the_middle_it_goes_on(state: Path, run_model: Run, tmp_path: Path) -> None:
    # A process that dies once it has written its first chunk of rows.
    code = (
        "import os, signal, sys; from model.protocols import rows; write = rows._write\n"
        "def once(frame, path):\n"
        "    write(frame, path); os.kill(os.getpid(), signal.SIGKILL)\n"
        "rows._write = once\n"
        "from model.cli import main; main()\n"
    )
    command = [sys.executable, "-c", code, "evaluate", "--protocol", "published"]
    died = subprocess.run([*command, "--state", state], check=False, capture_output=True)
    assert died.returncode == -signal.SIGKILL
    done = run_model("evaluate", "--protocol", "published", "--state", state)
    assert done.returncode == 0, done.stderr
    assert "going on after" in done.stderr
    other = Path(shutil.copytree(state, tmp_path / "other", ignore=MADE))
    whole = run_model("evaluate", "--protocol", "published", "--state", other)
    assert done.stdout == whole.stdout
    assert (state / "results/published-k10/summary.csv").read_bytes() == (
        other / "results/published-k10/summary.csv"
    ).read_bytes()


def test_a_disk_that_is_full_or_read_only_ends_in_74(state: Path, run_model: Run) -> None:
    (state / "model").write_text("in the way")
    done = run_model("evaluate", "--state", state)
    assert done.returncode == 74
    assert "run the same again" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_a_sweep_is_a_command_of_several_dimensions(state: Path, run_model: Run) -> None:
    grid = ["--grid", "clusters=2,3", "--grid", "share=0:1:0.5"]
    done = run_model("sweep", "--state", state, *grid, "--min-count", "2")
    assert done.returncode == 0, done.stderr
    assert (state / "results" / "sweep-holdout" / "heat_map.png").is_file()
    assert "cell 6 of" in done.stderr


@pytest.mark.parametrize("grid", ["colour=2", "share=2", "share=", "share=0.5 share=0.6"])
def test_a_grid_that_makes_no_sense_is_refused_in_one_line(run_model: Run, grid: str) -> None:
    done = run_model("sweep", "--grid", grid)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("model: ")


@pytest.mark.parametrize("command", [["evaluate"], ["sweep", "--grid", "clusters=2"]])
def test_what_would_have_no_effect_is_refused_in_one_line(
    run_model: Run, command: list[str]
) -> None:
    done = run_model(*command, "--protocol", "published", "--seeds", 3)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "model: --seeds counts only with --protocol holdout: choose that, or leave --seeds out"
    ]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--sources", "cooccurrence,words"], "no source 'words'"),
        (["--sources", "tags"], "harvest lastfm --what tags"),
        (["--sources", "cooccurrence,similars"], "harvest lastfm --what similars"),
        (["--sources", "tags", "--protocol", "published"], "the study had co-occurrence alone"),
    ],
)
def test_sources_that_cannot_be_had_are_refused_in_one_line(
    state: Path, run_model: Run, options: list[str], said: str
) -> None:
    done = run_model("evaluate", "--state", state, *options)
    assert done.returncode == 2
    assert said in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert not (state / "results").exists()
