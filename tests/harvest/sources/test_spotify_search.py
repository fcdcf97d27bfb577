import json

import pytest

from harvest.errors import Forbidden, NothingToAsk, RequestRejected, UnusableReply
from harvest.sources.releases import Release
from harvest.sources.spotify_search import UNREADABLE_RESULT, SpotifySearch, is_exact
from harvest.transport import Response
from harvest.worklist import Task
from tests.harvest.fakes import spotify_track as track

API = "http://127.0.0.1/v1"
A, B, C = (digit * 22 for digit in "abc")
NAMES = ("Crazy in Love", "Beyoncé")
WANTED = Task("name:track:x", "Beyonce", "Crazy in Love")


def found(task, *items, release=None):
    body = json.dumps({"tracks": {"items": list(items)}}).encode()
    source = SpotifySearch(API, releases={task.spotify_id: release} if release else None)
    return source.read([task], "search", Response(200, body))


def test_a_result_without_an_id_is_passed_over():
    local = track(None, "Crazy in Love", "Beyonce", is_local=True)
    assert found(WANTED, local, track(A, "Crazy in Love", "Beyonce")).records[0].found_id == A


def test_a_sound_result_behind_one_whose_id_is_none_is_taken():
    names = "Crazy in Love", "Beyonce"
    reply = found(WANTED, track("not-an-id", *names), track(A, *names))
    assert [each.found_id for each in reply.records] == [A]


@pytest.mark.parametrize(
    "odd",
    [
        {"duration_ms": 255.0},
        {"duration_ms": "255"},
        {"id": 5},
        {"name": None},
        {"name": 5},
        {"artists": None},
        {"artists": [None]},
        {"artists": []},
        {"artists": [{"name": 5}]},
        {"artists": ["Beyonce"]},
        {"album": "B'Day"},
    ],
    ids=str,
)
def test_a_result_that_cannot_be_read_and_may_be_it_leaves_the_question_open(odd):
    wanted = track(A, "Crazy in Love", "Beyonce")
    reply = found(WANTED, track(B, "X", "Y"), wanted | odd)
    assert (reply.records, reply.missing, reply.is_heard) == ((), {}, True)
    assert reply.rejected == {WANTED.spotify_id: UNREADABLE_RESULT}


@pytest.mark.parametrize("odd", [5, "x", []])
def test_a_result_that_is_no_object_leaves_the_question_open(odd):
    assert found(WANTED, odd).rejected == {WANTED.spotify_id: UNREADABLE_RESULT}


@pytest.mark.parametrize(
    ("names", "odd"),
    [
        (("Crazy in Love - Live", "Beyonce"), {"duration_ms": 255.0}),
        (("Crazy in Love", "Another"), {"duration_ms": 255.0}),
        (("", ""), {"duration_ms": 255.0}),
        (("Another", "Beyonce"), {"artists": None}),
        (("Crazy in Love", "Beyonce"), {"id": None}),
        (("Crazy in Love", "Beyonce"), {"type": "episode", "duration_ms": 255.0}),
    ],
    ids=str,
)
def test_a_result_that_cannot_be_read_and_is_another_is_passed_over(names, odd):
    assert found(WANTED, track(A, *names) | odd).missing.keys() == {WANTED.spotify_id}


@pytest.mark.parametrize("kind", ["episode", "audiobook", [], 5])
def test_a_result_that_is_no_track_is_not_taken(kind):
    episode = track(A, "Crazy in Love", "Beyonce", type=kind)
    assert found(WANTED, episode).missing == {WANTED.spotify_id: "Spotify finds nothing"}
    song = track(B, "Crazy in Love", "Beyonce", type="track")
    assert found(WANTED, episode, song).records[0].found_id == B


def test_a_search_is_by_fields_then_by_plain_words():
    source = SpotifySearch(API)
    task = Task("name:track:x", "Artful ft. Terri", 'Say "When" (feat. X) - 2011 Remaster')
    request = source.request([task], "search")
    assert request.params == {
        "q": 'track:"Say When (feat. X) - 2011 Remaster" artist:"Artful ft. Terri"',
        "type": "track",
        "limit": "10",
    }
    plain = source.otherwise(task)
    assert source.request([plain], "search").params["q"] == "Artful Say When"
    assert source.otherwise(plain) is None
    assert source.single() is None


def test_a_query_is_never_longer_than_the_service_takes():
    task = Task("x", "a" * 500, "b" * 500)
    assert len(SpotifySearch(API).request([task], "search").params["q"]) <= 250


def test_without_names_nothing_is_asked():
    with pytest.raises(NothingToAsk):
        SpotifySearch(API).request([Task("x", " ", "T")], "search")


def test_of_several_exact_tracks_of_which_nothing_else_is_known_the_first_is_taken():
    reply = found(
        WANTED,
        None,
        track(A, "Crazy In Love - Live", "Beyoncé"),
        track(B, "Crazy In Love", "Beyoncé", "JAY-Z"),
        track(C, "Crazy in love", "Beyoncé"),
    )
    (record,) = reply.records
    assert (record.spotify_id, record.found_id) == ("name:track:x", B)


def test_what_is_not_exact_is_offered_and_never_taken():
    reply = found(WANTED, track(A, "Crazy In Love - Live", "Beyoncé"), track(B, "X", "Y"))
    assert reply.records == ()
    assert reply.missing == {
        "name:track:x": "not found exactly; Spotify offers "
        f"Beyoncé - Crazy In Love - Live ({A}); Y - X ({B})"
    }
    assert found(WANTED).missing == {"name:track:x": "Spotify finds nothing"}


