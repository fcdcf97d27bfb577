import asyncio

from aiohttp.test_utils import make_mocked_request

from harvest.emulator import asks


def ids(path, *, headers=None, match_info=None):
    request = make_mocked_request("GET", path, headers=headers, match_info=match_info or {})
    return asks.read_ids(request, service="spotify", endpoint="GET /v1/audio-features")


def test_ids_are_read_in_order_encoded_or_not():
    for path in ("/?ids=b,a,b", "/?ids=b%2Ca%2Cb", "/?market=SE&ids=b,a,b"):
        ask = ids(path)
        assert (ask.keys, ask.is_batch) == (["b", "a", "b"], True)
    assert ids("/").keys == []


def test_a_single_id_stands_in_the_path_and_is_counted_apart():
    ask = ids("/a", match_info={"id": "a"})
    assert (ask.keys, ask.is_batch) == (["a"], False)
    assert ask.endpoint == "GET /v1/audio-features/{id}"


def test_a_bearer_is_read_whatever_its_case_and_basic_is_none():
    assert ids("/", headers={"Authorization": "bearer t"}).bearer == "t"
    assert ids("/", headers={"Authorization": "Basic t"}).bearer is None
    assert ids("/").bearer is None


def test_a_question_to_last_fm_is_known_by_method_artist_and_title():
    path = "/2.0/?method=track.getInfo&artist=Cher&track=Believe&api_key=k"
    ask = asyncio.run(asks.read_lastfm(make_mocked_request("GET", path)))
    assert ask.endpoint == "track.getInfo"
    assert ask.keys == ["track.getInfo\tcher\tbelieve"]
    assert ask.form["api_key"] == "k"
