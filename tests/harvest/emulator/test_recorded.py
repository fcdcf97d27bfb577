"""Each exchange that was recorded of the real services, beside the emulator's answer to it."""

import json
import re
from base64 import b64encode
from collections import defaultdict
from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree as ET

import pytest

from tests.harvest.emulator.conftest import RECORDED

pytestmark = pytest.mark.real

BASIC = "Basic " + b64encode(b"id:secret").decode()

# Recording, exchange, and what the emulator leaves out: what hangs on the market, and what is
# found by the id alone.
SPOTIFY = [
    ("authenticate_client", 0, ""),
    ("audio_features_find_1zHlj4dQ8ZAtrayhuDDmkY", 0, ""),
    ("audio_features_find_1zHlj4dQ8ZAtrayhuDDmkY", 1, ""),
    ("audio_features_find_1zHlj4dQ8ZAtrayhuDDmkY", 2, ""),
    ("audio_features_find_multiple", 0, ""),
    ("track_audio_features_3jfr0TF6DQcOLat8gGn7E2", 0, ""),
    (
        "track_find_3jfr0TF6DQcOLat8gGn7E2",
        0,
        "available_markets|preview_url|album/images|(album|artists)/external_urls",
    ),
    ("playlist_find_by_id_37i9dQZF1DX1R3yDogYrbo", 1, "scope"),
]
# The rest of that file: a refused token, which `test_tokens` compares, and a playlist.
WHOLE_NUMBERS = {"/key", "/mode", "/duration_ms", "/time_signature", "/expires_in", "/popularity"}

LASTFM = {
    "track.getInfo": [
        "track_get_info.xml",
        "TestPyLastTrack.test_track_listener_count.json",
        "TestPyLastTrack.test_track_with_no_mbid.json",
    ],
    "track.getSimilar": ["track_get_similar.xml", "TestPyLastTrack.test_track_get_similar.json"],
    "track.getCorrection": ["TestPyLastTrack.test_track_get_correction.json"],
    "track.getTopTags": ["track_get_top_tags.xml"],
}
REFUSALS = ["ng.xml", "TestPyLastNetwork.test_init_with_token.json"]
# What hangs on a user, what not every track has, and what last.fm itself has given up.
OPTIONAL = re.compile(r"userplaycount|userloved|mbid|wiki|/track/id|album@position")

KINDS = {
    "a whole number": r"\d+",
    "a number": r"\d+(\.\d+)?",
    "an address": r"https?://\S+",
    "something": r"(?s).*\S.*",
}


@pytest.fixture
def names(library):
    """An artist and title that last.fm knows."""
    row = next(iter(library.row_of.values()))
    return library.artist_names[library.artist_of[row]], library.lastfm_titles[row]


@pytest.fixture
def exchange(recorded):
    """Read one exchange: status, content type, body, and the request."""

    def read(name, number=0):
        content = recorded(name)
        if isinstance(content, str):
            return None, None, content, None
        request, response = content[number]["request"], content[number]["response"]
        headers = {key.lower(): value for key, value in response["headers"].items()}
        return response["status"], headers["content-type"][0], response["body"], request

    return read


def json_fields(value, path=""):
    """Yield each field of a document with its type; the entries of a list bear one name."""
    yield path, "number" if type(value) in (int, float) else type(value).__name__
    if path.endswith(tuple(WHOLE_NUMBERS)):
        assert isinstance(value, int)
    if isinstance(value, dict):
        for key, entry in value.items():
            yield from json_fields(entry, f"{path}/{key}")
    elif isinstance(value, list):
        for entry in value:
            yield from json_fields(entry, path)


def xml_fields(text):
    """Map each element and attribute of a document to its values."""
    fields = defaultdict(list)

    def walk(element, prefix):
        path = f"{prefix}/{element.tag}"
        fields[path].append((element.text or "").strip())
        for name, value in element.attrib.items():
            fields[f"{path}@{name}"].append(value)
        for child in element:
            walk(child, path)

    walk(ET.fromstring(text.encode()), "")
    return dict(fields)