@pytest.mark.parametrize("body", [b"<html>", b"{}", b'{"tracks": []}', b'{"tracks": {"items": 5}}'])
def test_what_is_no_result_is_asked_for_again(body):
    with pytest.raises(UnusableReply, match="no results of a search"):
        SpotifySearch(API).read([WANTED], "search", Response(200, body))


@pytest.mark.parametrize(
    ("artist", "title", "artists", "is_same"),
    [
        ("Simon & Garfunkel", "The Boxer", ["Simon & Garfunkel"], True),
        ("Simon and Garfunkel", "the boxer", ["Simon & Garfunkel"], True),
        ("Burna Boy, Ed Sheeran", "X", ["Burna Boy", "Ed Sheeran"], True),
        ("Burna Boy", "X", ["Burna Boy", "Ed Sheeran"], True),
        ("Ed Sheeran", "X", ["Burna Boy", "Ed Sheeran"], False),
        ("Ed", "X", ["Ed Sheeran"], False),
        ("A", "Heroes", ["A"], False),
    ],
)
def test_names_are_compared_clean_and_whole(artist, title, artists, is_same):
    wanted = {"Heroes": "Heroes - 2017 Remaster"}.get(title, title)
    assert is_exact(Task("", artist, title), wanted, artists) is is_same


@pytest.mark.parametrize("odd", [{"duration_ms": 2**63}, {"duration_ms": "long"}, {"id": ""}])
def test_a_result_with_a_value_that_cannot_be_kept_is_not_taken(odd):
    wanted = track(A, "Crazy in Love", "Beyonce")
    assert found(WANTED, wanted).records
    assert not found(WANTED, wanted | odd).records
    assert found(WANTED, wanted | odd, wanted).records


@pytest.mark.parametrize("odd", ["not-an-id", "a" * 21, "a" * 23, "a" * 21 + "ä", "a" * 22 + "\n"])
def test_what_is_no_id_of_spotify_s_is_not_taken_for_a_track_s(odd):
    searched = found(WANTED, track(odd, "Crazy in Love", "Beyonce"))
    assert (searched.records, searched.missing) == ((), {})
    assert searched.rejected == {WANTED.spotify_id: "Spotify gives it an id that is none"}


def test_refusals_are_told_apart():
    source, task = SpotifySearch(API), WANTED
    with pytest.raises(Forbidden, match="refuses its catalogue"):
        source.read([task], source.parts[0], Response(403, b""))
    with pytest.raises(RequestRejected, match="answers 400"):
        source.read([task], source.parts[0], Response(400, b""))


LIVE = {"album": {"name": "Live at Wembley", "uri": "spotify:album:W"}, "duration_ms": 236_000}
STUDIO = {
    "album": {"name": "Dangerously in Love", "uri": "spotify:album:D"},
    "duration_ms": 355_000,
}


@pytest.mark.parametrize(
    "release",
    [
        Release("Dangerously In Love", 0),
        Release("Dangerously in Love (Deluxe Edition)", 236_000 + 3001),
        Release("", 355_000),
        Release("A Compilation", 355_000 - 3000),
        Release("Dangerously in Love", 355_000),
    ],
)
def test_of_several_exact_tracks_the_one_of_the_album_or_the_length_is_taken(release):
    exact = [track(A, *NAMES, **LIVE), track(B, *NAMES, **STUDIO), track(C, *NAMES, **STUDIO)]
    assert found(WANTED, *exact, release=release).records[0].found_id == B


@pytest.mark.parametrize("release", [Release(), Release("Another", 1), Release("", 355_000 + 3001)])
def test_where_no_exact_track_is_of_the_album_or_the_length_the_first_is_taken(release):
    exact = [track(A, *NAMES, **LIVE), track(B, *NAMES, **STUDIO)]
    assert found(WANTED, *exact, release=release).records[0].found_id == A


def test_a_track_of_the_album_and_the_length_beats_one_of_the_album_alone():
    edit = track(A, *NAMES, **(STUDIO | {"duration_ms": 200_000}))
    exact = [edit, track(B, *NAMES, **STUDIO)]
    assert (
        found(WANTED, *exact, release=Release("Dangerously in Love", 355_000)).records[0].found_id
        == B
    )


def test_a_track_by_others_who_only_credit_the_artist_is_offered_and_not_taken():
    reply = found(WANTED, track(A, "Crazy in Love", "Tributeband", "Beyoncé"))
    (reason,) = reply.missing.values()
    assert reason.endswith(f"offers Tributeband, Beyoncé - Crazy in Love ({A})")
    own = track(B, "Crazy in Love", "Beyoncé", "JAY-Z")
    reply = found(WANTED, track(A, "Crazy in Love", "Tributeband", "Beyoncé"), own)
    assert (reply.records[0].found_id, reply.records[0].artist) == (B, "Beyoncé")


@pytest.mark.parametrize("artist", ["JAY-Z & Beyoncé", "Beyoncé x JAY-Z", "Beyoncé feat. JAY-Z"])
def test_several_artists_in_one_text_are_found_however_they_are_joined(artist):
    task = Task("name:track:x", artist, "Crazy in Love")
    assert found(task, track(A, "Crazy in Love", "Beyoncé", "JAY-Z")).records[0].found_id == A


def test_all_words_are_searched_for_but_those_that_join_artists():
    task = Task("name:track:x", "Alpha, Beta and Gamma", "T", form="plain")
    assert SpotifySearch(API).request([task], "search").params["q"] == "Alpha Beta Gamma T"
