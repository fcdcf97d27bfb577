from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Run = Callable[..., CompletedProcess[str]]


@pytest.mark.parametrize(
    "arguments",
    [
        ["split", "--random-state", "3"],
        ["similarity", "--weighting", "bm25", "--shrinkage", "10", "--neighbours", "5"],
        ["features", "--protocol", "published"],
        ["similarity", "--weighting", "cosine", "--damping", "0.75"],
        ["clusters", "--clusters", "3"],
        ["clusters", "--evidence"],
        ["followers"],
    ],
)
def test_each_stage_is_a_command(
    catalogue_state: Path, run_model: Run, arguments: list[str]
) -> None:
    done = run_model(*arguments, "--state", catalogue_state)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
    assert all(line.startswith("model: ") for line in done.stderr.splitlines())


@pytest.mark.parametrize(
    "arguments",
    [
        ["similarity", "--weighting", "magic"],
        ["similarity", "--neighbours", "0"],
        ["similarity", "--damping", "1.5"],
        ["clusters", "--clusters", "0"],
        ["split", "--random-state", "-1"],
    ],
)
def test_values_out_of_range_are_refused_in_one_line(run_model: Run, arguments: list[str]) -> None:
    done = run_model(*arguments)
    assert done.returncode == 2
    assert arguments[1] in done.stderr
    assert len(done.stderr.splitlines()) == 1
