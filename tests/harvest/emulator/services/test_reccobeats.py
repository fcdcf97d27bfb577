import json
import uuid

from harvest.emulator.catalogue.features import COLUMNS


def test_known_ids_are_found_by_href_and_unknown_ones_left_out(serve, known):
    ids, unknown = known

    async def scenario(client):
        return await client.reccobeats([unknown, ids[0], ids[1]])

    status, _, body = serve(scenario, with_token=False)
    content = json.loads(body)["content"]
    assert status == 200
    assert [entry["href"] for entry in content] == [
        f"https://open.spotify.com/track/{spotify_id}" for spotify_id in ids[:2]
    ]
    assert str(uuid.UUID(content[0]["id"])) == content[0]["id"]
    measured = set(COLUMNS) - {"duration_ms", "time_signature"}
    assert set(content[0]) == measured | {"id", "href", "isrc"}


def test_the_values_are_spotifys(serve, known):
    one = known[0][0]

    async def scenario(client):
        return await client.reccobeats([one]), await client.spotify(one=one)

    ours, spotifys = (json.loads(reply[2]) for reply in serve(scenario))
    assert all(ours["content"][0][name] == spotifys[name] for name in COLUMNS[:11])


def test_forty_ids_are_served_and_one_more_refused(serve, known):
    async def scenario(client):
        return [(await client.reccobeats(known[0][:n]))[0] for n in (40, 41)]

    assert serve(scenario, with_token=False) == [200, 400]
