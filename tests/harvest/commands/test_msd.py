"""`harvest msd` as it is typed: what it says, and its exit codes."""

import json

import pytest

from tests.harvest.msd_files import content, files, place, write_folder, write_zip


@pytest.fixture
def run(harvest, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: harvest("msd", *arguments, "--workers", 1)


def test_counts_and_top_tags_are_printed_and_progress_goes_to_stderr(run, tmp_path):
    path = write_zip(tmp_path / "a.zip", files([1, 2]))
    code, out, err = run(path)
    assert code == 0
    counts = "2 songs, 4 tags, 4 similars, 3 more songs named, 0 malformed files"
    assert out == f"state/msd: {counts}, from 2 files\ntop tags: hiphop 2, rock 2\n"
    assert all(json.loads(line)["job"] == "msd" for line in err.splitlines())
    assert run(path)[1].startswith("state/msd is up to date: 2 songs")


def test_malformed_files_are_shown_without_control_characters(run, tmp_path):
    bad = {f"a\x1b[31m\n{n}.json": b"{}" for n in range(12)}
    code, out, err = run(write_zip(tmp_path / "a.zip", files([1]) | bad))
    notes = [line for line in err.splitlines() if line.startswith("harvest: note: ")]
    assert (code, "12 malformed files" in out) == (0, True)
    assert notes[0].startswith("harvest: note: a.zip: a\ufffd[31m\ufffd0.json its name is not")
    assert notes[10:] == ["harvest: note: 2 more malformed files: state/msd/malformed.csv"]


def test_other_input_and_repeated_songs_are_said(run, tmp_path):
    run(write_zip(tmp_path / "a.zip", files([1])))
    train, test = (write_folder(tmp_path / name, files([2, 3])) for name in ("train", "test"))
    out = run(train, test)[1]
    assert "2 files of songs met before, from 4 files" in out
    assert out.splitlines()[0].endswith("; replaced the tables of another input")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: path / "none", "none does not exist; give the Million Song"),
        (lambda path: write_folder(path / "empty", {}), "does not exist"),
        (lambda path: write_folder(path / "x", {"a.txt": b""}), "but 1 other file, such as a.txt"),
        (lambda path: write_zip(path / "x.zip", {}), "x.zip, but nothing at all; give the"),
        (lambda path: write_zip(path / "x.zip", {place(1): b"{"}), "no file of 1 can be read"),
        (lambda path: write_zip(path / "x.zip", {place(1): content(2)}), "expected TR0"),
    ],
)
def test_input_that_cannot_be_used_is_one_line_and_code_2(run, tmp_path, make, said):
    code, out, err = run(make(tmp_path))
    last = err.splitlines()[-1]
    assert (code, out, last.startswith("harvest: ")) == (2, "", True)
    assert said in last


def test_help_names_every_option(run):
    code, out, _ = run("--help")
    assert (code, [word for word in ("PATH", "--state", "--workers") if word not in out]) == (0, [])
