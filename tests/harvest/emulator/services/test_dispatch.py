import json

from harvest.emulator.catalogue.library import load_library
from harvest.emulator.exchange import Ask
from harvest.emulator.services.dispatch import Services


def services(**options):
    return Services(load_library(n_playlists=30), clock=lambda: 0.0, **options)


def test_each_service_answers_in_its_own_way():
    answer = services(bearers=["key"]).answer
    features = Ask("spotify", "GET /v1/audio-features", ["0" * 22], is_batch=True, bearer="key")
    assert json.loads(answer(features).body) == {"audio_features": [None]}
    other = Ask("reccobeats", "GET /reccobeats/v1/audio-features", ["0" * 22], is_batch=True)
    assert json.loads(answer(other).body) == {"content": []}
    unknown = {"method": "track.getInfo", "artist": "x", "track": "y", "api_key": "k"}
    assert b'code="6"' in answer(Ask("lastfm", "track.getInfo", ["k"], form=unknown)).body


def test_without_a_token_the_web_api_serves_nothing():
    reply = services().answer(Ask("spotify", "GET /v1/audio-features", ["0" * 22], is_batch=True))
    assert (reply.status, reply.served) == (401, [])


def test_above_the_limit_each_service_says_so_in_its_own_way():
    limited = services(rate_limit=1 / 30, bearers=["key"])
    ask = Ask("spotify", "GET /v1/audio-features", ["0" * 22], is_batch=True, bearer="key")
    assert [limited.answer(ask).status for _ in range(2)] == [200, 429]
    form = {"method": "track.getInfo", "artist": "x", "track": "y", "api_key": "k"}
    lastfm = Ask("lastfm", "track.getInfo", ["k"], form=form)
    assert b'code="29"' not in limited.answer(lastfm).body
    assert b'code="29"' in limited.answer(lastfm).body
