from math import log, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from model.errors import InputError, NotHarvested
from model.inputs import lastfm_tables
from model.inputs.track_tags import TrackTags, read_tag_weights, tf_idf, track_tags


def tracks_of(n: int) -> pd.DataFrame:
    return pd.DataFrame({"spotify_id": [f"{row:022d}" for row in range(n)]})


def rows_of(tags: TrackTags) -> list[dict[str, float]]:
    matrix = tags.weights
    bounds = zip(matrix.indptr[:-1], matrix.indptr[1:], strict=True)
    return [
        {tags.names[matrix.indices[at]]: float(matrix.data[at]) for at in range(start, stop)}
        for start, stop in bounds
    ]


def test_tf_idf_is_what_the_formula_says() -> None:
    # Songs: rock 100, indie 50; rock 100; nothing. n = 2 songs with tags; rock 2, indie 1.
    rock = 1.0 * (log(3 / 3) + 1)
    indie = 0.5 * (log(3 / 2) + 1)
    length = sqrt(rock**2 + indie**2)
    weights = csr_array(np.array([[100.0, 50.0], [100.0, 0.0], [0.0, 0.0]]))
    wanted = [[rock / length, indie / length], [1.0, 0.0], [0.0, 0.0]]
    np.testing.assert_allclose(tf_idf(weights).toarray(), wanted, rtol=1e-6)


def test_of_no_tags_tf_idf_is_empty() -> None:
    assert tf_idf(csr_array((2, 0))).shape == (2, 0)


def test_tags_below_the_threshold_are_left_out_and_those_at_it_kept(
    tmp_path: Path, made_up: Any
) -> None:
    made_up.write_lastfm(tmp_path, tags=[(0, "rock", 100), (0, "pop", 50), (1, "pop", 49)])
    tags = read_tag_weights(tmp_path, tracks_of(3))
    assert rows_of(tags) == [{"pop": 50, "rock": 100}, {}, {}]
    assert (tags.coverage.n_songs, tags.coverage.n_answered, tags.coverage.n_tagged) == (3, 2, 1)


def test_spellings_of_one_tag_have_the_highest_of_their_weights(
    tmp_path: Path, made_up: Any
) -> None:
    made_up.write_lastfm(
        tmp_path,
        tags=[(0, "Hip-Hop", 60), (0, "hip hop", 90), (0, "HIP_HOP", 20), (1, "hip/hop", 70)],
    )
    tags = read_tag_weights(tmp_path, tracks_of(2))
    assert rows_of(tags) == [{"hip hop": 90}, {"hip hop": 70}]
    # One of the three is below the threshold, of the others one is merged.
    assert (tags.coverage.n_rows, tags.coverage.n_merged) == (2, 1)


def test_tags_in_other_scripts_stay_and_those_without_letters_go(
    tmp_path: Path, made_up: Any
) -> None:
    made_up.write_lastfm(tmp_path, tags=[(0, "русский рок", 80), (0, "♥", 90), (0, "J-ポップ", 60)])
    tags = read_tag_weights(tmp_path, tracks_of(1))
    assert tags.names == ["j", "русский рок"]
    assert tags.coverage.n_nameless == 1


def test_a_weight_of_0_says_nothing_whatever_the_threshold(tmp_path: Path, made_up: Any) -> None:
    made_up.write_lastfm(tmp_path, tags=[(0, "rock", 0), (0, "pop", 1)])
    tags = read_tag_weights(tmp_path, tracks_of(1), min_weight=0)
    assert rows_of(tags) == [{"pop": 1}]


def test_weights_that_are_none_are_counted_and_passed_over(tmp_path: Path, made_up: Any) -> None:
    rows = [(0, "a", 101), (0, "b", -1), (0, "c", "much"), (0, "d", 60)]
    made_up.write_lastfm(tmp_path, tags=rows)
    tags = read_tag_weights(tmp_path, tracks_of(1))
    assert rows_of(tags) == [{"d": 60}]
    assert tags.coverage.n_odd == 3


def test_songs_are_numbered_as_they_are_asked_for(tmp_path: Path, made_up: Any) -> None:
    made_up.write_lastfm(tmp_path, tags=[(0, "a", 100), (1, "b", 100), (2, "c", 100)])
    tags = track_tags(tmp_path, tracks_of(3), songs=np.array([2, 0]))
    # The tag of the track that is no song is no tag.
    assert rows_of(tags) == [{"c": 1.0}, {"a": 1.0}]
    assert tags.names == ["a", "c"]


def test_tags_of_the_dump_reach_every_track_that_is_its_song(tmp_path: Path, made_up: Any) -> None:
    made_up.write_lastfm(tmp_path, tags=[(1, "Rock", 60)])
    made_up.write_msd(
        tmp_path,
        matches=[(5, 1), (5, 2), (7, 0)],
        tags=[(5, "rock", 100), (5, "indie", 70), (7, "pop", 10), (9, "jazz", 100), (7, "x", 101)],
    )
    tags = read_tag_weights(tmp_path, tracks_of(4))
    # Both say rock of track 1: the higher weight counts.
    assert rows_of(tags) == [{}, {"indie": 70, "rock": 100}, {"indie": 70, "rock": 100}, {}]
    assert (tags.coverage.n_answered, tags.coverage.n_odd) == (3, 1)


@pytest.mark.parametrize("size", [1, 2, 100])
def test_how_many_tracks_are_read_at_a_time_changes_nothing(
    tmp_path: Path, made_up: Any, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(lastfm_tables, "TRACKS_AT_A_TIME", size)
    rows = [(row, f"tag {number}", 50 + number) for row in range(5) for number in range(row)]
    made_up.write_lastfm(tmp_path, tags=rows)
    found = rows_of(read_tag_weights(tmp_path, tracks_of(5)))
    assert found == [{f"tag {number}": 50 + number for number in range(row)} for row in range(5)]


def test_where_no_tags_are_the_commands_that_fetch_them_are_named(
    tmp_path: Path, made_up: Any
) -> None:
    made_up.write_lastfm(tmp_path)
    with pytest.raises(NotHarvested, match=r"harvest lastfm --what tags.*harvest msd PATH"):
        track_tags(tmp_path, tracks_of(2))


def test_tags_that_are_all_below_the_threshold_leave_empty_rows(
    tmp_path: Path, made_up: Any
) -> None:
    made_up.write_lastfm(tmp_path, tags=[(0, "rock", 10)])
    tags = track_tags(tmp_path, tracks_of(2))
    assert (tags.weights.shape, tags.coverage.n_answered) == ((2, 0), 1)


@pytest.mark.parametrize("weight", [-1, 101, float("nan")])
def test_a_threshold_out_of_range_is_refused(tmp_path: Path, weight: float) -> None:
    with pytest.raises(InputError, match="from 0 to 100"):
        track_tags(tmp_path, tracks_of(1), min_weight=weight)
