"""`harvest match` as it is typed: the match rate by step, and its exit codes."""

import pytest

from tests.harvest.named_state import write_state

SONGS = [("A", "Heartbreak Hotel"), ("A", "Twice"), ("A", "Twice")]
TRACKS = [("A", "Heartbreak Hotel"), ("A", "Hartbreak Hotel"), ("A", "Twice"), ("B", "x")]


@pytest.fixture
def run(harvest):
    return lambda *arguments: harvest("match", *arguments, "--workers", 1)


def test_rate_is_printed_by_step(run, tmp_path):
    code, out, err = run("--state", write_state(tmp_path, SONGS, TRACKS))
    assert (code, err) == (0, "")
    rest = "1 track ambiguous, 1 without a song"
    assert out.splitlines() == [
        "exact: 1 of 4 tracks (25.0%), 1 of 3 songs (33.3%); 1 track ambiguous",
        "plain: 0 of 4 tracks (0.0%), 0 of 3 songs (0.0%); 0 tracks ambiguous",
        "fuzzy: 1 of 4 tracks (25.0%), 1 of 3 songs (33.3%); 0 tracks ambiguous",
        f"matched: 2 of 4 tracks (50.0%), 1 of 3 songs (33.3%); {rest}",
    ]


def test_threshold_is_that_of_the_fuzzy_step(run, tmp_path):
    state = write_state(tmp_path, SONGS, TRACKS)
    assert "fuzzy: 0 of 4 tracks" in run("--state", state, "--threshold", "1")[1]


@pytest.mark.parametrize("value", ["0", "1.1", "-1", "nan", "inf", "high"])
def test_threshold_that_is_no_share_is_refused(run, tmp_path, value):
    code, _, err = run("--state", tmp_path, "--threshold", value)
    assert code == 2
    assert f"'{value}' is not a number above 0 and up to 1" in err


def test_what_is_missing_is_said_with_the_command_to_run(run, tmp_path):
    code, out, err = run("--state", tmp_path)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "run `harvest mpd PATH` first" in err
    write_state(tmp_path, SONGS, TRACKS)
    (tmp_path / "msd" / "manifest.json").unlink()
    assert "run `harvest msd PATH` first" in run("--state", tmp_path)[2]
