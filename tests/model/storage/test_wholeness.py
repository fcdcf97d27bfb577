import os
from pathlib import Path

import pytest

from model.storage import wholeness
from model.storage.recipes import FileStamp, hash_file
from model.storage.wholeness import SEEN_NAME, SMALL, find_damage, note_whole

hash_of = hash_file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "small").write_bytes(b"abc")
    (tmp_path / "large").write_bytes(bytes(SMALL))
    return tmp_path


@pytest.fixture
def files(folder: Path) -> dict[str, FileStamp]:
    return {
        name: FileStamp((folder / name).stat().st_size, hash_file(folder / name))
        for name in ("large", "small")
    }


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read, in order."""
    names: list[str] = []

    def count(path: Path) -> str:
        names.append(path.name)
        return hash_of(path)

    monkeypatch.setattr(wholeness, "hash_file", count)
    return names


def overwrite(path: Path, at: int) -> None:
    """Change one byte, as damage does, and set the time back, as copying programs do."""
    before = path.stat()
    with path.open("r+b") as file:
        file.seek(at)
        file.write(b"\xff")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_what_was_written_is_whole(folder: Path, files: dict[str, FileStamp]) -> None:
    assert find_damage(folder, files) is None


@pytest.mark.parametrize("name", ["small", "large"])
def test_a_byte_that_differs_is_found_though_the_size_and_the_time_are_the_same(
    folder: Path, files: dict[str, FileStamp], name: str
) -> None:
    note_whole(folder, files)
    overwrite(folder / name, files[name].size - 1)
    assert find_damage(folder, files) == name
    assert find_damage(folder, files) == name


@pytest.mark.parametrize("name", ["small", "large"])
def test_a_file_that_is_lost_or_cut_is_found(
    folder: Path, files: dict[str, FileStamp], name: str
) -> None:
    (folder / name).write_bytes((folder / name).read_bytes()[:-1])
    assert find_damage(folder, files) == name
    (folder / name).unlink()
    assert find_damage(folder, files) == name


def test_a_large_file_is_hashed_once(
    folder: Path, files: dict[str, FileStamp], hashed: list[str]
) -> None:
    for _ in range(3):
        assert find_damage(folder, files) is None
    assert hashed == ["large", "small", "small", "small"]


def test_a_large_file_that_was_hashed_when_it_was_written_is_not_hashed_again(
    folder: Path, files: dict[str, FileStamp], hashed: list[str]
) -> None:
    note_whole(folder, files)
    assert find_damage(folder, files) is None
    assert hashed == ["small"]


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"large": [1]}'])
def test_where_what_was_seen_is_damaged_everything_is_hashed(
    folder: Path, files: dict[str, FileStamp], hashed: list[str], content: bytes
) -> None:
    (folder / SEEN_NAME).write_bytes(content)
    assert find_damage(folder, files) is None
    assert hashed == ["large", "small"]


def test_a_folder_that_cannot_be_written_to_is_hashed_each_time(
    folder: Path, files: dict[str, FileStamp], hashed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)  # The owner of all may write everywhere.
    for _ in range(2):
        assert find_damage(folder, files) is None
    assert hashed == ["large", "small"] * 2
    assert not (folder / SEEN_NAME).exists()
