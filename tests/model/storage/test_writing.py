import gzip
from pathlib import Path
from typing import IO

import numpy as np
import pandas as pd
import pytest

from model.errors import StorageError
from model.storage import whole_files
from model.storage.writing import (
    csv_writer,
    json_writer,
    results_folder,
    rows_writer,
    write_atomically,
)


def test_a_file_is_there_in_full_or_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_atomically(path, lambda file: file.write(b"old"))

    def break_off(file: IO[bytes]) -> None:
        file.write(b"half")
        raise ValueError("broken off")

    with pytest.raises(ValueError, match="broken off"):
        write_atomically(path, break_off)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_off(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(whole_files.os, "fsync", break_off)
    with (
        pytest.raises(StorageError, match=r"cannot write results to .*No space left.*--state"),
        results_folder(tmp_path / "a" / "b") as folder,
    ):
        write_atomically(folder / "file", json_writer({}))
    assert not list((tmp_path / "a" / "b").iterdir())


WRITTEN = 'a,b,c\n1,"x, y",0.5\n2,,\n'


def test_frames_are_written_plain_or_compressed(tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": [1, 2], "b": ["x, y", None], "c": [0.5, np.nan]})
    write_atomically(tmp_path / "plain", csv_writer(frame))
    write_atomically(tmp_path / "packed", rows_writer(frame))
    assert (tmp_path / "plain").read_text() == WRITTEN
    assert gzip.decompress((tmp_path / "packed").read_bytes()) == WRITTEN.encode()


def test_values_are_written_as_json(tmp_path: Path) -> None:
    write_atomically(tmp_path / "file", json_writer({"a": [1]}))
    assert (tmp_path / "file").read_text() == '{\n  "a": [\n    1\n  ]\n}\n'
