import json
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from model.errors import InputError
from model.inputs.msd_tables import (
    read_matches,
    similar_batches,
    tag_batches,
    why_absent,
)

IDS = pd.Series([f"{row:022d}" for row in range(4)], dtype=object)


def rewrite(path: Path, **values: object) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def test_a_song_may_be_several_tracks_and_most_are_none(tmp_path: Path, made_up: Any) -> None:
    made_up.write_msd(tmp_path, matches=[(5, 3), (2, 1), (5, 0)])
    matches = read_matches(tmp_path, IDS)
    assert matches is not None
    assert [matches.tracks[song].tolist() for song in range(6)] == [[], [], [1], [], [], [0, 3]]


def test_rows_of_songs_that_match_are_read(tmp_path: Path, made_up: Any) -> None:
    made_up.write_msd(
        tmp_path,
        matches=[(2, 1)],
        tags=[(2, "rock", 100), (3, "pop", 100), (2, "rock", 7)],
        similars=[(2, 9, 0.5), (4, 2, 1.0)],
    )
    matches = read_matches(tmp_path, IDS)
    assert matches is not None
    (songs, tags, weights) = next(tag_batches(matches))
    assert (songs.tolist(), tags.to_pylist(), weights.tolist()) == ([2, 2], ["rock"] * 2, [100, 7])
    (songs, similar, values) = next(similar_batches(matches))
    assert (songs.tolist(), similar.tolist(), values.tolist()) == ([2], [9], [0.5])


def test_what_is_absent_is_said_with_the_command_that_makes_it(
    tmp_path: Path, made_up: Any
) -> None:
    assert "harvest msd PATH" in why_absent(tmp_path)
    assert read_matches(tmp_path, IDS) is None
    folder = made_up.write_msd(tmp_path, matches=[])
    assert why_absent(tmp_path) == ""
    (folder / "match_manifest.json").unlink()
    assert "not matched" in why_absent(tmp_path)


def test_no_match_at_all_is_no_error(tmp_path: Path, made_up: Any) -> None:
    made_up.write_msd(tmp_path, matches=[], tags=[(0, "rock", 100)])
    matches = read_matches(tmp_path, IDS)
    assert matches is not None
    assert [songs.tolist() for songs, _, _ in tag_batches(matches)] == [[]]


def test_matches_of_other_tables_are_refused(tmp_path: Path, made_up: Any) -> None:
    folder = made_up.write_msd(tmp_path, matches=[(0, 1)])
    with pytest.raises(InputError, match=r"other tables of tracks.*harvest match"):
        read_matches(tmp_path, IDS[::-1].reset_index(drop=True))
    with pytest.raises(InputError, match=r"lack.*harvest match"):
        read_matches(tmp_path, IDS[:1])
    rewrite(folder / "match_manifest.json", made_from={"lastfm_track": "others"})
    with pytest.raises(InputError, match=r"other tables of the dump.*harvest match"):
        read_matches(tmp_path, IDS)


def test_tables_of_another_version_are_refused(tmp_path: Path, made_up: Any) -> None:
    folder = made_up.write_msd(tmp_path, matches=[])
    rewrite(folder / "manifest.json", schema_version=2)
    with pytest.raises(InputError, match=r"version 2.*harvest msd"):
        read_matches(tmp_path, IDS)


@pytest.mark.parametrize("name", ["manifest.json", "match_manifest.json", "matches.parquet"])
def test_broken_files_are_named(tmp_path: Path, made_up: Any, name: str) -> None:
    folder = made_up.write_msd(tmp_path, matches=[(0, 1)])
    for content in (b"{broken", b'{"schema_version": "\xff"}'):
        (folder / name).write_bytes(content)
        with pytest.raises(InputError, match=name):
            read_matches(tmp_path, IDS)


def test_a_table_without_a_column_is_named(tmp_path: Path, made_up: Any) -> None:
    folder = made_up.write_msd(tmp_path, matches=[(0, 1)])
    pq.write_table(pa.table({"track_id": [0]}), folder / "lastfm_tag.parquet")
    matches = read_matches(tmp_path, IDS)
    assert matches is not None
    with pytest.raises(InputError, match=r"lacks column tag, weight; run `harvest msd"):
        next(tag_batches(matches))
