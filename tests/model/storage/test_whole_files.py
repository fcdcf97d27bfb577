import os
import threading
from pathlib import Path
from typing import IO

import pytest

from model.storage.whole_files import write_atomically


def test_a_file_that_is_there_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text("old")
    write_atomically(path, lambda file: file.write(b"new"))
    assert path.read_text() == "new"
    assert path.stat().st_mode & 0o777 == 0o644


def test_a_writer_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text("old")

    def fail(file: IO[bytes]) -> None:
        file.write(b"half")
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        write_atomically(path, fail)
    assert [one.name for one in tmp_path.iterdir()] == ["x"]
    assert path.read_text() == "old"


def test_what_a_link_leads_to_is_written_and_the_link_stays(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    link, target = tmp_path / "link", tmp_path / "there" / "x"
    link.symlink_to(target)
    write_atomically(link, lambda file: file.write(b"one"))
    assert target.read_bytes() == b"one"
    write_atomically(link, lambda file: file.write(b"two"))
    assert target.read_bytes() == b"two"
    assert link.is_symlink()


def test_a_pipe_is_written_to_and_stays_one(tmp_path: Path) -> None:
    pipe, read = tmp_path / "pipe", list[bytes]()
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
    reader.start()
    write_atomically(pipe, lambda file: file.write(b"new"))
    reader.join(10)
    assert read == [b"new"]
    assert pipe.is_fifo()


def test_a_name_of_as_many_letters_as_may_be_is_no_hindrance(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 255)
    write_atomically(path, lambda file: file.write(b"new"))
    assert path.read_bytes() == b"new"
