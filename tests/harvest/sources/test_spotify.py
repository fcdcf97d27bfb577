import contextlib
import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.errors import Forbidden, NothingThere, RequestRejected, UnusableReply
from harvest.sources.spotify import SpotifyFeatures
from harvest.transport import Response
from harvest.worklist import Task
from tests.harvest.fakes import ID, features, record, reply

A, B, C = ID(1), ID(2), ID(3)
TASKS = [Task(i, "", "") for i in (A, B, C)]
BATCH = SpotifyFeatures("http://api/v1")
SINGLE = SpotifyFeatures("http://api/v1", batch_size=1)


def read(items, tasks=TASKS):
    return BATCH.read(tasks, "features", reply({"audio_features": items}))


def test_a_batch_is_asked_for_by_ids():
    request = BATCH.request(TASKS, "features")
    assert (request.method, request.url) == ("GET", "http://api/v1/audio-features")
    assert request.params == {"ids": f"{A},{B},{C}"}


def test_a_single_track_has_a_path_of_its_own():
    request = SINGLE.request(TASKS[:1], "features")
    assert (request.url, request.params) == (f"http://api/v1/audio-features/{A}", {})


def test_all_thirteen_values_are_kept_as_sent():
    (kept,) = read([features(A)], TASKS[:1]).records
    assert msgspec.structs.astuple(kept) == msgspec.structs.astuple(record(A))


@given(st.permutations([features(A), features(B), None]))
def test_rows_are_matched_by_id_in_whatever_order_they_come(items):
    answer = read(items)
    assert {r.spotify_id for r in answer.records} == {A, B}
    assert set(answer.missing) == {C}
    assert answer.rejected == {}


def test_a_short_reply_leaves_the_others_to_be_asked_again():
    answer = read([features(B)])
    assert [r.spotify_id for r in answer.records] == [B]
    assert answer.missing == {}
    assert set(answer.rejected) == {A, C}


def test_a_wrong_id_is_stored_for_nobody():
    answer = read([features(A), features("somebodyelse"), features(C)])
    assert [r.spotify_id for r in answer.records] == [A, C]
    assert set(answer.rejected) == {B}


def test_a_null_beside_a_wrong_id_names_no_track():
    answer = read([features(A), features("somebodyelse"), None])
    assert answer.missing == {}
    assert set(answer.rejected) == {B, C}


def test_a_doubled_row_stands_for_no_other_track():
    answer = read([features(A), features(A), features(B)])
    assert {r.spotify_id for r in answer.records} == {A, B}
    assert set(answer.rejected) == {C}


@pytest.mark.parametrize(
    "changed",
    [
        {"energy": 1.01},
        {"energy": -0.01},
        {"key": 12},
        {"mode": 2},
        {"tempo": -1.0},
        {"loudness": 99.0},
        {"energy": None},
        {"energy": "loud"},
        {"energy": "nan"},
        {"key": 4.5},
        {"duration_ms": -1},
    ],
)
def test_values_out_of_range_are_never_stored(changed):
    answer = read([features(A, **changed), features(B), features(C)])
    assert set(answer.rejected) == {A}
    assert {r.spotify_id for r in answer.records} == {B, C}


@pytest.mark.parametrize("name", ["energy", "tempo", "key", "duration_ms", "time_signature"])
def test_a_row_without_one_of_its_fields_is_never_stored_half(name):
    short = features(A)
    del short[name]
    answer = read([short, features(B), features(C)])
    assert set(answer.rejected) == {A}


def test_whole_numbers_may_come_as_fractions():
    (kept,) = read([features(A, key=9.0, mode=1.0, time_signature=4.0)], TASKS[:1]).records
    assert (kept.key, kept.mode, kept.time_signature) == (9, 1, 4)


