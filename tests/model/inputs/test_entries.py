from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from model.errors import InputError
from model.inputs import entries
from model.inputs.entries import read_lists


def write_entries(path: Path, rows: list[tuple[int, int, int]]) -> Path:
    names = ("playlist_id", "pos", "track_id")
    columns = [pa.array([row[place] for row in rows], pa.int32()) for place in range(3)]
    pq.write_table(pa.table(dict(zip(names, columns, strict=True))), path)
    return path


def test_playlists_without_entries_are_empty_lists(tmp_path: Path) -> None:
    path = write_entries(tmp_path / "e.parquet", [(1, 0, 5), (1, 3, 5), (3, 0, 2)])
    lists = read_lists(path, n_playlists=5, n_tracks=6)
    assert [lists[row].tolist() for row in range(5)] == [[], [5, 5], [], [2], []]


def test_how_many_rows_are_read_at_a_time_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [(playlist, pos, pos) for playlist in range(7) for pos in range(playlist)]
    path = write_entries(tmp_path / "e.parquet", rows)
    whole = read_lists(path, n_playlists=7, n_tracks=7)
    monkeypatch.setattr(entries, "ROWS_AT_A_TIME", 2)
    paged = read_lists(path, n_playlists=7, n_tracks=7)
    assert paged.indptr.tolist() == whole.indptr.tolist()
    assert paged.values.tolist() == whole.values.tolist()


@pytest.mark.parametrize("rows", [[(0, 1, 0), (0, 1, 0)], [(1, 0, 0), (0, 0, 0)]])
def test_disorder_is_seen_across_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: list[tuple[int, int, int]]
) -> None:
    path = write_entries(tmp_path / "e.parquet", rows)
    monkeypatch.setattr(entries, "ROWS_AT_A_TIME", 1)
    with pytest.raises(InputError, match="not in order"):
        read_lists(path, n_playlists=2, n_tracks=1)


@pytest.mark.parametrize(
    ("n_playlists", "words"),
    [(0, "the tables hold no playlist; run"), (2, "no playlist of 2 holds a track; run")],
)
def test_tables_without_an_entry_are_called_empty_not_contradictory(
    tmp_path: Path, n_playlists: int, words: str
) -> None:
    path = write_entries(tmp_path / "e.parquet", [])
    with pytest.raises(InputError, match=words):
        read_lists(path, n_playlists=n_playlists, n_tracks=0)
