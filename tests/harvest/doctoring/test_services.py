import subprocess
import sys

import pytest

from harvest.doctoring import services
from harvest.doctoring.probing import Answer
from harvest.doctoring.services import judge, set_up
from harvest.errors import (
    CredentialsRefused,
    Forbidden,
    InputError,
    NothingThere,
    RateLimited,
    ServiceUnavailable,
)
from harvest.machine.surroundings import Mark


@pytest.fixture(autouse=True)
def no_settings(monkeypatch):
    names = (*services.SPOTIFY_CREDENTIALS, *services.LASTFM_CREDENTIALS)
    for name in (*names, "SPOTIFY_API_URL", "LASTFM_API_URL", "RECCOBEATS_API_URL"):
        monkeypatch.delenv(name, raising=False)


def verdict(error, *, is_needed=True):
    sign = judge("X", Answer(error, 100, None), is_needed=is_needed)
    return sign.mark, sign.exit_code


def test_with_nothing_set_the_credentials_are_missing_and_the_keyless_service_stays():
    ready, signs = set_up()
    assert [service.name for service in ready] == ["ReccoBeats"]
    marks = [(sign.subject, sign.mark, sign.exit_code) for sign in signs]
    assert marks == [
        ("Spotify", Mark.NOTE, 0),
        ("last.fm", Mark.NOTE, 0),
        ("credentials", Mark.BAD, 2),
    ]


def test_one_service_with_credentials_is_enough(monkeypatch):
    monkeypatch.setenv("LASTFM_API_KEY", "k3y-made-up")
    ready, signs = set_up()
    assert [service.name for service in ready] == ["last.fm", "ReccoBeats"]
    assert [(sign.subject, sign.mark) for sign in signs] == [("Spotify", Mark.NOTE)]


def test_half_of_the_credentials_are_a_fault(monkeypatch):
    monkeypatch.setenv("SPOTIFY_CLIENT_ID", "id")
    _, (sign, _) = set_up()
    assert (sign.subject, sign.mark, sign.exit_code) == ("Spotify", Mark.BAD, 2)
    assert "SPOTIFY_CLIENT_SECRET is not set" in sign.text


def test_a_service_of_spotify_s_shape_is_set_up_by_its_key(monkeypatch):
    monkeypatch.setenv("SPOTIFY_API_KEY", "k3y")
    monkeypatch.setenv("SPOTIFY_API_URL", "https://features.example/v1")
    ready, _ = set_up()
    assert ready[0].source.address == "https://features.example/v1"


def test_a_wrong_address_is_a_fault_even_of_the_keyless_service(monkeypatch):
    monkeypatch.setenv("LASTFM_API_KEY", "k3y")
    monkeypatch.setenv("RECCOBEATS_API_URL", "ftp://nowhere")
    _, signs = set_up()
    assert ("ReccoBeats", Mark.BAD, 2) in [(s.subject, s.mark, s.exit_code) for s in signs]


@pytest.mark.parametrize("name", ["SPOTIFY_API_KEY", "LASTFM_API_KEY"])
def test_a_key_too_short_to_be_told_from_words_is_pointed_out(name, monkeypatch):
    monkeypatch.setenv(name, "k3y-made-up")
    assert name not in [sign.subject for sign in set_up()[1]]
    monkeypatch.setenv(name, "test")
    (sign,) = [sign for sign in set_up()[1] if sign.subject == name]
    assert (sign.mark, "fewer than 6 characters" in sign.text) == (Mark.NOTE, True)
    assert "test" not in sign.text


@pytest.mark.parametrize(
    ("error", "exit_code"),
    [
        (CredentialsRefused("refused"), 77),
        (Forbidden("forbidden", status=403), 77),
        (ServiceUnavailable("down"), 75),
        (RateLimited("limited", retry_after_s=None), 75),
        (InputError("redirects"), 2),
        (NothingThere("404"), 2),
    ],
)
def test_each_failure_has_its_exit_code(error, exit_code):
    assert verdict(error) == (Mark.BAD, exit_code)
    assert verdict(error, is_needed=False) == (Mark.NOTE, 0)


def test_a_limit_names_the_wait():
    named = Answer(RateLimited("limited", retry_after_s=90.0), 100, None)
    assert judge("X", named, is_needed=True).text == "limited; try again in 90 s"
    unnamed = Answer(RateLimited("limited", retry_after_s=None), 100, None)
    assert judge("X", unnamed, is_needed=True).text == "limited; try again later"


def test_a_service_that_answers_says_how_much_it_takes():
    assert judge("X", Answer(None, 100, None), is_needed=True).text == (
        "answers, up to 100 tracks in one request"
    )
    assert judge("X", Answer(None, 1, None), is_needed=True).text == (
        "answers, one track in one request"
    )


def test_a_name_that_nobody_resolves_holds_no_program():
    script = """if True:
        import asyncio, socket, time
        import aiohttp
        from harvest.doctoring import services
        from harvest.asking.health import WELL_KNOWN
        from harvest.sources.reccobeats import ReccoBeatsFeatures

        socket.getaddrinfo = lambda *_, **__: time.sleep(60)
        services.TIMEOUT = aiohttp.ClientTimeout(total=0.1)
        service = services.Service("X", ReccoBeatsFeatures("https://nowhere.example/v1"))
        (answer,) = asyncio.run(services.ask([service], WELL_KNOWN)).values()
        print(answer.error)
    """
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, timeout=50, capture_output=True, text=True
    )
    assert done.stdout == "https://nowhere.example/v1/audio-features did not answer in time\n"
