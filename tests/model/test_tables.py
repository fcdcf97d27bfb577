import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from model.errors import InputError
from model.tables import read_tables, table_paths


@pytest.fixture
def small_state(tmp_path: Path, made_up: Any) -> Path:
    songs = [made_up.Song("one", duration_s=100.5), made_up.Song("two"), made_up.Song("three")]
    songs[1].features = None
    playlists = [made_up.Listed("a", 5, [2, 0]), made_up.Listed("b", 9, [1])]
    return made_up.write_state(tmp_path / "state", playlists, songs)


def test_entries_become_lists_of_tracks_in_order(small_state: Path) -> None:
    lists = read_tables(small_state).lists
    assert [lists[row].tolist() for row in range(2)] == [[2, 0], [1]]


def test_features_stand_in_the_order_of_the_tracks_and_are_nan_where_unknown(
    small_state: Path,
) -> None:
    tables = read_tables(small_state)
    assert np.isnan(tables.features.values[:, 0]).tolist() == [False, True, False]
    assert tables.features.has_row.tolist() == [True, False, True]
    # Seven features of 0.5, the table's duration in seconds, key, dB, BPM, beats.
    assert tables.features.values[0].tolist() == [0.5] * 7 + [100.5, 5.0, -8.0, 120.0, 4.0]


def change_features(state: Path, change: str) -> None:
    with closing(sqlite3.connect(state / "harvest.db")) as db, db:
        db.execute(change)


def test_an_unknown_key_or_time_signature_becomes_its_lowest_value(small_state: Path) -> None:
    change_features(small_state, "UPDATE audio_features SET key = NULL, time_signature = NULL")
    tables = read_tables(small_state)
    assert tables.features.values[0, [8, 11]].tolist() == [-1.0, 0.0]
    assert tables.features.n_filled == {"key": 2, "time_signature": 2}


@pytest.mark.parametrize("value", ["NULL", "1.5", "-0.1", "'loud'", "9e999"])
def test_a_feature_out_of_range_makes_the_track_unusable(small_state: Path, value: str) -> None:
    change_features(small_state, f"UPDATE audio_features SET energy = {value}")
    tables = read_tables(small_state)
    assert np.isnan(tables.features.values).all()
    assert tables.features.has_row.tolist() == [True, False, True]


def test_a_track_without_a_spotify_id_has_no_features(small_state: Path) -> None:
    rewrite(small_state, "tracks", spotify_id=[None, None, f"{2:022d}"])
    # A row without an id, too, must not be taken for theirs.
    with closing(sqlite3.connect(small_state / "harvest.db")) as db, db:
        db.execute("ALTER TABLE audio_features RENAME TO known")
        db.execute(
            "CREATE VIEW audio_features AS SELECT * FROM known UNION ALL "
            "SELECT NULL, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 5, -8, 1, 120, 9, 4, 'x', 0"
        )
    assert read_tables(small_state).features.has_row.tolist() == [False, False, True]


def test_reading_writes_nothing_into_the_state(small_state: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in small_state.rglob("*")}
    read_tables(small_state)
    assert before == {path: path.stat().st_mtime_ns for path in small_state.rglob("*")}


def test_an_absent_state_directory_names_the_command_that_makes_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere.*harvest mpd"):
        read_tables(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["playlists", "tracks", "artists", "albums", "entries"])
def test_an_absent_table_names_file_and_command(small_state: Path, name: str) -> None:
    (small_state / "tables" / f"{name}.parquet").unlink()
    with pytest.raises(InputError, match=rf"{name}\.parquet is absent; run `harvest mpd PATH`"):
        read_tables(small_state)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a table", b"PAR1" * 10])
def test_a_file_that_is_no_table_is_named(small_state: Path, content: bytes) -> None:
    (small_state / "tables" / "tracks.parquet").write_bytes(content)
    with pytest.raises(InputError, match=r"cannot read .*tracks\.parquet.*harvest mpd"):
        read_tables(small_state)


def test_a_truncated_table_is_named(small_state: Path) -> None:
    path = small_state / "tables" / "entries.parquet"
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(InputError, match=r"cannot read .*entries\.parquet"):
        read_tables(small_state)


def test_a_table_of_another_shape_names_the_missing_columns(small_state: Path) -> None:
    pq.write_table(pa.table({"x": [1]}), small_state / "tables" / "albums.parquet")
    with pytest.raises(InputError, match="lacks column album_id, album_name"):
        read_tables(small_state)


