import asyncio

import pytest

from harvest.asking.health import WELL_KNOWN
from harvest.auth import spotify_sender
from harvest.config import Secret, SpotifySettings
from harvest.doctoring.probing import DatingSender, probe
from harvest.errors import (
    CredentialsRefused,
    Forbidden,
    NothingThere,
    RateLimited,
    ServiceUnavailable,
)
from harvest.sources.reccobeats import ReccoBeatsFeatures
from harvest.sources.spotify import SpotifyFeatures
from harvest.transport import Request
from tests.harvest.fakes import ScriptedSender, features, reply

SETTINGS = SpotifySettings("https://api/v1", "https://accounts/token", "id", Secret("s3cret"))
SOURCE = SpotifyFeatures(SETTINGS.api_url)
TOKEN = reply({"access_token": "t0ken", "expires_in": 3600})
WELL = features(WELL_KNOWN.spotify_id)


def ask(*script, source=SOURCE):
    """Ask Spotify, with a token; return what came of it and the addresses asked."""
    sender = ScriptedSender(*script)
    answer = asyncio.run(
        probe(source, WELL_KNOWN, sender=sender, authorise=lambda s: spotify_sender(SETTINGS, s))
    )
    return answer, [request.url for request in sender.requests]


def test_a_service_that_knows_the_track_is_in_order():
    answer, asked = ask(TOKEN, reply({"audio_features": [WELL]}))
    assert (answer.error, answer.batch_size) == (None, 100)
    assert asked == ["https://accounts/token", "https://api/v1/audio-features"]


def test_that_it_does_not_know_the_track_is_no_fault():
    assert ask(TOKEN, reply({"audio_features": [None]}))[0].error is None


@pytest.mark.parametrize("refusal", [reply({"error": {"status": 403}}, 403), reply(b"", 404)])
def test_where_batches_are_refused_the_single_path_is_tried(refusal):
    answer, asked = ask(TOKEN, refusal, reply(WELL))
    assert (answer.error, answer.batch_size) == (None, 1)
    assert asked[-1].endswith(f"/audio-features/{WELL_KNOWN.spotify_id}")


def test_where_both_are_refused_the_first_refusal_counts():
    refusal = reply({"error": {"status": 403}}, 403)
    answer, asked = ask(TOKEN, refusal, refusal)
    assert isinstance(answer.error, Forbidden)
    assert "27 November 2024" in str(answer.error)
    assert len(asked) == 3
    assert isinstance(ask(TOKEN, reply(b"", 404), refusal)[0].error, NothingThere)


def test_an_app_that_the_token_service_does_not_know_is_asked_for_nothing_more():
    answer, asked = ask(reply({"error": "invalid_client"}, 400))
    assert isinstance(answer.error, CredentialsRefused)
    assert asked == ["https://accounts/token"]


def test_a_token_that_is_refused_has_one_more_chance():
    expired = reply({"error": {"status": 401}}, 401)
    assert ask(TOKEN, expired, TOKEN, reply({"audio_features": [WELL]}))[0].error is None
    assert isinstance(ask(TOKEN, expired, TOKEN, expired)[0].error, CredentialsRefused)


def test_a_limit_and_an_outage_are_not_asked_about_again():
    answer, asked = ask(TOKEN, reply(b"", 429, Retry_After="7"))
    assert isinstance(answer.error, RateLimited)
    assert answer.error.retry_after_s == 7
    assert len(asked) == 2
    assert isinstance(ask(ServiceUnavailable("down"))[0].error, ServiceUnavailable)


def test_a_service_without_a_path_for_single_tracks_is_asked_once():
    sender = ScriptedSender(reply(b"", 400))
    source = ReccoBeatsFeatures("https://api/v1")
    answer = asyncio.run(probe(source, WELL_KNOWN, sender=sender, authorise=lambda s: s))
    assert answer.error is not None
    assert len(sender.requests) == 1


@pytest.mark.parametrize(
    ("date", "ahead_s"),
    [
        ("Thu, 01 Jan 1970 00:16:40 GMT", 0.0),  # 1000 s
        ("Thu, 01 Jan 1970 00:15:00 GMT", 100.0),  # 900 s
        ("Thu, 01 Jan 1970 00:18:20 GMT", -100.0),  # 1100 s
        ("tomorrow", None),
        ("Thu, 01 Jan 99999999999999999999 00:00:00 GMT", None),
        (None, None),
    ],
)
def test_the_clock_is_compared_with_the_date_of_the_reply(date, ahead_s):
    headers = {"Date": date} if date else {}
    sender = DatingSender(ScriptedSender(reply({}, **headers)), clock=lambda: 1000.0)
    asyncio.run(sender.send(Request("GET", "https://api")))
    assert sender.ahead_s == ahead_s


def test_half_of_the_way_there_and_back_is_allowed_for():
    times = iter([1000.0, 1004.0])  # sent, received: the reply was made at about 1002
    said = reply({}, Date="Thu, 01 Jan 1970 00:16:42 GMT")
    sender = DatingSender(ScriptedSender(said), clock=lambda: next(times))
    asyncio.run(sender.send(Request("GET", "https://api")))
    assert sender.ahead_s == 0
