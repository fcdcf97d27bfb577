import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model.errors import InputError
from model.inputs import audio_features
from model.inputs.audio_features import TrackFeatures, read_track_features

NAMES = audio_features._NAMES


def write_db(path: Path, rows: list[tuple[object, ...]]) -> Path:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(f"CREATE TABLE audio_features ({', '.join(NAMES)})")
        db.executemany(f"INSERT INTO audio_features VALUES ({', '.join('?' * len(NAMES))})", rows)
    return path


def row(spotify_id: str | None, energy: float) -> tuple[object, ...]:
    values = dict.fromkeys(NAMES, 0.5) | {"spotify_id": spotify_id, "energy": energy}
    return tuple((values | {"key": 3, "loudness": -7, "tempo": 90, "time_signature": 4}).values())


def read(path: Path, ids: list[str | None]) -> TrackFeatures:
    return read_track_features(path, pd.Series(ids, dtype=object), np.full(len(ids), 2000))


@pytest.mark.parametrize("size", [1, 2, 100])
def test_rows_find_their_tracks_whatever_the_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(audio_features, "ROWS_AT_A_TIME", size)
    rows = [row("b", 0.2), row("x", 0.9), row(None, 0.8), row("a", 0.1), row("b", 0.7)]
    features = read(write_db(tmp_path / "h.db", rows), ["a", None, "b", "c", "a"])
    assert features.has_row.tolist() == [True, False, True, False, True]
    # Energy is the second column; of the two rows for b the first counts.
    np.testing.assert_array_equal(features.values[:, 1], [0.1, np.nan, 0.2, np.nan, 0.1])
    # Duration is the eighth: 2000 ms.
    assert features.values[0, 7] == 2.0


def test_reading_needs_no_right_to_write(tmp_path: Path) -> None:
    path = write_db(tmp_path / "h.db", [row("a", 0.1)])
    path.chmod(0o400)
    assert read(path, ["a"]).has_row.tolist() == [True]


def test_a_damaged_file_is_not_said_to_be_made_by_harvesting_on(tmp_path: Path) -> None:
    path = write_db(tmp_path / "harvest.db", [row(str(number), 0.1) for number in range(5000)])
    content = bytearray(path.read_bytes())
    content[8192:] = b"\xff" * (len(content) - 8192)
    words = r"cannot read audio features from .*; it is damaged.*: move it away and start again"
    for damaged in (bytes(content), b"no database" * 100):
        path.write_bytes(damaged)
        with pytest.raises(InputError, match=words):
            read(path, ["a"])


def test_a_file_without_the_table_names_the_command_that_makes_it(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "harvest.db")) as db, db:
        db.execute("CREATE TABLE task (job)")
    with pytest.raises(InputError, match=r"no such table.*run `harvest spotify` to make it"):
        read(tmp_path / "harvest.db", ["a"])
