import io
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from model.library.songs import Song
from model.making.console import compare, named, render
from model.making.playlist import Pick, Playlist
from model.making.profile import Profile
from model.making.reasons import Popular
from model.making.wish import Wish

CREEP = Song(0, "Creep", "Radiohead", "", "", 0, 4)
ODD = Song(8, "[bold]Un\x1b[31mheard", "<b>Nobody</b>", "", "", 0, 0)


def sounding(features: list[float], similar: list[float], **known: Any) -> Profile:
    figures: dict[str, Any] = {
        "n_with_features": 1,
        "features": np.array(features),
        "similar": np.array(similar),
        "n_similar": 2,
        "followers": np.nan,
        "similar_predicted": np.nan,
        "similar_followers": np.nan,
    }
    return Profile(**figures | known)


OWN = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 200.4, 8.0, -5.0, 120.0, 4.0]
THEIRS = [0.5, np.nan, 0.5, 0.5, 0.5, 0.5, 0.5, 180.0, 9.0, -6.4, 99.6, 4.0]
LINE = (
    "beside 2 similar playlists (their mean): danceability 0.10 (0.50), energy 0.20 (–), "
    "valence 0.70 (0.50), acousticness 0.40 (0.50), instrumentalness 0.50 (0.50), "
    "highest tempo 120 BPM (100 BPM), highest loudness -5 dB (-6 dB), duration 200 s (180 s)"
)


def test_each_figure_has_its_unit_and_the_mean_beside_it() -> None:
    assert compare(sounding(OWN, THEIRS)) == LINE


def test_followers_are_told_where_they_are_predicted() -> None:
    profile = sounding(
        OWN, THEIRS, followers=1234.4, similar_predicted=2.0, similar_followers=3021.0
    )
    assert compare(profile) == (
        f"{LINE}; followers predicted 1,234 (theirs: 2 predicted, 3,021 in truth, medians)"
    )


def test_nothing_is_said_of_songs_without_features() -> None:
    assert compare(sounding([np.nan] * 12, THEIRS, n_with_features=0)) == ""


@pytest.mark.parametrize(
    ("title", "seeds", "heading"),
    [
        ("", [CREEP], "1 song for Radiohead – Creep"),
        ("rock", [], "1 song for “rock”"),
        ("rock", [CREEP], "1 song for “rock”: Radiohead – Creep"),
    ],
)
def test_a_list_is_headed_by_what_it_goes_with_and_shows_two_reasons(
    title: str, seeds: list[Song], heading: str
) -> None:
    reasons = (Popular(1), Popular(2), Popular(3))
    profile = sounding([np.nan] * 12, THEIRS, n_with_features=0)
    playlist = Playlist(Wish((), title=title), seeds, [Pick(ODD, reasons)], profile)
    file = io.StringIO()
    Console(file=file, width=140).print(render(playlist))
    lines = [line.strip() for line in file.getvalue().splitlines()]
    assert lines[0] == heading
    (row,) = (line for line in lines if "Nobody" in line)
    why = "popular: 1 playlist holds it; popular: 2 playlists hold it"
    assert " ".join(row.split()) == f"1 [bold]Un[31mheard <b>Nobody</b> {why}"


def test_names_neither_mark_up_nor_control() -> None:
    assert named(ODD) == "<b>Nobody</b> – [bold]Un[31mheard"
