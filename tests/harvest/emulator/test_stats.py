import asyncio


def test_what_is_served_twice_is_listed(serve, known):
    ids, unknown = known

    async def scenario(client):
        await client.spotify([ids[0], ids[1], unknown])
        await client.spotify([ids[1]])
        await client.spotify(one=ids[1])
        await client.reccobeats([ids[0]])
        return await client.stats(), await client.stats("/again")

    summary, again = serve(scenario)
    assert summary["ids"]["spotify"] == {
        "asked": 3,
        "served": 3,
        "served_again": 1,
        "served_unknown": 1,
    }
    assert summary["ids"]["reccobeats"]["served"] == 1
    assert again["spotify"] == {ids[1]: 3}
    assert again["reccobeats"] == {}


def test_requests_are_counted_by_endpoint_and_status(serve, known):
    async def scenario(client):
        await client.spotify(known[0][:2])
        await client.spotify(one=known[1])
        client.bearer = ""
        await client.spotify(known[0][:2])
        return await client.stats()

    summary = serve(scenario)
    assert summary["tokens_issued"] == 1
    assert summary["requests"] == {
        "GET /v1/audio-features": {"200": 1, "401": 1},
        "GET /v1/audio-features/{id}": {"404": 1},
        "POST /api/token": {"200": 1},
    }


def test_lastfm_is_counted_by_method_artist_and_title(serve):
    async def scenario(client):
        await asyncio.gather(*(client.lastfm("track.getInfo", "A", title) for title in "xXy"))
        await client.lastfm("track.getTopTags", "A", "x")
        return await client.stats(), await client.stats("/again")

    summary, again = serve(scenario)
    assert summary["ids"]["lastfm"]["asked"] == 3
    assert summary["ids"]["lastfm"]["served_unknown"] == 4
    assert again["lastfm"] == {"track.getInfo\ta\tx": 2}


def test_a_refusal_serves_nothing(serve, known):
    async def scenario(client):
        await client.spotify(known[0][:5])
        return (await client.stats())["ids"]["spotify"]

    counts = serve(scenario, with_token=False)
    assert (counts["asked"], counts["served"]) == (5, 0)