def rewrite(state: Path, name: str, **columns: list[Any]) -> None:
    path = state / "tables" / f"{name}.parquet"
    table = pq.read_table(path)
    for column, values in columns.items():
        table = table.set_column(table.schema.get_field_index(column), column, pa.array(values))
    pq.write_table(table, path)


@pytest.mark.parametrize(
    ("name", "columns", "message"),
    [
        ("entries", {"track_id": [0, 7, 1]}, "track_id of entries"),
        ("entries", {"playlist_id": [1, 0, 0]}, "not in order"),
        ("entries", {"pos": [0, 0, 0]}, "not in order"),
        ("entries", {"track_id": [0, None, 1]}, "empty values"),
        ("entries", {"track_id": ["a", "b", "c"]}, "cannot read"),
        ("tracks", {"track_id": [0, 2, 1]}, "track_id of tracks.parquet is not 0 ... 2"),
        ("tracks", {"artist_id": [0, 0, 5]}, "artist_id of tracks"),
        ("tracks", {"album_id": [0, 0, -1]}, "album_id of tracks"),
    ],
)
def test_tables_that_contradict_each_other_are_refused(
    small_state: Path, name: str, columns: dict[str, list[Any]], message: str
) -> None:
    rewrite(small_state, name, **columns)
    with pytest.raises(InputError, match=message):
        read_tables(small_state)


def test_no_entries_at_all_is_refused(tmp_path: Path, made_up: Any) -> None:
    state = made_up.write_state(tmp_path / "s", [made_up.Listed("a", 2, [])], [made_up.Song("x")])
    with pytest.raises(InputError, match="no playlist of 1 holds a track"):
        read_tables(state)


def test_an_absent_database_names_the_command(small_state: Path) -> None:
    (small_state / "harvest.db").unlink()
    with pytest.raises(InputError, match=r"harvest\.db is absent; run `harvest spotify`"):
        read_tables(small_state)


@pytest.mark.parametrize("content", [b"", b"this is no database at all, but text" * 40])
def test_a_file_that_is_no_database_is_named(small_state: Path, content: bytes) -> None:
    (small_state / "harvest.db").write_bytes(content)
    with pytest.raises(InputError, match=r"cannot read audio features from .*harvest\.db"):
        read_tables(small_state)


def test_a_database_without_features_names_the_command(small_state: Path) -> None:
    change_features(small_state, "DELETE FROM audio_features")
    with pytest.raises(InputError, match=r"no audio features at all.*harvest spotify"):
        read_tables(small_state)


def test_a_state_whose_name_needs_quoting_is_read(tmp_path: Path, made_up: Any) -> None:
    state = made_up.write_state(
        tmp_path / "my state? #1 %20", [made_up.Listed("a", 2, [0])], [made_up.Song("x")]
    )
    assert read_tables(state).features.has_row.tolist() == [True]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"schema_version": 2}', "version 2, this program reads 1"),
        (b"{", "cannot read"),
        (b'{"schema_version": "\xff"}', "cannot read"),
    ],
)
def test_tables_of_another_version_are_refused(
    small_state: Path, content: bytes, message: str
) -> None:
    (small_state / "tables" / "manifest.json").write_bytes(content)
    with pytest.raises(InputError, match=message):
        read_tables(small_state)


@pytest.mark.parametrize("name", ["entries.parquet", "manifest.json"])
def test_a_file_that_may_not_be_read_is_named_with_what_helps(small_state: Path, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:  # Of pytest's own, others may see nothing.
        Path(folder).chmod(0o755)
        state = Path(shutil.copytree(small_state, Path(folder) / "state"))
        (state / "tables" / name).chmod(0)
        with (
            nobody_s_rights(),
            pytest.raises(InputError, match=rf"{name} \(Permission denied\): set its rights"),
        ):
            table_paths(state)


@contextmanager
def nobody_s_rights() -> Iterator[None]:
    """Root may read everything."""
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)


def test_tables_of_this_version_are_read(small_state: Path) -> None:
    (small_state / "tables" / "manifest.json").write_text('{"schema_version": 1, "counts": {}}')
    assert len(read_tables(small_state).playlists) == 2


def test_a_state_whose_path_is_not_utf_8_is_read(catalogue_state: Path, tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"\xff")
    odd.symlink_to(catalogue_state)
    assert len(read_tables(odd).playlists) == 150
