import pytest

from harvest.config import LastfmSettings, Secret
from harvest.errors import NothingToAsk, RequestError, UnusableReply
from harvest.source import Reply, read_believable
from harvest.sources.lastfm import LastfmTracks
from harvest.sources.reccobeats import ReccoBeatsFeatures
from harvest.sources.spotify import SpotifyFeatures
from harvest.sources.spotify_search import SpotifySearch
from harvest.sources.spotify_tracks import SpotifyNames
from harvest.store import JOBS, RESOLVING
from harvest.transport import Response
from harvest.worklist import Task
from tests.harvest.fakes import ID

SOURCES = [
    SpotifyFeatures("http://127.0.0.1/v1"),
    SpotifyNames("http://127.0.0.1/v1"),
    SpotifySearch("http://127.0.0.1/v1"),
    ReccoBeatsFeatures("http://127.0.0.1/v1"),
    LastfmTracks(LastfmSettings("http://127.0.0.1/2.0/", Secret("k"), Secret(""))),
]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: f"{source.provider}-{source.job}")
def test_every_source_asks_for_each_of_its_parts_at_its_own_address(source):
    assert source.job in {*JOBS, *RESOLVING}
    assert source.batch_size >= 1
    requests = [source.request([Task(ID(1), "artist", "title")], part) for part in source.parts]
    assert all(request.url.startswith("http://127.0.0.1/") for request in requests)
    asked = {(request.url, str(request.params), str(request.form)) for request in requests}
    assert len(asked) == len(source.parts)


def test_a_reply_without_a_word_of_a_track_answers_it_in_full():
    reply = Reply(())
    assert (reply.records, dict(reply.missing), dict(reply.rejected)) == ((), {}, {})


def test_a_reply_of_which_nothing_is_believed_tells_whether_the_service_was_heard():
    search, task = SpotifySearch("http://127.0.0.1/v1"), Task("a", "artist", "title")
    odd = Response(200, b'{"tracks": {"items": [5]}}')
    with pytest.raises(UnusableReply) as raised:
        read_believable(search, [task], "search", odd)
    assert raised.value.is_heard


@pytest.mark.parametrize("odd", ["", "7", ID(1)[1:], ID(1) + "0", ID(1)[1:] + "é", "name:track:x"])
@pytest.mark.parametrize("source", [SOURCES[0], SOURCES[1], SOURCES[3]], ids=lambda s: s.provider)
def test_an_id_that_cannot_be_spotifys_is_not_asked_for(odd, source):
    tasks = [Task(ID(2), "", ""), Task(odd, "", "")]
    with pytest.raises(NothingToAsk, match="none of Spotify's") as raised:
        source.request(tasks, source.parts[0])
    assert [raised.value.concerns(task.spotify_id) for task in tasks] == [False, True]


def answered(body, *, source, status=200, key="k3y-made-up", part=None):
    """What is read of a reply to a request that was sent with a key."""
    response = Response(status, body.encode(), secrets=(key,))
    return read_believable(source, [Task("a" * 22, "Cher", "Believe")], part or "x", response)


NAMED = (
    '{"tracks": [{"id": "aaaaaaaaaaaaaaaaaaaaaa", "name": "Greatest Hit", '
    '"artists": [{"name": "Test k3y-made-up"}]}]}'
)


@pytest.mark.parametrize("key", ["t", "test", "Greatest", "k3y-made-up"])
def test_what_a_reply_holds_is_stored_as_it_is_whatever_the_key(key):
    (record,) = answered(NAMED, source=SpotifyNames("http://a/v1"), key=key).records
    assert (record.title, record.artist) == ("Greatest Hit", "Test k3y-made-up")


def test_what_is_offered_instead_of_a_track_repeats_no_key():
    items = '{"id": "b", "name": "Not k3y-made-up", "artists": [{"name": "Cher"}]}'
    body = f'{{"tracks": {{"items": [{items}]}}}}'
    (reason,) = answered(body, source=SpotifySearch("http://a/v1")).missing.values()
    assert reason.endswith("Cher - Not *** (b)")


REPEATING = {
    "spotify, an error's text": (
        SpotifyFeatures("http://a/v1"),
        400,
        '{"error": {"message": "bad \\u006b3y-made-up"}}',
    ),
    "spotify, a long one": (
        SpotifyFeatures("http://a/v1"),
        400,
        f'{{"error": {{"message": "{"x" * 195}k3y-made-up"}}}}',
    ),
    "last.fm, an error's text": (
        SOURCES[4],
        400,
        '<lfm status="failed"><error code="11">k3y-made-up</error></lfm>',
    ),
    "last.fm, another document": (SOURCES[4], 200, "<k3y-made-up/>"),
}


@pytest.mark.parametrize("case", REPEATING)
def test_no_error_repeats_the_key_that_was_sent(case):
    source, status, body = REPEATING[case]
    with pytest.raises(RequestError) as raised:
        answered(body, source=source, status=status, part="info")
    assert "k3y-m" not in str(raised.value)
