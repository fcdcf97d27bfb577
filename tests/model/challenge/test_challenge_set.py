import gzip
import json
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.challenge.catalogue import Catalogue
from model.challenge.challenge_set import read_challenge_set, write_challenge_set
from model.challenge.cutting import Challenge
from model.errors import InputError
from tests.model.uris import uri


def as_file(path: Path, playlists: object) -> Path:
    path.write_text(json.dumps({"date": "today", "version": "v1", "playlists": playlists}))
    return path


def tracks(*numbers: int) -> list[dict[str, Any]]:
    return [{"track_uri": uri(number)} for number in numbers]


def test_playlists_come_in_the_order_of_the_file_and_tracks_in_that_of_their_places(
    tmp_path: Path,
) -> None:
    shuffled = [{"pos": 2, **one} for one in tracks(7)] + [{"pos": 0, **one} for one in tracks(8)]
    path = as_file(
        tmp_path / "set.json",
        [
            {"pid": 9, "name": "road", "num_holdouts": 3, "tracks": shuffled},
            {"pid": 4, "tracks": tracks(3, 1)},
        ],
    )
    road, other = read_challenge_set(path)
    assert (road.pid, road.title, road.uris) == (9, "road", [uri(8), uri(7)])
    assert (other.pid, other.title, other.uris) == (4, None, [uri(3), uri(1)])


@pytest.mark.parametrize("name", ["", "  ", None])
def test_an_empty_title_is_none(tmp_path: Path, name: str | None) -> None:
    path = as_file(tmp_path / "set.json", [{"pid": 1, "name": name, "tracks": tracks(1)}])
    assert read_challenge_set(path)[0].title is None


def test_tracks_that_nobody_knows_and_playlists_without_tracks_are_read(tmp_path: Path) -> None:
    path = as_file(
        tmp_path / "set.json",
        [
            {"pid": 1, "name": "a", "tracks": []},
            {"pid": 2, "tracks": [{"track_uri": "spotify:local:x", "track_name": None}]},
        ],
    )
    assert [one.uris for one in read_challenge_set(path)] == [[], ["spotify:local:x"]]


@pytest.mark.parametrize(
    ("playlists", "words"),
    [
        ([], "holds no playlist"),
        ([{"pid": 1, "tracks": []}, {"pid": 1, "tracks": []}], "playlist 2: pid 1 is that of pla"),
        ([{"pid": 1, "tracks": []}, {"tracks": []}], "playlist 2: it lacks pid"),
        ([{"pid": "1", "tracks": []}], "playlist 1: pid should be a whole number, not text"),
        ([{"pid": -1, "tracks": []}], "playlist 1: pid should be a whole number of at least 0"),
        ([{"pid": 1}], "playlist 1: it lacks tracks"),
        ([{"pid": 10**18, "tracks": []}], f"pid should be a whole number of at most {10**18 - 1}"),
        ([{"pid": 1, "tracks": [{}]}], r"tracks\[0\] lacks track_uri"),
        (
            [{"pid": 1, "tracks": [{"track_uri": "a", "pos": []}]}],
            r"tracks\[0\].pos should be a whole number or null, not a list",
        ),
        ({"pid": 1}, "playlists should be a list, not an object"),
    ],
)
def test_another_format_is_refused_with_the_number_of_the_playlist(
    tmp_path: Path, playlists: object, words: str
) -> None:
    path = as_file(tmp_path / "set.json", playlists)
    with pytest.raises(InputError, match=words) as caught:
        read_challenge_set(path)
    assert str(path) in str(caught.value)


def test_a_set_that_is_written_is_read_back(
    cut: Challenge, catalogue: Catalogue, tmp_path: Path
) -> None:
    file, pids = BytesIO(), 100 + cut.rows
    write_challenge_set(file, cut, pids, catalogue, date="today")
    path = tmp_path / "set.json.gz"
    path.write_bytes(gzip.compress(file.getvalue()))
    asked = read_challenge_set(path)
    assert [one.pid for one in asked] == pids.tolist()
    assert [one.title for one in asked] == list(cut.titles)
    assert [one.category for one in asked] == cut.categories.tolist()
    for row, one in enumerate(asked):
        assert one.uris == [uri(song) for song in cut.seeds[row].tolist()]
        assert [track.pos for track in one.tracks] == cut.positions[row].tolist()


def test_a_set_is_written_in_the_organisers_format(cut: Challenge, catalogue: Catalogue) -> None:
    file = BytesIO()
    write_challenge_set(file, cut, cut.rows, catalogue, date="today")
    written = json.loads(file.getvalue())
    assert (written["date"], written["version"]) == ("today", "v1")
    row = int(np.flatnonzero(cut.categories == 2)[0])
    one = written["playlists"][row]
    assert set(one) == {"pid", "name", "num_holdouts", "num_samples", "num_tracks", "tracks"}
    assert one["num_samples"] == 1
    assert one["num_tracks"] == 1 + one["num_holdouts"] == 1 + cut.n_hidden[row]
    assert {"pos", "track_uri", "artist_uri", "album_uri", "track_name"} <= set(one["tracks"][0])
    without_title = written["playlists"][int(np.flatnonzero(cut.categories == 4)[0])]
    assert "name" not in without_title
