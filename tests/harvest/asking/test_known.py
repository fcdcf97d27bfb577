import asyncio

from harvest.asking.known import ENOUGH, KnownTracks
from harvest.sources.spotify import SpotifyFeatures
from tests.harvest.fakes import ID, task


class FakeStore:
    """Knows one track that was answered, and a few that are due."""

    def __init__(self, known):
        self.known, self.n_asked = known, 0

    def some_done(self, _job, *, provider):
        self.n_asked += 1
        return self.known if provider == "spotify" else None

    def due(self, _job, *, before, limit):
        return [task(i) for i in range(limit)]


def tracks(known=None):
    async def in_thread(work, *args):
        return work(*args)

    store = FakeStore(known)
    source = SpotifyFeatures("http://api/v1")
    return store, KnownTracks(store, source, in_thread=in_thread, clock=lambda: 0.0)


def test_a_track_of_an_earlier_run_is_known():
    _, known = tracks(task(7))
    assert asyncio.run(known.good()) == task(7)


def test_where_there_is_none_the_store_is_asked_once():
    store, known = tracks()
    assert asyncio.run(known.good()) is None
    assert asyncio.run(known.good()) is None
    assert store.n_asked == 1


def test_a_run_that_has_answers_of_its_own_does_not_ask_the_store():
    store, known = tracks(task(99))
    known.keep(task(i) for i in range(ENOUGH))
    assert asyncio.run(known.good()).spotify_id in {ID(i) for i in range(ENOUGH)}
    assert store.n_asked == 0


def test_others_are_what_was_answered_and_then_what_is_due_but_not_the_track_itself():
    _, known = tracks(task(7))
    others = asyncio.run(known.others(task(1)))
    assert others == [task(7), task(0), task(2), task(3), task(4)]
