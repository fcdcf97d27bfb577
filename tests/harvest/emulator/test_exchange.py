import pytest

from harvest.emulator.exchange import JSON, Ask, Reply


def test_what_is_asked_and_replied_cannot_be_changed_under_way():
    with pytest.raises(AttributeError):
        Ask("spotify", "GET").service = "lastfm"
    with pytest.raises(AttributeError):
        Reply(200, b"").status = 500


def test_a_plain_reply_is_json_and_settles_nothing():
    reply = Reply(200, b"{}")
    assert (reply.content_type, reply.served, reply.unknown) == (JSON, [], 0)


def test_no_two_requests_share_their_lists():
    assert Ask("a", "b").keys is not Ask("a", "b").keys
    assert Ask("a", "b").form is not Ask("a", "b").form
