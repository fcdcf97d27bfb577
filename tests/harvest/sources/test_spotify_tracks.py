import json

import pytest

from harvest.errors import Forbidden, NothingToAsk, RequestRejected, UnusableReply
from harvest.sources.spotify_ids import UNKNOWN
from harvest.sources.spotify_tracks import (
    NAMELESS,
    UNREADABLE_RESULT,
    SpotifyNames,
    SpotifySearch,
    is_exact,
)
from harvest.transport import Response
from harvest.worklist import Task

API = "http://127.0.0.1/v1"
A, B, C = (digit * 22 for digit in "abc")
WANTED = Task("name:track:x", "Beyonce", "Crazy in Love")


def track(spotify_id, title="T", *artists, **changes):
    names = artists or ("A",)
    return {
        "id": spotify_id,
        "name": title,
        "artists": [{"name": name, "uri": f"spotify:artist:{name}"} for name in names],
        "album": {"name": "L", "uri": "spotify:album:L"},
        "duration_ms": 1000,
        "uri": f"spotify:track:{spotify_id}",
    } | changes


def tasks(*ids):
    return [Task(each, "", "") for each in ids]


def names(ids, *items):
    body = json.dumps({"tracks": list(items)}).encode()
    return SpotifyNames(API).read(tasks(*ids), "track", Response(200, body))


def found(task, *items):
    body = json.dumps({"tracks": {"items": list(items)}}).encode()
    return SpotifySearch(API).read([task], "search", Response(200, body))


def test_a_batch_of_fifty_is_asked_for_by_ids_and_one_by_its_path():
    source = SpotifyNames(API)
    assert source.batch_size == 50
    assert source.request(tasks(A, B), "track").params == {"ids": f"{A},{B}"}
    single = source.single()
    assert single.request(tasks(A), "track").url == f"{API}/tracks/{A}"
    assert single.single() is None


def test_names_are_matched_by_id():
    reply = names([A, B], track(B, "Two"), track(A, "One"))
    assert {each.spotify_id: each.title for each in reply.records} == {A: "One", B: "Two"}
    record = reply.records[0]
    assert (record.artist, record.artist_uri, record.album) == ("A", "spotify:artist:A", "L")
    assert (record.found_id, record.duration_ms) == (B, 1000)


def test_nulls_are_unknown_where_they_are_as_many_as_the_unanswered():
    assert names([A, B], None, track(A)).missing == {B: UNKNOWN}
    assert names([A, B], track(A)).rejected == {B: "not in the reply"}
    assert names([A, B, C], None, track(A), track("z" * 22)).rejected.keys() == {B, C}


def test_a_removed_track_has_no_name():
    reply = names([A], track(A, ""))
    assert (reply.missing, reply.records) == ({A: NAMELESS}, [])
    assert names([A], track(A, "T", "")).missing == {A: NAMELESS}
    assert names([A], track(A, "T", " ")).missing == {A: NAMELESS}


@pytest.mark.parametrize("odd", [{"duration_ms": 2**63}, {"duration_ms": "long"}, {"id": ""}])
def test_a_track_with_a_value_that_cannot_be_kept_is_not_trusted(odd):
    assert names([A, B], track(A, **odd), track(B)).rejected == {A: "not in the reply"}
    wanted = track(A, "Crazy in Love", "Beyonce")
    assert found(WANTED, wanted).records
    assert not found(WANTED, wanted | odd).records
    assert found(WANTED, wanted | odd, wanted).records


def test_a_track_that_moved_is_known_by_what_it_replaced():
    reply = names([A], track(B, "One", linked_from={"id": A}))
    assert [(each.spotify_id, each.found_id) for each in reply.records] == [(A, B)]


def test_two_different_rows_for_one_track_are_not_trusted():
    assert names([A], track(A, "One"), track(A, "Two")).rejected.keys() == {A}


@pytest.mark.parametrize("titles", [("One", ""), ("", "One"), ("One", "Two", ""), ("", "One", "")])
def test_a_track_both_with_a_name_and_without_is_not_trusted_either(titles):
    reply = names([A, B], track(B), *(track(A, title) for title in titles))
    assert [each.spotify_id for each in reply.records] == [B]
    assert (reply.rejected.keys(), reply.missing) == ({A}, {})


def test_a_removed_track_that_is_sent_twice_has_no_name():
    reply = names([A, B], track(A, ""), track(A, ""), track(B))
    assert (reply.missing, reply.rejected) == ({A: NAMELESS}, {})


@pytest.mark.parametrize("odd", ["not-an-id", "a" * 21, "a" * 23, "a" * 21 + "ä", "a" * 22 + "\n"])
def test_what_is_no_id_of_spotify_s_does_not_become_a_track_s_id(odd):
    moved = names([A, B], track(odd, "One", linked_from={"id": A}), track(B))
    assert [each.spotify_id for each in moved.records] == [B]
    assert (list(moved.rejected), moved.missing) == ([A], {})
    searched = found(WANTED, track(odd, "Crazy in Love", "Beyonce"))
    assert (searched.records, searched.missing) == ((), {})
    assert searched.rejected == {WANTED.spotify_id: "Spotify gives it an id that is none"}


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


def test_a_single_track_comes_bare():
    source = SpotifyNames(API, batch_size=1)
    body = json.dumps(track(A, "One")).encode()
    (record,) = source.read(tasks(A), "track", Response(200, body)).records
    assert record.title == "One"
    missing = Response(404, b'{"error": {"status": 404, "message": "Resource not found"}}')
    assert source.read(tasks(A), "track", missing).missing == {A: UNKNOWN}


@pytest.mark.parametrize("body", [b"<html>", b"{}", b'{"tracks": null}', b""])
def test_what_is_no_batch_is_asked_for_again(body):
    with pytest.raises(UnusableReply, match="no tracks"):
        SpotifyNames(API).read(tasks(A, B), "track", Response(200, body))


@pytest.mark.parametrize("source", [SpotifyNames(API), SpotifySearch(API)])
def test_refusals_are_told_apart(source):
    with pytest.raises(Forbidden, match="refuses its catalogue"):
        source.read([WANTED], source.parts[0], Response(403, b""))
    with pytest.raises(RequestRejected, match="answers 400"):
        source.read([WANTED], source.parts[0], Response(400, b""))


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


def test_the_first_exact_track_is_taken():
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
        ("Ed Sheeran", "X", ["Burna Boy", "Ed Sheeran"], True),
        ("Ed", "X", ["Ed Sheeran"], False),
        ("A", "Heroes", ["A"], False),
    ],
)
def test_names_are_compared_clean_and_whole(artist, title, artists, is_same):
    wanted = {"Heroes": "Heroes - 2017 Remaster"}.get(title, title)
    assert is_exact(Task("", artist, title), wanted, artists) is is_same
