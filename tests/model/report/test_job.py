"""`model report` writes one page, says where it is, and leaves nothing where it fails."""

from pathlib import Path

import pytest

from model.errors import InputError, StorageError
from model.report.job import run_report
from model.storage import whole_files


def test_the_page_goes_where_it_is_asked_for_and_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state, output, said = tmp_path / "state", tmp_path / "page.html", list[str]()
    state.mkdir()
    assert run_report(state, say=said.append, output=output) == output
    assert capsys.readouterr().out == f"{output}\n"
    assert said == [f"{output.stat().st_size / 1e6:.1f} MB"]
    assert "Playlists: harvest and model" in output.read_text("utf-8")
    assert not list(state.iterdir())


def test_two_states_are_held_against_each_other(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "<b>there"
    here.mkdir()
    (there / "tables").mkdir(parents=True)
    page = run_report(here, say=lambda _: None, against=there).read_text("utf-8")
    assert "Playlists: two states" in page
    assert "<b>there" not in page
    assert "&lt;b&gt;there" in page


def test_a_directory_that_is_no_state_is_not_held_against_one(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    with pytest.raises(InputError, match=r"--against .*there: no state, for it holds none of"):
        run_report(here, say=lambda _: None, against=there)
    assert not list(here.iterdir())


def test_a_page_in_a_directory_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"there is no directory .*none; make it"):
        run_report(tmp_path, say=lambda _: None, output=tmp_path / "none" / "page.html")
    assert not list(tmp_path.iterdir())


def test_no_page_is_written_over_what_either_state_keeps(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    for state in (here, there):
        (state / "explore").mkdir(parents=True)
        (state / "harvest.db").write_bytes(b"facts")
    for output in (here / "harvest.db", there / "harvest.db", here / "explore" / "explore.json"):
        with pytest.raises(InputError, match="over what the state keeps"):
            run_report(here, say=lambda _: None, against=there, output=output)
    assert (here / "harvest.db").read_bytes() == (there / "harvest.db").read_bytes() == b"facts"


def test_a_full_disk_names_the_option_for_another_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(whole_files.os, "fsync", break_off)
    with pytest.raises(StorageError, match=r"No space left.*or another place with --output"):
        run_report(tmp_path, say=lambda _: None)


def test_a_damaged_result_is_said_and_the_rest_of_the_page_is_made(tmp_path: Path) -> None:
    folder, said = tmp_path / "results" / "compare-test", list[str]()
    folder.mkdir(parents=True)
    (folder / "compare.json").write_text("[]")
    page = run_report(tmp_path, say=said.append).read_text("utf-8")
    assert said[0] == "1 file cannot be read; the page says which"
    assert f"Cannot read {folder / 'compare.json'} (" in page
    assert "model evaluate" in page
