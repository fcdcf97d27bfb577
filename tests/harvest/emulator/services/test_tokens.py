import pytest


def test_any_client_gets_a_token_of_the_recorded_shape(serve, recorded, shape):
    async def scenario(client):
        status, body = await client.token()
        return status, shape(body)

    status, given = serve(scenario, with_token=False)
    assert status == 200
    assert given == {"access_token": "str", "token_type": "str", "expires_in": "number"}


@pytest.mark.real
def test_the_token_reply_is_shaped_as_recorded(serve, recorded, shape):
    import json

    [exchange] = recorded("spotify/authenticate_client.json")

    async def scenario(client):
        return (await client.token())[1]

    assert shape(serve(scenario)) == shape(json.loads(exchange["response"]["body"]))


def test_empty_credentials_and_other_grants_are_refused(serve):
    async def scenario(client):
        return await client.token(auth=("id", "")), await client.token(grant="password")

    (status, body), (grant_status, grant_body) = serve(scenario, with_token=False)
    assert (status, body) == (
        400,
        {"error": "invalid_client", "error_description": "Invalid client"},
    )
    assert (grant_status, grant_body["error"]) == (400, "unsupported_grant_type")


def test_only_the_clients_named_are_accepted(serve):
    async def scenario(client):
        return [(await client.token(auth=("me", secret)))[0] for secret in ("right", "wrong")]

    assert serve(scenario, with_token=False, clients={"me": "right"}) == [200, 400]


def test_a_token_expires_after_expires_in(serve, known):
    now = [100.0]

    async def scenario(client):
        before = await client.spotify(known[0][:1])
        now[0] += 60.0
        return before, await client.spotify(known[0][:1])

    before, after = serve(scenario, expires_in_s=60, clock=lambda: now[0])
    assert before[0] == 200
    assert after[0] == 401
    assert after[2] == b'{"error":{"status":401,"message":"The access token expired"}}'
    assert 'error_description="The access token expired"' in after[1]["WWW-Authenticate"]


def test_a_request_needs_a_token_that_was_issued_or_agreed_on(serve, known):
    async def scenario(client):
        statuses = []
        for client.bearer in ("", "nonsense", "agreed"):
            statuses.append((await client.spotify(known[0][:1]))[0])
        return statuses

    assert serve(scenario, with_token=False, bearers=["agreed"]) == [401, 401, 200]


@pytest.mark.real
def test_the_refusal_of_an_expired_token_is_as_recorded(serve, recorded, known):
    import json

    exchange = recorded("spotify/playlist_find_by_id_37i9dQZF1DX1R3yDogYrbo.json")[0]["response"]

    async def scenario(client):
        return await client.spotify(known[0][:1])

    status, headers, body = serve(scenario, expires_in_s=0)
    assert status == exchange["status"]
    assert json.loads(body) == json.loads(exchange["body"])
    assert [headers["WWW-Authenticate"]] == exchange["headers"]["Www-Authenticate"]
