import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from model.errors import InputError
from model.library.songs import Library
from model.making.playlist import Chooser, make_playlist
from model.making.wish import Wish
from model.serving.asks import read_ask, told_controls, told_playlist, told_song


def test_an_ask_is_the_wish_that_the_program_has_too(library: Library) -> None:
    assert read_ask(b'{"seeds": [0]}', library) == (Wish((0,)), False)


def test_seeds_count_once_and_titles_are_trimmed(library: Library) -> None:
    ask = {
        "seeds": [4, 0, 4],
        "n": 3,
        "title": "  road trip ",
        "popularity": -0.5,
        "excluded_artists": ["TLC"],
        "random_state": 7,
        "with_seeds": True,
    }
    wish, with_seeds = read_ask(json.dumps(ask).encode(), library)
    assert with_seeds
    assert wish == Wish(
        (4, 0), 3, "road trip", popularity=-0.5, excluded_artists=("TLC",), random_state=7
    )


@pytest.mark.parametrize(("seeds", "method"), [([1], "als"), ([], "blend")])
def test_a_title_alone_is_left_to_what_reads_titles(
    library: Library, seeds: list[int], method: str
) -> None:
    body = json.dumps({"seeds": seeds, "title": "rain"}).encode()
    wish, _ = read_ask(body, library, Chooser("als", by_title="blend"))
    assert wish.method == method


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        ({"seeds": [9]}, "a song number is too high: there are 9 songs"),
        ({"seeds": [-1]}, "not understood: .*>= 0"),
        ({"n": 501}, "not understood: .*<= 500"),
        ({"share": 1.01}, "not understood: .*<= 1"),
        ({"method": "magic"}, "not understood: .*magic"),
        ({"colour": "red"}, "not understood: .*colour"),
        ({"random_state": 2**32}, "not understood"),
    ],
)
def test_what_is_out_of_range_is_named(library: Library, ask: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_ask(json.dumps(ask).encode(), library)


@pytest.mark.parametrize(
    ("ask", "method", "words"),
    [
        ({"title": "x" * 201}, "blend", "201 letters of a name; at mo"),
        ({"seeds": [0], "excluded_artists": ["x"] * 101}, "blend", "101 artists left out; at most"),
        ({}, "blend", "nothing to go by: add a song, or give a name"),
        ({"seeds": [0]}, "names", "give a name: names goes by nothing else"),
        ({"title": "chill"}, "als", "add a song: als reads no names"),
    ],
)
def test_what_the_page_lets_somebody_do_amiss_is_said_in_its_words(
    library: Library, ask: dict[str, Any], method: str, words: str
) -> None:
    with pytest.raises(InputError) as caught:
        read_ask(json.dumps(ask).encode(), library, Chooser(method, by_title=method))
    assert str(caught.value).startswith(words)
    assert "--" not in str(caught.value)


def test_more_songs_than_can_be_gone_by_are_counted(library: Library) -> None:
    many = replace(library, by_rank=np.arange(200))
    with pytest.raises(InputError, match="101 songs to go by; at most 100 can be given"):
        read_ask(json.dumps({"seeds": [*range(101)]}).encode(), many)


def test_an_artist_is_left_out_however_long_the_name_is(library: Library) -> None:
    name = "x" * 5_000
    ask = json.dumps({"seeds": [0], "excluded_artists": [name]}).encode()
    assert read_ask(ask, library)[0].excluded_artists == (name,)


@pytest.mark.parametrize("body", [b"", b"[1", b'{"title": "\xff"}'])
def test_what_is_no_json_is_not_understood(library: Library, body: bytes) -> None:
    with pytest.raises(InputError, match="not understood"):
        read_ask(body, library)


def test_all_controls_count_where_the_blend_answers() -> None:
    plain = {"has_share": True, "about_title": ""}
    assert told_controls(Chooser()) == {"with_songs": plain, "by_title": plain}


@pytest.mark.parametrize(
    ("method", "by_title", "with_songs", "alone"),
    [
        (
            *("als", "blend"),
            "Counts only where no song is given: als goes by songs alone.",
            "",
        ),
        (
            *("als", "als"),
            "Only names the list: als reads no names.",
            "Add a song: als reads no names.",
        ),
        (
            *("popularity", "popularity"),
            "Only names the list: popularity reads no names.",
            "Only names the list: popularity reads no names.",
        ),
        ("ranker", "ranker", "", ""),
    ],
)
def test_controls_that_whoever_answers_does_not_read_are_told_of(
    method: str, by_title: str, with_songs: str, alone: str
) -> None:
    told = told_controls(Chooser(method, by_title=by_title))
    assert told["with_songs"] == {"has_share": False, "about_title": with_songs}
    assert told["by_title"] == {"has_share": by_title == "blend", "about_title": alone}


def test_a_song_is_told_without_what_controls(library: Library) -> None:
    assert told_song(library.song(8)) == {
        "number": 8,
        "title": "[bold]Un[31mheard",
        "artist": "<b>Nobody</b>",
        "album": "",
        "uri": f"spotify:track:{8:022d}",
        "n_playlists": 0,
    }


def test_a_list_is_told_with_reasons_and_with_its_profile_where_one_is_known(
    library: Library,
) -> None:
    playlist = make_playlist(library, Wish((0,), n=1))
    told = told_playlist(playlist)
    assert told["songs"][0]["reasons"][0] == "plays together with Creep in 3 playlists"
    assert told["profile"]["n_with_features"] == 2
    assert told["profile"]["features"][1] == {
        "name": "energy",
        "own": 0.5,
        # Playlists 0, 1, 3 and 4 hold the song; only song 4, in the second, has another value, .1.
        "similar": pytest.approx((0.5 + 1.1 / 3 + 0.5 + 0.5) / 4),
    }
    assert math.isnan(told["profile"]["followers"])
    unknown = replace(playlist, profile=replace(playlist.profile, n_with_features=0))
    assert told_playlist(unknown)["profile"] is None
