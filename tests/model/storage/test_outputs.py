"""No output is written over what a state holds, however its place is spelt."""

from pathlib import Path

import pytest

from model.errors import InputError
from model.storage.outputs import OWN, check_free, check_output


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """A state with a file and a folder."""
    (tmp_path / "state" / "tables").mkdir(parents=True)
    (tmp_path / "state" / "harvest.db").write_bytes(b"facts")
    return tmp_path / "state"


@pytest.mark.parametrize("name", OWN)
def test_what_a_state_keeps_is_not_written_over(state: Path, name: str) -> None:
    for path in (state / name, state / name / "deep" / "list.csv", state / "x" / ".." / name):
        with pytest.raises(InputError, match=rf"over what the state keeps in .*{name}: name ano"):
            check_free(path, state)


def test_links_lead_nowhere_into_a_state(state: Path, tmp_path: Path) -> None:
    (tmp_path / "page.html").symlink_to(state / "harvest.db")
    (tmp_path / "folder").symlink_to(state)
    (tmp_path / "elsewhere").mkdir()
    (state / "results").symlink_to(tmp_path / "elsewhere")
    places = ("page.html", "folder/tables/x", "elsewhere/compare-test/compare.json")
    for place in places:
        with pytest.raises(InputError, match="over what the state keeps"):
            check_free(tmp_path / place, state)


def test_the_other_state_is_spared_too(state: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="over what the state keeps"):
        check_output(state / "harvest.db", tmp_path / "mine", state)


@pytest.mark.parametrize("name", ["report.html", "challenge", "tables.csv", "../list.csv"])
def test_beside_it_there_is_room(state: Path, name: str) -> None:
    check_output(state / name, state)


def test_links_in_a_circle_are_replaced_like_any_file(state: Path, tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    check_free(tmp_path / "a", state)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("-", "cannot write to '-', for nothing goes to standard output: name a file"),
        (".", "cannot write ., a directory: name a file with --output"),
        ("none/list.csv", "there is no directory none; make it"),
        ("x" * 300, "File name too long; name another file"),
    ],
)
def test_what_cannot_be_written_is_refused(
    state: Path, monkeypatch: pytest.MonkeyPatch, name: str, words: str
) -> None:
    monkeypatch.chdir(state)
    with pytest.raises(InputError, match=words):
        check_output(Path(name), state)
