import json

import pytest

from harvest.emulator.exchange import Reply
from harvest.emulator.faults import spoiling

ENTRIES = [None, {"id": "a", "uri": "x:a", "danceability": 0.5}, {"id": "b", "danceability": 0.25}]


def batch():
    body = json.dumps({"audio_features": ENTRIES}).encode()
    return Reply(200, body, served=["n", "a", "b"], unknown=1)


def spoiled(edit):
    reply = spoiling.edit_entries(batch(), edit)
    assert (reply.status, reply.served, reply.unknown) == (200, [], 0)
    return json.loads(reply.body)["audio_features"]


@pytest.mark.parametrize("share", [0.0, 0.5, 0.999, 1.0])
def test_a_cut_body_lacks_a_byte_at_least(share):
    reply = spoiling.cut(batch(), share)
    assert len(reply.body) < len(batch().body)
    assert batch().body.startswith(reply.body)
    assert reply.served == []


def test_errors_are_not_spoilt_further():
    error = Reply(404, b'{"danceability":1}')
    assert spoiling.cut(error, 0.5) is None
    assert spoiling.edit_entries(error, spoiling.reverse) is None


def test_another_id_goes_on_the_first_known_entry_alone():
    assert spoiled(spoiling.rename("zz")) == [
        None,
        {"id": "zz", "uri": "x:zz", "danceability": 0.5},
        ENTRIES[2],
    ]


def test_a_value_is_put_and_a_field_dropped():
    assert spoiled(spoiling.put("danceability", 7.5))[1]["danceability"] == 7.5
    assert "danceability" not in spoiled(spoiling.drop("danceability"))[1]


def test_a_batch_is_shortened_or_reversed():
    assert spoiled(spoiling.shorten) == ENTRIES[:2]
    assert spoiled(spoiling.reverse) == ENTRIES[::-1]


def test_one_entry_has_no_order_to_change():
    single = Reply(200, json.dumps(ENTRIES[1]).encode(), served=["a"])
    assert spoiling.edit_entries(single, spoiling.reverse) is None
    assert spoiling.edit_entries(single, spoiling.shorten) is None


def test_an_entry_is_known_by_its_address_before_its_id():
    assert spoiling.spotify_id({"id": "uuid", "href": "https://open.spotify.com/track/a"}) == "a"
    assert spoiling.spotify_id({"id": "a"}) == "a"
    assert spoiling.spotify_id({}) == ""
