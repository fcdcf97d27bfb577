import base64

import pytest

from harvest.config import Secret, SpotifySettings
from harvest.errors import (
    CredentialsRefused,
    InputError,
    ServiceUnavailable,
    UnusableReply,
)
from harvest.sending.token_replies import read_token, token_request
from tests.harvest.fakes import reply

SETTINGS = SpotifySettings("http://api/v1", "http://token", "my-id", Secret("my-secret"))


def issue(n=1, expires_in=3600):
    return reply({"access_token": f"t{n}", "token_type": "Bearer", "expires_in": expires_in})


def test_the_token_request_is_a_client_credentials_grant():
    request = token_request(SETTINGS)
    assert (request.method, request.url) == ("POST", "http://token")
    assert request.form == {"grant_type": "client_credentials"}
    pair = base64.b64decode(request.headers["Authorization"].removeprefix("Basic "))
    assert pair == b"my-id:my-secret"


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_refused_client_is_told_apart_from_a_failing_service(status):
    body = {"error": "invalid_client", "error_description": "Invalid client"}
    with pytest.raises(CredentialsRefused, match=r"invalid_client\); check SPOTIFY_CLIENT_ID"):
        read_token(reply(body, status))
    with pytest.raises(ServiceUnavailable):
        read_token(reply(b"<html>", 503))


def test_a_wrong_token_address_is_named():
    with pytest.raises(InputError, match=r"answers 404; check SPOTIFY_TOKEN_URL"):
        read_token(reply(b"nothing here", 404))


@pytest.mark.parametrize(
    "body", [b"<html>", b"{}", b'{"access_token": ""}', b'{"access_token": 3}']
)
def test_a_reply_without_a_token_is_unusable(body):
    with pytest.raises(UnusableReply, match="sent no token"):
        read_token(reply(body))


def test_a_token_without_a_life_is_taken_to_live_an_hour():
    assert read_token(reply({"access_token": "t"})).life_s == 3600


@pytest.mark.parametrize(
    ("expires_in", "life_s"),
    [
        (3600, 3600),
        ("3600", 3600),
        (0.5, 0.5),
        (None, 3600),
        (0, 60),
        (-5, 60),
        (True, 60),
        ([1], 60),
        ("soon", 60),
        ("nan", 60),
        ("inf", 60),
    ],
)
def test_a_token_is_good_however_oddly_its_life_is_told(expires_in, life_s):
    assert read_token(issue(1, expires_in)).life_s == life_s


@pytest.mark.parametrize("token", ["", "a b", "a\r\nX-Other: b", "ä"])
def test_a_token_that_no_header_can_hold_is_unusable(token):
    with pytest.raises(UnusableReply):
        read_token(reply({"access_token": token}))


@pytest.mark.parametrize("body", [b"\xff\xfe{", b"[" * 100_000, b'{"error": "\xff"}'])
@pytest.mark.parametrize("status", [200, 400])
def test_no_body_whatever_breaks_the_reading_of_a_token(body, status):
    with pytest.raises((UnusableReply, CredentialsRefused)):
        read_token(reply(body, status))


def test_what_a_token_service_says_is_repeated_only_where_it_is_a_code():
    with pytest.raises(CredentialsRefused) as why:
        read_token(reply({"error": "bad my-secret"}, 400))
    assert "my-secret" not in str(why.value)
    with pytest.raises(CredentialsRefused, match="400, invalid_client"):
        read_token(reply({"error": "invalid_client"}, 400))
