import asyncio
import base64
from contextlib import suppress

import pytest

from harvest.auth import BearerSender, FixedKey, TokenSource
from harvest.config import Secret, SpotifySettings
from harvest.errors import (
    CredentialsRefused,
    InputError,
    RateLimited,
    TokenExpired,
    TokenRefused,
    UnusableReply,
)
from harvest.sending.token_replies import token_request
from harvest.transport import Request
from tests.harvest.fakes import AnsweringSender, FakeClock, ScriptedSender, reply

SETTINGS = SpotifySettings("http://api/v1", "http://token", "my-id", Secret("my-secret"))


def issue(n=1, expires_in=3600):
    return reply({"access_token": f"t{n}", "token_type": "Bearer", "expires_in": expires_in})


def bearer(request):
    return request.headers["Authorization"].removeprefix("Bearer ")


def test_a_token_is_kept_until_shortly_before_it_expires():
    async def scenario():
        clock = FakeClock(0.0)
        sender = ScriptedSender(issue(1), issue(2))
        source = TokenSource(SETTINGS, sender, clock=clock)
        tokens = []
        # 3600 s less the margin of 60 s: renewed at 3540 s, not before.
        for clock.now in (0.0, 3539.0, 3540.0):
            tokens.append((await source.token()).reveal())
        return tokens

    assert asyncio.run(scenario()) == ["t1", "t1", "t2"]


def test_a_short_lived_token_is_used_for_most_of_its_life():
    async def scenario():
        clock = FakeClock(0.0)
        source = TokenSource(SETTINGS, ScriptedSender(issue(1, 10), issue(2, 10)), clock=clock)
        tokens = []
        # A tenth of 10 s is the margin.
        for clock.now in (0.0, 8.9, 9.0):
            tokens.append((await source.token()).reveal())
        return tokens

    assert asyncio.run(scenario()) == ["t1", "t1", "t2"]


def test_who_waits_for_a_token_shares_the_failure_and_the_next_asks_again():
    async def scenario():
        clock = FakeClock(0.0)
        sender = AnsweringSender(
            lambda _: reply(b"", 429, Retry_After="9") if len(sender.requests) == 1 else issue()
        )
        source = TokenSource(SETTINGS, sender, clock=clock)
        failed = await asyncio.gather(*(source.token() for _ in range(30)), return_exceptions=True)
        assert {type(error) for error in failed} == {RateLimited}
        assert len(sender.requests) == 1
        return (await source.token()).reveal()

    assert asyncio.run(scenario()) == "t1"


@pytest.mark.parametrize("status", [204, 302, 404, 405])
def test_a_whim_of_a_service_that_issued_tokens_is_worth_another_try(status):
    async def scenario():
        clock = FakeClock(0.0)
        sender = ScriptedSender(issue(1, 10), reply(b"", status), issue(2, 10))
        source = TokenSource(SETTINGS, sender, clock=clock)
        await source.token()
        clock.now = 9.0  # a tenth of 10 s before its end
        with pytest.raises(UnusableReply, match=r"token service"):
            await source.token()
        return (await source.token()).reveal()

    assert asyncio.run(scenario()) == "t2"


def errors_at(times, answer):
    """Ask for a first token at some times; return what comes instead."""
    clock, errors = FakeClock(0.0), []
    source = TokenSource(SETTINGS, AnsweringSender(lambda _: answer), clock=clock)
    for clock.now in times:
        with pytest.raises((UnusableReply, InputError, CredentialsRefused)) as why:
            asyncio.run(source.token())
        errors.append(why.value)
    return errors


@pytest.mark.parametrize("status", [204, 302, 404, 405])
def test_what_issues_no_token_for_half_a_minute_is_no_token_service(status):
    errors = errors_at([7.0, 36.9, 37.0], reply(b"", status))
    assert list(map(type, errors)) == [UnusableReply, UnusableReply, InputError]
    assert all("token service" in str(error) for error in errors)
    assert [error.is_of_token for error in errors[:2]] == [True, True]


@pytest.mark.parametrize("status", [400, 401, 403])
@pytest.mark.parametrize("body", [b"<html>blocked</html>", b"", b'{"error": "blocked"}'])
def test_a_wall_before_the_first_token_has_half_a_minute_to_let_it_through(status, body):
    errors = errors_at([7.0, 36.9, 37.0], reply(body, status))
    assert list(map(type, errors)) == [UnusableReply, UnusableReply, CredentialsRefused]
    assert all("refuses the credentials" in str(error) for error in errors)


@pytest.mark.parametrize("code", ["invalid_client", "unauthorized_client", "invalid_request"])
def test_a_first_token_that_is_refused_in_the_services_own_words_is_refused_at_once(code):
    (error,) = errors_at([7.0], reply({"error": code}, 400))
    assert isinstance(error, CredentialsRefused)


