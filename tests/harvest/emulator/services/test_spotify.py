import json

import pytest


def test_a_batch_is_answered_in_order_with_null_for_the_unknown(serve, known):
    ids, unknown = known

    async def scenario(client):
        return await client.spotify([ids[1], unknown, ids[0]])

    status, headers, body = serve(scenario)
    entries = json.loads(body)["audio_features"]
    assert status == 200
    assert headers["Content-Type"].startswith("application/json")
    assert [entry and entry["id"] for entry in entries] == [ids[1], None, ids[0]]


def test_a_hundred_ids_are_served_and_one_more_refused(serve, known):
    async def scenario(client):
        return [(await client.spotify(known[0][:n]))[0] for n in (100, 101)]

    assert serve(scenario) == [200, 400]


def test_single_ids_are_answered_bare_or_404(serve, known):
    ids, unknown = known

    async def scenario(client):
        return [await client.spotify(one=one) for one in (ids[0], unknown, "short")]

    found, missing, invalid = serve(scenario)
    assert (found[0], json.loads(found[2])["id"]) == (200, ids[0])
    assert (missing[0], invalid[0]) == (404, 400)
    assert json.loads(invalid[2]) == {"error": {"status": 400, "message": "Invalid base62 id"}}


def test_an_invalid_id_spoils_the_batch(serve, known):
    async def scenario(client):
        return [(await client.spotify(ids))[0] for ids in ([known[0][0], "nö"], [])]

    assert serve(scenario) == [400, 400]


def test_escaped_commas_are_read_too(serve, known):
    async def scenario(client):
        url = f"{client.urls['spotify_api_url']}/audio-features?ids=" + "%2C".join(known[0][:3])
        headers = {"Authorization": f"Bearer {client.bearer}"}
        async with client.session.get(url, headers=headers) as reply:
            return len((await reply.json())["audio_features"])

    assert serve(scenario) == 3


@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "is_batch"),
    [
        ("audio_features_find_multiple", True),
        ("track_audio_features_3jfr0TF6DQcOLat8gGn7E2", False),
    ],
)
def test_features_are_shaped_as_recorded(*, serve, recorded, shape, known, name, is_batch):
    response = recorded(f"spotify/{name}.json")[0]["response"]

    async def scenario(client):
        one = known[0][0]
        return await (client.spotify([one]) if is_batch else client.spotify(one=one))

    status, _, body = serve(scenario)
    assert status == response["status"]
    assert shape(json.loads(body)) == shape(json.loads(response["body"]))


def test_tracks_bear_their_names(serve, library):
    async def scenario(client):
        one = await client.spotify(one=library.ids[0], kind="tracks")
        return one, await client.spotify([library.ids[0], "0" * 22], kind="tracks")

    one, batch = (json.loads(reply[2]) for reply in serve(scenario))
    assert one["name"] == library.titles[0]
    assert one["artists"][0]["name"] == library.artist_names[library.artist_of[0]]
    assert batch["tracks"] == [one, None]


@pytest.mark.real
def test_tracks_have_recorded_fields(serve, recorded, library):
    [exchange] = recorded("spotify/track_find_3jfr0TF6DQcOLat8gGn7E2.json")

    async def scenario(client):
        return json.loads((await client.spotify(one=library.ids[0], kind="tracks"))[2])

    ours, theirs = serve(scenario), json.loads(exchange["response"]["body"])
    assert set(ours) == set(theirs) - {"available_markets", "preview_url"}


def search(serve, **parameters):
    async def scenario(client):
        url = f"{client.urls['spotify_api_url']}/search"
        headers = {"Authorization": f"Bearer {client.bearer}"}
        return await client.send("GET", url, params=parameters, headers=headers)

    status, _, body = serve(scenario)
    return status, json.loads(body)


def test_a_search_by_fields_finds_the_track(serve, library):
    row = 0
    title, artist = library.titles[row], library.artist_names[library.artist_of[row]]
    status, body = search(serve, q=f'track:"{title}" artist:"{artist}"', type="track", limit="10")
    page = body["tracks"]
    assert (status, page["limit"], page["offset"]) == (200, 10, 0)
    assert page["total"] >= len(page["items"]) >= 1
    assert title in [item["name"] for item in page["items"]]
    assert all(item["type"] == "track" for item in page["items"])


def test_a_search_by_words_looks_at_titles_and_artists(serve, library):
    artist = library.artist_names[library.artist_of[0]]
    _, body = search(serve, q=f"{library.titles[0]} {artist}", type="track")
    assert library.ids[0] in [item["id"] for item in body["tracks"]["items"]]


def test_a_search_that_finds_nothing_is_no_error(serve):
    status, body = search(serve, q="zzzz qqqq", type="track")
    assert (status, body["tracks"]["items"], body["tracks"]["total"]) == (200, [], 0)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"type": "track"}, "No search query"),
        ({"q": "a", "type": "planet"}, "Bad search type field"),
        ({"q": "a", "type": "track", "limit": "51"}, "Invalid limit"),
        ({"q": "a" * 251, "type": "track"}, "Query exceeds maximum length of 250 characters"),
    ],
)
def test_a_wrong_search_is_refused(serve, parameters, message):
    status, body = search(serve, **parameters)
    assert (status, body["error"]["message"]) == (400, message)
