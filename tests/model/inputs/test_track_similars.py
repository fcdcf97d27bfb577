from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from model.errors import InputError, NotHarvested
from model.inputs import lastfm_tables
from model.inputs.track_similars import TrackSimilars, track_similars

NAMES = [
    ("Queen", "Bohemian Rhapsody"),
    ("Queen", "Bohemian Rhapsody!"),
    ("Wayne", "Bohemian Rhapsody"),
    ("Beyoncé", "Halo"),
    ("夜", "夜に駆ける"),
]
ARTISTS = pd.DataFrame({"artist_name": [artist for artist, _ in NAMES]})
TRACKS = pd.DataFrame(
    {
        "spotify_id": [f"{row:022d}" for row in range(len(NAMES))],
        "track_name": [title for _, title in NAMES],
        "artist_id": range(len(NAMES)),
    }
)


def lists_of(found: TrackSimilars) -> list[list[tuple[int, float]]]:
    lists = found.lists
    bounds = zip(lists.indptr[:-1], lists.indptr[1:], strict=True)
    return [
        [(int(lists.values[at]), round(float(found.matches[at]), 4)) for at in range(start, stop)]
        for start, stop in bounds
    ]


def test_artist_and_title_mean_every_release_of_a_recording(tmp_path: Path, made_up: Any) -> None:
    rows = [
        (3, "queen", "bohemian rhapsody", 0.5),
        (3, "夜", "夜に駆ける", 0.9),
        (3, "X", "Halo", 1.0),
    ]
    made_up.write_lastfm(tmp_path, similars=rows)
    found = track_similars(tmp_path, TRACKS, ARTISTS)
    assert lists_of(found)[3] == [(4, 0.9), (0, 0.5), (1, 0.5)]
    coverage = found.coverage
    assert (coverage.n_named, coverage.n_by_artist_title, coverage.n_pairs) == (3, 2, 3)
    assert (coverage.n_songs, coverage.n_answered, coverage.n_with) == (5, 1, 1)


def test_a_title_alone_means_the_first_song_that_has_it(tmp_path: Path, made_up: Any) -> None:
    rows = [
        (3, "Anyone", "Bohemian Rhapsody", 0.7),
        (0, "Anyone", "HALO?", 0.6),
        (3, "夜", "夜に駆ける", 1),
    ]
    made_up.write_lastfm(tmp_path, similars=rows)
    found = track_similars(tmp_path, TRACKS, ARTISTS, by="title")
    assert lists_of(found) == [[(3, 0.6)], [], [], [(0, 0.7)], []]
    # The third cleans to nothing, as published.
    assert (found.coverage.n_by_title, found.coverage.n_by_artist_title) == (2, 1)


def test_a_song_is_not_similar_to_itself(tmp_path: Path, made_up: Any) -> None:
    made_up.write_lastfm(tmp_path, similars=[(0, "Queen", "Bohemian Rhapsody", 1.0)])
    # Its other release stays.
    assert lists_of(track_similars(tmp_path, TRACKS, ARTISTS))[0] == [(1, 1.0)]


def test_of_two_names_of_one_song_the_higher_match_counts(tmp_path: Path, made_up: Any) -> None:
    made_up.write_lastfm(
        tmp_path, similars=[(0, "BEYONCE", "Halo", 0.6), (0, "Beyoncé", "Halo", 0.8)]
    )
    assert lists_of(track_similars(tmp_path, TRACKS, ARTISTS))[0] == [(3, 0.8)]


def test_matches_below_the_threshold_and_those_that_are_none_are_left_out(
    tmp_path, made_up
) -> None:
    rows = [
        (0, "Beyoncé", "Halo", 0.49),
        (0, "夜", "夜に駆ける", 0.5),
        (0, "a", "a", 1.2),
        (0, "b", "b", "x"),
    ]
    made_up.write_lastfm(tmp_path, similars=rows)
    found = track_similars(tmp_path, TRACKS, ARTISTS)
    assert lists_of(found)[0] == [(4, 0.5)]
    assert found.coverage.n_odd == 2
    assert lists_of(track_similars(tmp_path, TRACKS, ARTISTS, min_match=0.4))[0] == [
        (4, 0.5),
        (3, 0.49),
    ]


def test_only_the_songs_asked_for_are_found_under_their_own_numbers(
    tmp_path: Path, made_up: Any
) -> None:
    rows = [(3, "Queen", "Bohemian Rhapsody", 0.9), (2, "Queen", "Bohemian Rhapsody", 0.9)]
    made_up.write_lastfm(tmp_path, similars=rows)
    found = track_similars(tmp_path, TRACKS, ARTISTS, songs=np.array([3, 1]))
    assert lists_of(found) == [[(1, 0.9)], []]
    assert found.coverage.n_named == 1


def test_songs_of_the_dump_are_found_by_their_matches(tmp_path: Path, made_up: Any) -> None:
    made_up.write_lastfm(tmp_path, similars=[(3, "Queen", "Bohemian Rhapsody", 0.9)])
    made_up.write_msd(
        tmp_path,
        matches=[(10, 3), (11, 0), (11, 1), (12, 2)],
        similars=[(10, 11, 1.0), (10, 12, 0.6), (10, 99, 0.8), (10, 12, 0.2), (77, 11, 1.0)],
    )
    found = track_similars(tmp_path, TRACKS, ARTISTS)
    assert lists_of(found)[3] == [(0, 1.0), (1, 1.0), (2, 0.6)]
    assert (found.coverage.n_msd, found.coverage.n_msd_found) == (3, 2)


@pytest.mark.parametrize("size", [1, 2, 100])
def test_how_many_tracks_are_read_at_a_time_changes_nothing(
    tmp_path: Path, made_up: Any, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(lastfm_tables, "TRACKS_AT_A_TIME", size)
    rows = [(row, artist, title, 0.6) for row in range(5) for artist, title in NAMES]
    made_up.write_lastfm(tmp_path, similars=rows)
    found = lists_of(track_similars(tmp_path, TRACKS, ARTISTS))
    assert [[song for song, _ in one] for one in found] == [
        [other for other in range(5) if other != row] for row in range(5)
    ]


def test_where_no_similars_are_the_commands_that_fetch_them_are_named(tmp_path: Path) -> None:
    with pytest.raises(NotHarvested, match=r"harvest lastfm --what similars.*harvest msd PATH"):
        track_similars(tmp_path, TRACKS, ARTISTS)


@pytest.mark.parametrize("options", [{"min_match": 1.1}, {"min_match": -0.1}, {"by": "artist"}])
def test_an_option_out_of_range_is_refused(tmp_path: Path, options: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="expected"):
        track_similars(tmp_path, TRACKS, ARTISTS, **options)