def kind_of(values):
    """Name the narrowest kind that all of `values` are of."""
    for kind, pattern in KINDS.items():
        if all(re.fullmatch(pattern, value) for value in values):
            return kind
    return "anything"


def is_of_kind(values, kind):
    return kind == "anything" or all(re.fullmatch(KINDS[kind], value) for value in values)


async def ask_again(client, request, known):
    """Send a recorded request, for ids that the emulator knows."""
    address = urlsplit(request["uri"])
    if request["method"] == "POST":
        form = dict(parse_qsl(request["body"]))
        url = client.urls["spotify_token_url"]
        return await client.send("POST", url, data=form, headers={"Authorization": BASIC})
    kind, *one = address.path.removeprefix("/v1/").split("/")
    if one:
        return await client.spotify(one=known[0], kind=kind)
    n_ids = len(dict(parse_qsl(address.query))["ids"].split(","))
    return await client.spotify(known[:n_ids], kind=kind)


@pytest.mark.parametrize(("name", "number", "left_out"), SPOTIFY)
def test_spotify_s_fields_and_types_are_those_recorded(
    *, serve, exchange, known, name, number, left_out
):
    status, content_type, body, request = exchange(f"spotify/{name}.json", number)

    async def scenario(client):
        return await ask_again(client, request, known[0])

    our_status, headers, our_body = serve(scenario)
    theirs, ours = set(json_fields(json.loads(body))), set(json_fields(json.loads(our_body)))
    absent = re.compile(f"/({left_out or 'nothing'})(/|$)")
    assert our_status == status
    assert headers["Content-Type"].split(";")[0] == content_type.split(";")[0]
    assert {field for field in theirs if not absent.search(field[0])} == ours


@pytest.mark.parametrize(
    ("method", "name"), [(method, name) for method, names in LASTFM.items() for name in names]
)
def test_last_fm_s_elements_hold_what_those_recorded_hold(serve, exchange, names, method, name):
    status, content_type, body, _ = exchange(f"lastfm/{name}")

    async def scenario(client):
        return await client.lastfm(method, *names)

    our_status, headers, our_body = serve(scenario)
    assert our_status == (status or 200)
    assert headers["Content-Type"] == (content_type or "text/xml; charset=UTF-8")
    theirs, ours = xml_fields(body), xml_fields(our_body.decode())
    for path, values in theirs.items():
        if path in ours or not OPTIONAL.search(path):
            assert is_of_kind(ours[path], kind_of(values)), path


@pytest.mark.parametrize("method", LASTFM)
def test_last_fm_s_replies_have_no_element_that_was_never_recorded(serve, exchange, names, method):
    async def scenario(client):
        return (await client.lastfm(method, *names))[2]

    theirs = set().union(*(xml_fields(exchange(f"lastfm/{name}")[2]) for name in LASTFM[method]))
    assert {path for path in xml_fields(serve(scenario).decode()) if "mbid" not in path} <= theirs


@pytest.mark.parametrize("name", REFUSALS)
def test_last_fm_s_refusals_are_shaped_as_recorded(serve, exchange, names, name):
    status, content_type, body, _ = exchange(f"lastfm/{name}")

    async def scenario(client):
        return await client.lastfm("track.getInfo", *names, api_key="")

    our_status, headers, our_body = serve(scenario)
    assert our_status == (status or 403)
    assert headers["Content-Type"] == (content_type or "text/xml; charset=UTF-8")
    theirs, ours = xml_fields(body), xml_fields(our_body.decode())
    assert {path: kind_of(values) for path, values in ours.items()} == {
        path: kind_of(values) for path, values in theirs.items()
    }


def test_no_recording_is_left_uncompared():
    if not RECORDED.exists():
        pytest.skip("the recordings are absent")
    compared = {f"spotify/{name}.json" for name, *_ in SPOTIFY}
    compared |= {f"lastfm/{name}" for names in LASTFM.values() for name in names}
    compared |= {f"lastfm/{name}" for name in REFUSALS}
    there = {str(path.relative_to(RECORDED)) for path in RECORDED.rglob("*") if path.is_file()}
    assert there == compared