def test_a_hundred_requests_that_meet_a_401_at_once_renew_the_token_once():
    async def scenario():
        n_issued = 0

        def issue_next(_request):
            nonlocal n_issued
            n_issued += 1
            return issue(n_issued)

        class LateApi(AnsweringSender):
            """Answers nobody before all have asked."""

            async def send(self, request):
                await all_asked.wait() if bearer(request) == "t1" else await asyncio.sleep(0)
                return await super().send(request)

        all_asked = asyncio.Barrier(100)
        api = LateApi(lambda request: reply({}, 401 if bearer(request) == "t1" else 200))
        sender = BearerSender(api, TokenSource(SETTINGS, AnsweringSender(issue_next)))

        async def send_until_taken():
            while True:
                with suppress(TokenExpired):
                    return await sender.send(Request("GET", "u"))

        replies = await asyncio.gather(*(send_until_taken() for _ in range(100)))
        return n_issued, {response.status for response in replies}, len(api.requests)

    # One token to begin with and one renewal; each request is sent twice.
    assert asyncio.run(scenario()) == (2, {200}, 200)


def send_in_turn(*statuses):
    """Send one request after the other; return what came of each."""

    async def scenario():
        api = ScriptedSender(*(reply({}, status) for status in statuses))
        tokens = ScriptedSender(*(issue(n) for n in range(1, 10)))
        sender = BearerSender(api, TokenSource(SETTINGS, tokens))
        came = []
        for _ in statuses:
            try:
                came.append((await sender.send(Request("GET", "http://api/v1/x"))).status)
            except (TokenExpired, CredentialsRefused) as error:
                came.append(type(error))
        return came, [bearer(request) for request in api.requests]

    return asyncio.run(scenario())


def test_a_401_takes_a_new_token_for_the_next_try():
    came, tokens = send_in_turn(200, 401, 200, 401, 200)
    assert came == [200, TokenExpired, 200, TokenExpired, 200]
    assert tokens == ["t1", "t1", "t2", "t2", "t3"]


def test_a_second_401_right_after_a_renewal_is_a_refusal():
    came, tokens = send_in_turn(401, 401)
    assert came == [TokenExpired, TokenRefused]
    assert tokens == ["t1", "t2"]


def test_a_refusal_says_what_to_check_and_repeats_no_secret():
    async def scenario():
        api = ScriptedSender(reply({}, 401), reply({}, 401))
        sender = BearerSender(api, TokenSource(SETTINGS, ScriptedSender(issue(1), issue(2))))
        with suppress(TokenExpired):
            await sender.send(Request("GET", "http://api/v1/x"))
        await sender.send(Request("GET", "http://api/v1/x"))

    with pytest.raises(CredentialsRefused, match=r"issued just now \(401\).*SPOTIFY_CLIENT") as why:
        asyncio.run(scenario())
    shown = str(why.value) + repr(SETTINGS) + repr(token_request(SETTINGS))
    assert "my-secret" not in shown
    assert "t1" not in shown
    assert base64.b64encode(b"my-id:my-secret").decode() not in shown


def test_a_fixed_key_is_sent_as_it_is_and_no_token_is_asked_for():
    async def scenario():
        sender = ScriptedSender(reply({}))
        key = FixedKey(Secret("k3y"), address="https://vendor.example/v1")
        response = await BearerSender(sender, key).send(Request("GET", "http://api"))
        return response.status, sender.requests

    status, requests = asyncio.run(scenario())
    assert status == 200
    assert [bearer(request) for request in requests] == ["k3y"]


def test_a_fixed_key_that_is_refused_ends_it_at_once_and_is_not_repeated():
    async def scenario():
        key = FixedKey(Secret("k3y"), address="https://vendor.example/v1")
        await BearerSender(ScriptedSender(reply({}, 401)), key).send(Request("GET", "http://api"))

    with pytest.raises(CredentialsRefused, match=r"vendor\.example.*check SPOTIFY_API_KEY") as why:
        asyncio.run(scenario())
    assert "k3y" not in str(why.value)


@pytest.mark.parametrize("body", [b"<html>blocked</html>", b"", b'{"message": "try later"}'])
@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_wall_before_a_token_service_that_has_issued_one_is_no_refusal(status, body):
    source = TokenSource(SETTINGS, ScriptedSender(issue(1, 10), reply(body, status)))

    async def scenario():
        source.refuse(await source.token())
        with pytest.raises(UnusableReply, match=f"refuses the credentials .{status}"):
            await source.token()

    asyncio.run(scenario())


def test_a_client_that_the_token_service_no_longer_knows_is_refused():
    refusal = reply({"error": "invalid_client"}, 400)
    source = TokenSource(SETTINGS, ScriptedSender(issue(1, 10), refusal))

    async def scenario():
        source.refuse(await source.token())
        with pytest.raises(CredentialsRefused, match="400, invalid_client"):
            await source.token()

    asyncio.run(scenario())


def test_a_reply_stays_as_it_came_and_knows_which_secret_was_sent_for_it():
    answer = reply({"name": "In the se/cret.1 Garden"})
    sender = BearerSender(ScriptedSender(answer), FixedKey(Secret("se/cret.1"), address="http://a"))
    response = asyncio.run(sender.send(Request("GET", "http://a/x")))
    assert response.body == answer.body
    assert response.secrets == ("se/cret.1",)
    assert "se/cret.1" not in repr(response)
