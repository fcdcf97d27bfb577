import time

from harvest.database.runs import RunLog, Service, day_of
from harvest.store import Store
from harvest.worklist import Change, Commit, Embargo, State, Tally
from tests.harvest.fakes import done, task

SPOTIFY, RECCOBEATS = Service("spotify"), Service("reccobeats")


def test_runs_remember_what_was_settled_and_how_they_ended(store):
    run_id = RunLog(store).begin("spotify")
    commits = [done(0), done(1), Commit([Change([task(2)], State.PENDING, 0, 1)])]
    tally = Tally(sent=7, limited=1, failed=2, rejected=3)
    store.commit("spotify", commits, provider="spotify", run_id=run_id, tally=tally)
    again = Tally(sent=9, limited=1, failed=2, rejected=3)
    store.commit("spotify", [done(3)], provider="spotify", run_id=run_id, tally=again)
    RunLog(store).end(run_id, "Interrupted")
    run = RunLog(store).last("spotify")
    assert (run.settled, run.requests, run.outcome) == (3, 9, "Interrupted")
    assert (run.limited, run.failed, run.rejected) == (1, 2, 3)
    assert RunLog(store).last("lastfm") is None


def test_an_embargo_outlives_the_process(store, tmp_path):
    assert RunLog(store).embargo("spotify") is None
    RunLog(store).set_embargo("spotify", Embargo(1e10, "quota"))
    with_another_view = Store.peek(tmp_path / "state")
    assert RunLog(with_another_view).embargo("spotify") == Embargo(1e10, "quota")
    assert RunLog(with_another_view).embargo("lastfm") is None
    with_another_view.close()


def test_requests_are_counted_by_the_day_over_all_runs(store):
    today = day_of(time.time())
    for _ in range(2):
        run_id = RunLog(store).begin("spotify")
        # 3, then 5 in all: a run adds what it sent since it was last written.
        for sent in (3, 5):
            store.commit("spotify", [], provider="spotify", run_id=run_id, tally=Tally(sent=sent))
    assert RunLog(store).sent_on("spotify", today) == 10
    assert RunLog(store).sent_on("lastfm", today) == 0
    assert RunLog(store).sent_on("spotify", "2018-01-01") == 0


def test_what_a_killed_run_reserved_stays_counted(store):
    runs, today = RunLog(store), day_of(time.time())
    run_id = runs.begin("spotify", reserved=8)
    store.commit("spotify", [], provider="spotify", run_id=run_id, tally=Tally(sent=3))
    assert runs.sent_on("spotify", today) == 11
    # It is killed; the next one ends by itself, and gives its own reserve back.
    run_id = runs.begin("spotify", reserved=8)
    runs.end(run_id, "done", reserved=8)
    assert runs.sent_on("spotify", today) == 11


def test_no_day_has_less_than_no_requests_whatever_its_clock_says(store):
    runs, today = RunLog(store), day_of(time.time())
    run_id = runs.begin("spotify", reserved=8)
    with store.transaction() as db:  # as where the zone is another one now, and so is the day
        db.execute("UPDATE day SET day = '2018-01-01', requests = 3")
    runs.end(run_id, "done", reserved=8)
    assert (runs.sent_on("spotify", "2018-01-01"), runs.sent_on("spotify", today)) == (3, 0)
    with store.transaction() as db:
        db.execute("UPDATE day SET day = ?", (today,))
    runs.end(run_id, "done", reserved=8)
    assert runs.sent_on("spotify", today) == 0


def test_an_embargo_names_the_service_that_asked_for_it(store):
    RunLog(store).set_embargo("spotify", Embargo(1e10, "quota", "reccobeats"))
    assert RunLog(store).embargo("spotify").service == "reccobeats"


def test_a_pause_and_a_refused_batch_are_remembered(store):
    runs = RunLog(store)
    assert (runs.paused_until("spotify"), runs.single_at("spotify")) == (0.0, None)
    run_id = runs.begin("spotify")
    for until in (12.5, 0.0):  # what is remembered is never shortened
        tally = Tally(paused_until=until)
        store.commit("spotify", [], provider="spotify", run_id=run_id, tally=tally)
    runs.set_single_at("spotify", "https://example.org/v1")
    assert (runs.paused_until("spotify"), runs.single_at("spotify")) == (
        12.5,
        "https://example.org/v1",
    )


def test_a_pause_holds_nobody_but_the_provider_that_asked_for_it(store):
    runs, until = RunLog(store), time.time() + 3600
    runs.hand_over("spotify", SPOTIFY)
    run_id = runs.begin("spotify")
    tally = Tally(paused_until=until)
    store.commit("spotify", [], provider="spotify", run_id=run_id, tally=tally)
    runs.hand_over("spotify", SPOTIFY)
    assert (runs.paused_until("spotify"), runs.embargo("spotify")) == (until, None)
    since = runs.pause("spotify", "").since
    runs.hand_over("spotify", RECCOBEATS)
    assert runs.paused_until("spotify") == 0
    handed = Embargo(until, "the service asked for a pause", "spotify", since)
    assert runs.embargo("spotify") == handed


def test_a_pause_that_is_over_is_not_kept_for_anybody(store):
    runs = RunLog(store)
    runs.hand_over("spotify", SPOTIFY)
    run_id = runs.begin("spotify")
    tally = Tally(paused_until=time.time() - 1)
    store.commit("spotify", [], provider="spotify", run_id=run_id, tally=tally)
    runs.hand_over("spotify", RECCOBEATS)
    assert runs.embargo("spotify") is None


def test_an_earlier_pause_takes_nothing_from_an_embargo(store):
    runs, until = RunLog(store), time.time() + 3600
    runs.hand_over("spotify", RECCOBEATS)
    run_id = runs.begin("spotify")
    tally = Tally(paused_until=until)
    store.commit("spotify", [], provider="reccobeats", run_id=run_id, tally=tally)
    quota = Embargo(until + 1, "quota", "spotify")
    runs.set_embargo("spotify", quota)
    runs.hand_over("spotify", SPOTIFY)
    assert runs.embargo("spotify") == quota


def test_the_longest_wait_that_a_run_was_told_of_is_kept_with_when_and_of_whom(store):
    runs, began_at = RunLog(store), time.time()
    runs.hand_over("spotify", SPOTIFY)
    run_id, until = runs.begin("spotify"), time.time() + 3600
    for shut_until in (until, until - 60, 0.0):
        tally = Tally(shut_until=shut_until, shut_because="quota")
        store.commit("spotify", [], provider="spotify", run_id=run_id, tally=tally)
    embargo = runs.embargo("spotify")
    assert (embargo.not_before, embargo.reason, embargo.service) == (until, "quota", "spotify")
    assert began_at <= embargo.since <= time.time()
