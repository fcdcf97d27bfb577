import msgspec
import pytest

from harvest.errors import Forbidden, NothingThere, RequestRejected, Unexpected, UnusableReply
from harvest.sources.spotify_ids import (
    UNKNOWN,
    decode_object,
    decode_reply,
    message_in,
    read_refusal,
    settle,
)
from harvest.transport import Response
from harvest.worklist import Task

TASKS = [Task(each, "", "") for each in ("a", "b", "c")]
RECORD, NULL = msgspec.Raw(b'{"id": "a"}'), msgspec.Raw(b" null ")


def settled(items, **said):
    return settle(TASKS, items, {"a": "of a"}, missing={}, rejected={}, **said)


def refused(status, message, *, is_single=False):
    body = msgspec.json.encode({"error": {"status": status, "message": message}})
    url = "https://api/v1/tracks"
    return read_refusal(
        TASKS[:1], Response(status, body), url=url, is_single=is_single, refused="not for this app"
    )


def test_as_many_nulls_as_tracks_without_an_answer_are_taken_for_them():
    reply = settled([RECORD, NULL, NULL])
    assert list(reply.records) == ["of a"]
    assert reply.missing == {"b": UNKNOWN, "c": UNKNOWN}
    assert reply.rejected == {}


def test_what_is_rejected_is_neither_stored_nor_missing():
    said = {"missing": {"a": "removed", "b": "removed"}, "rejected": {"a": "contradicts itself"}}
    reply = settle(TASKS, [RECORD, NULL, RECORD], {"a": "of a", "c": "of c"}, **said)
    assert list(reply.records) == ["of c"]
    assert reply.rejected == {"a": "contradicts itself"}
    assert reply.missing == {"b": "removed"}


@pytest.mark.parametrize("items", [[RECORD, NULL], [RECORD, NULL, RECORD], [RECORD]])
def test_nulls_that_do_not_add_up_name_nobody(items):
    reply = settled(items)
    assert reply.missing == {}
    assert reply.rejected == {"b": "not in the reply", "c": "not in the reply"}


def test_a_404_with_spotify_s_message_is_an_unknown_track_by_the_path_for_one_alone():
    assert refused(404, "analysis not found", is_single=True).missing == {"a": UNKNOWN}
    for message, is_single in (("analysis not found", False), ("Service not found", True)):
        with pytest.raises(NothingThere, match=r"https://api/v1/tracks answers 404"):
            refused(404, message, is_single=is_single)


def test_a_refusal_is_told_by_its_status():
    with pytest.raises(Forbidden, match="not for this app"):
        refused(403, "")
    with pytest.raises(RequestRejected, match=r"^Spotify answers 400: invalid id$") as rejected:
        refused(400, "invalid id")
    assert rejected.value.advice.startswith("check that SPOTIFY_API_URL is the API's address")
    with pytest.raises(Unexpected, match="check that SPOTIFY_API_URL"):
        refused(418, "teapot")


def test_a_body_of_another_kind_is_named_and_has_no_message():
    assert decode_reply(b'{"x": 1}', decode_object, what="tracks") == {"x": msgspec.Raw(b"1")}
    with pytest.raises(UnusableReply, match="Spotify sent no tracks"):
        decode_reply(b"[1]", decode_object, what="tracks")
    assert message_in(Response(502, b"<html>")) is None
