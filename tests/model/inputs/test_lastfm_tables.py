import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.errors import InputError
from model.inputs import lastfm_tables
from model.inputs.lastfm_tables import Page, has_rows, read_pages


def read(state: Path, table: str, least: float = 0) -> list[Page]:
    return list(read_pages(state / "harvest.db", table, least=least))


def test_the_rows_of_each_track_come_together(tmp_path: Path, made_up: Any) -> None:
    made_up.write_lastfm(tmp_path, tags=[(1, "b", 7), (0, "x", 100), (1, "a", 55)])
    (page,) = read(tmp_path, "lastfm_tag")
    assert page.spotify_ids == [f"{0:022d}", f"{1:022d}"]
    assert page.lengths.tolist() == [1, 2]
    assert page.texts[0].to_pylist() == ["x", "a", "b"]
    assert page.values.tolist() == [100, 55, 7]


def test_whether_anything_was_said_is_known_without_reading_it(
    tmp_path: Path, made_up: Any
) -> None:
    path = tmp_path / "harvest.db"
    assert not has_rows(path, "lastfm_tag")
    made_up.write_lastfm(tmp_path, tags=[(1, "b", 7)])
    assert has_rows(path, "lastfm_tag")
    assert not has_rows(path, "lastfm_similar")
    path.write_bytes(b"no database")
    with pytest.raises(InputError, match="harvest verify"):
        has_rows(path, "lastfm_tag")


def test_a_track_whose_rows_are_all_below_the_threshold_is_named_without_any(
    tmp_path: Path, made_up: Any
) -> None:
    made_up.write_lastfm(tmp_path, tags=[(0, "a", 10), (1, "b", 60)])
    (page,) = read(tmp_path, "lastfm_tag", least=50)
    assert page.lengths.tolist() == [0, 1]
    assert page.texts[0].to_pylist() == ["b"]


def test_whatever_is_in_a_name_stays_in_it(tmp_path: Path, made_up: Any) -> None:
    # The second holds the character that stands between texts on the way; it becomes a space.
    names = ["a,b & \"c\" 'd'", "x\x1fy", "夜 ♥ \u202eabc", "a" * 400, ""]
    rows = [(0, name, f"{number}", 0.5) for number, name in enumerate(names)]
    made_up.write_lastfm(tmp_path, similars=rows)
    (page,) = read(tmp_path, "lastfm_similar")
    artists, titles = (text.to_pylist() for text in page.texts)
    found = dict(zip(titles, artists, strict=True))
    assert [found[f"{number}"] for number in range(5)] == [names[0], "x y", *names[2:]]


def test_values_that_are_none_are_counted(tmp_path: Path, made_up: Any) -> None:
    rows = [(0, "a", "b", "much"), (0, "c", "d", 1.5), (0, "e", "f", -0.1), (0, "g", "h", 1.0)]
    made_up.write_lastfm(tmp_path, similars=rows)
    (page,) = read(tmp_path, "lastfm_similar", least=0.5)
    assert (page.n_odd, page.values.tolist()) == (3, [1.0])


def test_pages_hold_so_many_tracks(
    tmp_path: Path, made_up: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lastfm_tables, "TRACKS_AT_A_TIME", 2)
    made_up.write_lastfm(tmp_path, tags=[(row, "a", 60) for row in range(5)])
    assert [len(page.spotify_ids) for page in read(tmp_path, "lastfm_tag")] == [2, 2, 1]


def test_songs_are_given_the_rows_of_their_tracks(tmp_path: Path, made_up: Any) -> None:
    made_up.write_lastfm(tmp_path, tags=[(0, "a", 60), (1, "b", 60), (1, "c", 60)])
    (page,) = read(tmp_path, "lastfm_tag")
    songs, rows = page.spread(np.array([1, 1, 0]), np.array([8, 9, 7]))
    assert songs.tolist() == [8, 8, 9, 9, 7]
    assert rows.tolist() == [1, 2, 1, 2, 0]


def test_where_there_is_no_file_or_no_table_there_are_no_pages(tmp_path: Path) -> None:
    assert read(tmp_path, "lastfm_tag") == []
    with closing(sqlite3.connect(tmp_path / "harvest.db")) as db, db:
        db.execute("CREATE TABLE audio_features (spotify_id)")
    assert read(tmp_path, "lastfm_tag") == []


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "harvest.db"
    path.write_bytes(b"no database at all, but long enough to be looked at" * 20)
    with pytest.raises(InputError, match="harvest verify"):
        read(tmp_path, "lastfm_tag")
    assert path.read_bytes().startswith(b"no database")
