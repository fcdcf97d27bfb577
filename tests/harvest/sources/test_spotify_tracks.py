import json

import pytest

from harvest.errors import Forbidden, RequestRejected, UnusableReply
from harvest.sources.spotify_ids import UNKNOWN
from harvest.sources.spotify_tracks import NAMELESS, SpotifyNames
from harvest.transport import Response
from harvest.worklist import Task
from tests.harvest.fakes import spotify_track as track

API = "http://127.0.0.1/v1"
A, B, C = (digit * 22 for digit in "abc")


def tasks(*ids):
    return [Task(each, "", "") for each in ids]


def names(ids, *items):
    body = json.dumps({"tracks": list(items)}).encode()
    return SpotifyNames(API).read(tasks(*ids), "track", Response(200, body))


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


def test_refusals_are_told_apart():
    source, task = SpotifyNames(API), Task(A, "", "")
    with pytest.raises(Forbidden, match="refuses its catalogue"):
        source.read([task], source.parts[0], Response(403, b""))
    with pytest.raises(RequestRejected, match="answers 400"):
        source.read([task], source.parts[0], Response(400, b""))
