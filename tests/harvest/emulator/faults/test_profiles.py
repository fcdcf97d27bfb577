import json

import numpy as np
import pytest

from harvest.emulator.exchange import HTML, Ask, Reply
from harvest.emulator.faults import profiles
from harvest.emulator.faults.strike import LASTFM, SERVICES, WEB_API, Situation


def situation(*, service="spotify", is_batch=True, rng=None):
    ask = Ask(service, "GET /v1/audio-features", ["a"], is_batch=is_batch)
    return Situation(ask, rng or np.random.default_rng(0), 0.0)


def many(profile, n=400):
    rng = np.random.default_rng(0)
    return [profile.decide(situation(rng=rng)) for _ in range(n)]


def test_forbidden_refuses_all_and_forbidden_batch_the_batches_alone():
    for is_batch in (True, False):
        fault = profiles.forbidden(1).decide(situation(is_batch=is_batch))
        assert fault.reply == Reply(403, b'{"error":{"status":403}}')
    batches = profiles.forbidden_batch(1)
    assert batches.decide(situation()).reply.status == 403
    assert batches.decide(situation(is_batch=False)) is None


def test_a_used_up_quota_says_so_and_names_no_time():
    (*_, last) = many(profiles.quota(100.0), 20)
    assert json.loads(last.reply.body)["error"]["reason"] == "QUOTA_EXCEEDED"
    assert last.reply.headers == {}


def test_a_long_wait_is_named():
    (*_, last) = many(profiles.long_retry_after(3600.0), 20)
    assert (last.reply.status, last.reply.headers) == (429, {"Retry-After": "3600"})


def test_rate_limits_come_as_json_and_as_text():
    replies = [fault.reply for fault in many(profiles.rate_limit(0.5))]
    assert {reply.status for reply in replies} == {429}
    assert {reply.headers["Retry-After"] for reply in replies} == {"1"}
    assert len({reply.content_type for reply in replies}) == 2


def test_server_errors_come_in_every_status_and_body():
    replies = [fault.reply for fault in many(profiles.flaky_5xx(0.5))]
    assert {reply.status for reply in replies} == {500, 502, 503, 504}
    assert len({reply.content_type for reply in replies}) == 3


def test_a_dropped_connection_sends_nothing_or_half():
    assert {fault.sent_share for fault in many(profiles.drop_connection(0.5))} == {0.0, 0.5}


def test_a_page_comes_under_200_where_data_was_asked_for():
    reply = profiles.html_200(0.5).decide(situation()).reply
    assert (reply.status, reply.content_type) == (200, HTML)


@pytest.mark.parametrize("code", [8, 11, 16, 29])
def test_last_fm_s_codes_come_under_200_as_well(code):
    profile = profiles.lastfm(code)(0.5)
    replies = [fault.reply for fault in many(profile)]
    assert all(f'code="{code}"'.encode() in reply.body for reply in replies)
    assert len({reply.status for reply in replies}) == 2
    assert 200 in {reply.status for reply in replies}
    assert profile.services == LASTFM


def test_profiles_strike_the_services_that_they_are_for():
    assert profiles.forbidden(1).services == profiles.expired_token(1).services == WEB_API
    assert profiles.rate_limit(1).services == profiles.truncated(1).services == SERVICES
    assert "token" in profiles.outage(1).services
