import json

import msgspec
import pytest

from harvest.sources.spotify_objects import track_in
from tests.harvest.fakes import spotify_track

A = "a" * 22


def read(*names, **changes):
    return track_in(msgspec.Raw(json.dumps(spotify_track(A, *names, **changes)).encode()))


def test_a_track_is_called_by_its_first_artist_and_credits_all():
    track = read("T", "One", "Two")
    assert track.credits == ["One", "Two"]
    assert (track.names("asked").artist, track.names("asked").spotify_id) == ("One", "asked")


@pytest.mark.parametrize(
    ("names", "is_named"),
    [(("T", "A"), True), (("", "A"), False), (("T", " "), False), (("T", "", "B"), False)],
)
def test_a_track_without_a_title_or_a_first_artist_has_no_name(names, is_named):
    assert read(*names).is_named is is_named
    assert not read("T", artists=[]).is_named


def test_what_is_no_track_is_none():
    assert track_in(msgspec.Raw(b'{"id": ""}')) is None
    assert track_in(msgspec.Raw(b"5")) is None
    assert read("T", duration_ms=-5).names(A).duration_ms == 0
