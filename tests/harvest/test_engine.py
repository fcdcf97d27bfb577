import asyncio
import sqlite3
import time
from contextlib import closing

import pytest

from harvest import engine
from harvest.asking import refusals
from harvest.database.runs import RunLog
from harvest.engine import Effort, Engine
from harvest.errors import (
    BudgetSpent,
    CredentialsRefused,
    DatabaseHeld,
    Interrupted,
    Postponed,
    StorageError,
)
from harvest.pacing import Pacer
from harvest.patience.stopping import Stop
from harvest.sending.client import Client, PacedSender
from harvest.sources.spotify import SpotifyFeatures
from harvest.store import Store
from harvest.worklist import Counts, State
from tests.harvest.fakes import ID, AnsweringSender, features, ids_in, reply


def good(request):
    return reply({"audio_features": [features(i) for i in ids_in(request)]})


def harvest(store, progress, answer=good, *, batch=2, limit=None, meanwhile=None, clock=time.time):
    """Run the engine on the store's ten tracks; return the requests and what ended it."""
    sender = AnsweringSender(answer)

    async def scenario():
        stop = Stop()
        pacer = Pacer(1e4, stop=stop)

        sending = PacedSender(sender, pacer)
        one = Engine(
            SpotifyFeatures("http://api/v1", batch_size=batch),
            store=store,
            client=Client(sending, pacer=pacer, sleep=stop.sleep, max_wait_s=120),
            pacer=pacer,
            stop=stop,
            progress=progress,
            effort=Effort(limit=limit, concurrency=3),
            clock=clock,
        )
        if meanwhile:
            sender.send = meanwhile(stop, sender)
        await one.run(RunLog(store).begin("spotify"))

    try:
        asyncio.run(asyncio.wait_for(scenario(), 30))
    except Exception as error:
        return sender.requests, error
    return sender.requests, None


def test_every_pending_track_is_asked_for_once(store, progress):
    requests, ended_by = harvest(store, progress)
    assert ended_by is None
    asked = [i for request in requests for i in ids_in(request)]
    assert sorted(asked) == [ID(i) for i in range(10)]
    assert store.counts("spotify") == Counts(done=10)
    assert progress.settled == {State.DONE: 10}
    run = RunLog(store).last("spotify")
    assert (run.settled, run.requests) == (10, 5)


def test_a_second_run_asks_for_nothing(store, progress):
    harvest(store, progress)
    requests, ended_by = harvest(store, progress)
    assert (requests, ended_by) == ([], None)


def test_the_limit_is_kept_and_the_next_run_goes_on_from_there(store, progress):
    requests, _ = harvest(store, progress, limit=3)
    # Batches of two and one.
    assert [len(ids_in(request)) for request in requests] == [2, 1]
    assert store.counts("spotify") == Counts(pending=7, done=3)
    harvest(store, progress)
    assert store.counts("spotify") == Counts(done=10)


def test_a_track_that_failed_is_asked_for_again_when_it_is_due(store, progress):
    n_lies = 0

    def lies_twice(request):
        nonlocal n_lies
        ids = ids_in(request)
        if ID(4) in ids and n_lies < 2:
            n_lies += 1
            return reply({"audio_features": [features(i, tempo=-1.0) for i in ids]})
        return good(request)

    _, ended_by = harvest(store, progress, lies_twice, batch=1 + 1)
    assert ended_by is None
    assert n_lies == 2
    assert store.counts("spotify") == Counts(done=10)


def test_a_track_does_not_wait_for_what_the_clock_was_set_back_by(store, progress, monkeypatch):
    monkeypatch.setattr(engine, "LONGEST_RETRY_S", 0.5)
    set_back_at = time.monotonic() + 0.3
    one_lies = [features(ID(i), tempo=-1.0 if i == 4 else 120.0) for i in range(10)]
    lies = iter([reply({"audio_features": one_lies})])

    def clock():
        return time.time() - (7200 if time.monotonic() > set_back_at else 0)

    # What failed is due in a second, by the clock as it was.
    _, ended_by = harvest(
        store, progress, lambda request: next(lies, None) or good(request), batch=10, clock=clock
    )
    assert ended_by is None
    assert store.counts("spotify") == Counts(done=10)


def test_refused_credentials_end_the_run_and_keep_what_came_before(store, progress, monkeypatch):
    monkeypatch.setattr(refusals, "PASSING_S", 2.0)
    n_good = 0

    def refuses_later(request):
        nonlocal n_good
        if n_good == 2:
            return reply({"error": {"status": 403}}, 403)
        n_good += 1
        return good(request)

    _, ended_by = harvest(store, progress, refuses_later)
    assert isinstance(ended_by, CredentialsRefused)
    assert store.counts("spotify") == Counts(pending=6, done=4)


def test_a_long_wait_postpones_the_run_and_keeps_what_came_before(store, progress):
    def limits_later(request):
        if ID(0) in ids_in(request):
            return good(request)
        return reply(b"Too many requests", 429, Retry_After="86400")

    _, ended_by = harvest(store, progress, limits_later)
    assert isinstance(ended_by, Postponed)
    assert store.counts("spotify") == Counts(pending=8, done=2)


