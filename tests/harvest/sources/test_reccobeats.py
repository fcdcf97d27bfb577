import pytest

from harvest.errors import CredentialsRefused, RequestRejected, Unexpected, UnusableReply
from harvest.sources.reccobeats import ReccoBeatsFeatures
from harvest.transport import Response
from harvest.worklist import Task
from tests.harvest.fakes import ID, features, reply

A, B = ID(1), ID(2)
TASKS = [Task(A, "", ""), Task(B, "", "")]
SOURCE = ReccoBeatsFeatures("http://api/v1", batch_size=100)


def item(spotify_id, **changed):
    """Audio features as ReccoBeats sends them."""
    sent = features(spotify_id, id="some-uuid", href=f"https://open.spotify.com/track/{spotify_id}")
    for absent in ("duration_ms", "time_signature", "uri", "type"):
        del sent[absent]
    return sent | changed


def read(items):
    return SOURCE.read(TASKS, "features", reply({"content": items}))


def test_a_batch_is_at_most_forty():
    assert SOURCE.batch_size == 40
    assert SOURCE.request(TASKS, "features").params == {"ids": f"{A},{B}"}


def test_rows_are_matched_by_address_in_whatever_order_they_come():
    answer = read([item(B), item(A, energy=0.75)])
    assert {r.spotify_id: r.energy for r in answer.records} == {A: 0.75, B: 0.25}
    assert {r.duration_ms for r in answer.records} == {None}


def test_a_track_left_out_is_missing():
    answer = read([item(A)])
    assert (set(answer.missing), answer.rejected) == ({B}, {})


def test_a_row_of_somebody_else_makes_the_gaps_doubtful():
    answer = read([item(A), item(ID(9))])
    assert (answer.missing, set(answer.rejected)) == ({}, {B})
    assert [r.spotify_id for r in answer.records] == [A]


def test_values_out_of_range_are_never_stored():
    answer = read([item(A, valence=2), item(B)])
    assert set(answer.rejected) == {A}


def test_a_row_that_is_sent_twice_counts_once():
    answer = read([item(A), item(B), item(A)])
    assert [record.spotify_id for record in answer.records] == [A, B]


def test_two_different_rows_for_a_track_say_nothing_of_it():
    answer = read([item(A, energy=0.1), item(B), item(A, energy=0.9)])
    assert [record.spotify_id for record in answer.records] == [B]
    assert answer.rejected == {A: "the reply holds two different rows for it"}


@pytest.mark.parametrize("energies", [(4, 0.9), (0.9, 4), (0.9, 4, 0.9)])
def test_a_track_with_a_bad_row_beside_a_good_one_is_rejected_and_not_stored(energies):
    answer = read([item(B), *(item(A, energy=energy) for energy in energies)])
    assert [record.spotify_id for record in answer.records] == [B]
    assert (set(answer.rejected), answer.missing) == ({A}, {})


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"content": null}'])
def test_a_body_of_another_shape_is_unusable(body):
    with pytest.raises(UnusableReply, match="sent no list"):
        SOURCE.read(TASKS, "features", Response(200, body))


def test_refusals_are_told_apart_from_a_wrong_address():
    with pytest.raises(RequestRejected, match=r"^ReccoBeats answers 400$") as rejected:
        SOURCE.read(TASKS, "features", Response(400, b""))
    assert "RECCOBEATS_API_URL" in rejected.value.advice
    assert "--batch 1" in rejected.value.advice
    with pytest.raises(Unexpected, match="RECCOBEATS_API_URL"):
        SOURCE.read(TASKS, "features", Response(404, b""))
    with pytest.raises(CredentialsRefused, match="harvest import"):
        SOURCE.read(TASKS, "features", Response(403, b""))
