import pytest

from harvest.config import LastfmSettings, Secret
from harvest.errors import NothingToAsk, UnusableReply
from harvest.source import Reply, read_believable
from harvest.sources.lastfm import LastfmTracks
from harvest.sources.reccobeats import ReccoBeatsFeatures
from harvest.sources.spotify import SpotifyFeatures
from harvest.sources.spotify_tracks import SpotifyNames, SpotifySearch
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