def test_what_the_service_says_is_unknown_is_kept_as_unknown():
    unknown = dict.fromkeys(("key", "mode", "duration_ms", "time_signature"))
    (kept,) = read([features(A, **unknown)], TASKS[:1]).records
    assert (kept.key, kept.mode, kept.duration_ms, kept.time_signature) == (None,) * 4


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Bad gateway</html>",
        b"[]",
        b'{"audio_features": 3}',
        b"null",
        b"\xff\xfe",
        json.dumps({"audio_features": [features(A)]}).encode()[:-20],
    ],
)
def test_a_body_that_is_no_list_of_features_is_unusable_as_a_whole(body):
    with pytest.raises(UnusableReply, match="sent no list"):
        BATCH.read(TASKS, "features", Response(200, body))


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"3", b'{"id": "', b'{"a": \xff}'])
def test_a_body_that_is_no_object_says_nothing_of_a_single_track(body):
    with pytest.raises(UnusableReply, match="sent no audio features"):
        SINGLE.read(TASKS[:1], "features", Response(200, body))


def test_a_single_track_s_own_lies_are_held_against_its_answer():
    short = {"id": A}
    for body in (short, features(B), features(A, energy=7.5)):
        assert set(SINGLE.read(TASKS[:1], "features", reply(body)).rejected) == {A}
    assert set(SINGLE.read(TASKS[:1], "features", reply(b"null")).missing) == {A}


def test_an_unknown_single_track_is_missing():
    answer = SINGLE.read(
        TASKS[:1],
        "features",
        reply({"error": {"status": 404, "message": "analysis not found"}}, 404),
    )
    assert set(answer.missing) == {A}


def test_a_404_that_is_not_the_api_s_own_may_mean_a_wrong_address():
    for source in (BATCH, SINGLE):
        with pytest.raises(NothingThere, match=r"answers 404; check that SPOTIFY_API_URL"):
            source.read(TASKS[:1], "features", Response(404, b"<html>nginx</html>"))


@pytest.mark.parametrize("status", [400, 413, 414])
def test_a_refused_request_keeps_the_service_s_words(status):
    body = {"error": {"status": status, "message": "Invalid base62 id"}}
    with pytest.raises(RequestRejected, match=f"{status}: Invalid base62 id"):
        BATCH.read(TASKS, "features", reply(body, status))


@pytest.mark.parametrize("body", [b'{"error":{"status":403}}', b"", b"Forbidden"])
def test_a_403_names_the_deprecation_and_ways_out(body):
    with pytest.raises(Forbidden, match=r"27 November 2024 .*SPOTIFY_API_URL.*harvest import"):
        BATCH.read(TASKS, "features", Response(403, body))


@given(st.binary(max_size=200))
def test_no_body_whatever_breaks_the_reader(body):
    for source in (BATCH, SINGLE):
        try:
            answer = source.read(TASKS[:1], "features", Response(200, body))
        except UnusableReply:
            continue
        assert not answer.records


@pytest.mark.parametrize("source", [BATCH, SINGLE])
def test_a_value_nested_thousands_deep_costs_its_own_track_alone(source):
    deep = "[" * 5000 + "]" * 5000
    bad = json.dumps(features(A))[:-1].replace('"type": "audio_features"', f'"type": {deep}') + "}"
    body = bad if source is SINGLE else f'{{"audio_features": [{bad}]}}'
    with contextlib.suppress(UnusableReply):
        answer = source.read(TASKS[:1], "features", Response(200, body.encode()))
        assert not answer.missing


def test_two_different_rows_for_one_track_are_both_refused():
    answer = read([features(A), features(A, tempo=99.0), features(B), features(C)])
    assert {record.spotify_id for record in answer.records} == {B, C}
    assert "two different rows" in answer.rejected[A]


def test_a_404_that_speaks_of_the_address_is_no_unknown_track():
    body = {"error": {"status": 404, "message": "Service not found"}}
    with pytest.raises(NothingThere, match="check that SPOTIFY_API_URL"):
        SINGLE.read(TASKS[:1], "features", reply(body, 404))


def test_what_a_service_says_is_repeated_short_and_visible():
    body = {"error": {"status": 400, "message": "bad\x1b[31m\n" + "x" * 1000}}
    with pytest.raises(RequestRejected) as why:
        BATCH.read(TASKS, "features", reply(body, 400))
    assert str(why.value).isprintable()
    assert len(str(why.value)) < 300