@pytest.mark.parametrize("reason", [Interrupted(15), BudgetSpent("used up")])
def test_a_long_wait_that_is_heard_while_the_run_comes_to_rest_is_stored(store, progress, reason):
    def told_to_wait(stop, sender):
        async def send(request):
            sender.requests.append(request)
            stop.request(reason)
            await asyncio.sleep(0.05)
            seconds = "3600" if len(sender.requests) == 1 else "600"
            return reply(b"Too many requests", 429, Retry_After=seconds)

        return send

    _, ended_by = harvest(store, progress, meanwhile=told_to_wait)
    assert ended_by is reason
    embargo = RunLog(store).embargo("spotify")
    assert embargo.not_before == pytest.approx(time.time() + 3600, abs=60)
    assert embargo.reason == "Spotify's rate limit is reached"


def test_a_signal_lets_what_is_in_flight_arrive_and_sends_nothing_new(store, progress):
    def slow(stop, sender):
        answered = []

        async def send(request):
            sender.requests.append(request)
            if len(sender.requests) == 3:
                stop.request(Interrupted(15))
            await asyncio.sleep(0.05)
            answered.append(request)
            return good(request)

        return send

    requests, ended_by = harvest(store, progress, meanwhile=slow)
    assert isinstance(ended_by, Interrupted)
    assert len(requests) == 3
    assert store.counts("spotify") == Counts(pending=4, done=6)


def test_a_disk_that_fills_up_ends_the_run_with_the_tasks_still_pending(store, progress):
    def full_disk(*args, **more):
        raise StorageError("disk full")

    store.commit = full_disk
    _, ended_by = harvest(store, progress)
    assert isinstance(ended_by, StorageError)
    assert store.counts("spotify") == Counts(pending=10)


@pytest.mark.parametrize("name", ["harvest.db", "harvest.lock"])
def test_a_state_whose_files_are_removed_ends_the_run_at_once_though_nothing_comes_in(
    store, progress, name
):
    def hanging(_stop, sender):
        async def send(request):
            sender.requests.append(request)
            (store.path.parent / name).unlink(missing_ok=True)
            await asyncio.sleep(3)
            return good(request)

        return send

    requests, ended_by = harvest(store, progress, meanwhile=hanging)
    assert len(requests) == 3  # those of the first second
    assert isinstance(ended_by, StorageError)
    assert f"{name} was removed or replaced" in str(ended_by)


@pytest.mark.parametrize("is_let_go", [True, False])
def test_a_file_that_another_program_holds_is_waited_for_and_told_of(
    store, progress, monkeypatch, is_let_go
):
    with closing(sqlite3.connect(store.path, timeout=0)) as other:
        store._db.execute("PRAGMA busy_timeout = 10")

        def hold(request):
            if not other.in_transaction:
                other.execute("BEGIN IMMEDIATE")
            return good(request)

        def say(text):
            progress.said.append(text)
            if is_let_go:
                other.rollback()

        monkeypatch.setattr(progress, "say", say)
        _, ended_by = harvest(store, progress, hold, batch=10)
    (told,) = progress.said
    assert told.startswith(f"spotify: another program is writing to {store.path}; waiting for it")
    assert store.counts("spotify") == (Counts(done=10) if is_let_go else Counts(pending=10))
    assert isinstance(ended_by, type(None) if is_let_go else DatabaseHeld)


def test_an_unforeseen_error_ends_the_run_instead_of_hanging_it(store, progress):
    def broken(request):
        raise RuntimeError("bug")

    _, ended_by = harvest(store, progress, broken)
    assert isinstance(ended_by, RuntimeError)


@pytest.mark.parametrize("batch", [1, 3, 100])
def test_any_batch_size_settles_all(store, progress, batch):
    def answer(request):
        if batch == 1:
            return reply(features(request.url.rsplit("/", 1)[1]))
        return good(request)

    _, ended_by = harvest(store, progress, answer, batch=batch)
    assert ended_by is None
    assert store.counts("spotify") == Counts(done=10)


class CountingStore(Store):
    """Counts how often it has to look for a track that was answered."""

    n_looked = 0

    def some_done(self, job, *, provider=None):
        self.n_looked += 1
        return super().some_done(job, provider=provider)


@pytest.mark.parametrize(("n_known", "most"), [(0, 3), (1, 10), (30, 10)])
def test_a_track_that_was_answered_is_not_looked_for_in_the_store_each_time(
    n_known, most, tmp_path, progress
):
    # Eight looks are enough, and three workers may look at the same moment.
    known = {ID(i) for i in range(n_known)}

    def knows_the_first(request):
        found = (features(i) if i in known else None for i in ids_in(request))
        return reply({"audio_features": list(found)})

    with CountingStore.open(tmp_path / "state") as store:
        rows = [(ID(i), "", "") for i in range(2000)]
        store.add_tasks("spotify", [rows], fingerprint="many tracks")
        _, ended_by = harvest(store, progress, knows_the_first, batch=20)
        assert ended_by is None
        assert store.counts("spotify") == Counts(done=n_known, missing=2000 - n_known)
        assert store.n_looked <= most
