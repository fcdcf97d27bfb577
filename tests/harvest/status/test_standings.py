from harvest.database.runs import RunLog
from harvest.jobs.running import add_tasks
from harvest.own_playlists.collecting import collect
from harvest.patience.budget import next_midnight
from harvest.status.standings import notices, read_status, since_started
from harvest.store import JOBS, RESOLVING, Store
from harvest.worklist import Counts, Embargo, Tally
from tests.harvest.sources.lists.conftest import Lists


def test_an_empty_state_has_the_two_jobs_with_nothing_to_do(tmp_path):
    statuses = read_status(tmp_path)
    assert list(statuses) == ["spotify", "lastfm"]
    assert all(status.counts == Counts() for status in statuses.values())


def test_counts_are_those_of_the_store(gathered):
    assert read_status(gathered)["spotify"].counts == Counts(pending=2, done=6, missing=1, dead=1)


def test_a_job_that_was_never_started_has_its_tracks_pending(tmp_path):
    collect(tmp_path, [Lists(tmp_path / "lists").uris("a.txt", 1, 2)], workers=1)
    pending = {job: each.counts.pending for job, each in read_status(tmp_path).items()}
    assert pending == {"spotify": 2, "lastfm": 2, "names": 2}


def start_all(state):
    """Start each job on the tables as they are, and answer for each of its tracks."""
    with Store.open(state) as store:
        for job in (*JOBS, *RESOLVING):
            add_tasks(store, job, state)
        with store.transaction() as db:
            db.execute("UPDATE task SET state = iif(job = 'names', 'missing', 'done')")


def test_tracks_that_the_tables_have_got_since_are_pending_and_told_of(tmp_path):
    lists = Lists(tmp_path / "lists")
    collect(tmp_path, [lists.uris("a.txt", 1, 2)], workers=1)
    start_all(tmp_path)
    assert since_started(read_status(tmp_path)) == {}
    collect(tmp_path, [lists.uris("b.txt", 2, 3), lists.table("c.csv", 4)], workers=1)
    statuses = read_status(tmp_path)
    # Tracks 3 and 4 are new, of which 3 alone has no name.
    assert statuses["spotify"].counts == Counts(pending=2, done=2)
    assert statuses["lastfm"].counts == Counts(pending=2, done=2)
    assert statuses["names"].counts == Counts(pending=1, missing=2)
    got = "since it was last started, counted as pending"
    assert since_started(statuses) == {
        "spotify": f"the tables have got 2 tracks {got}",
        "lastfm": f"the tables have got 2 tracks {got}",
        "names": f"the tables have got 1 track {got}",
    }


def test_tables_that_changed_and_did_not_grow_are_told_of(tmp_path):
    lists = Lists(tmp_path / "lists")
    collect(tmp_path, [lists.uris("a.txt", 1, 2)], workers=1)
    start_all(tmp_path)
    collect(tmp_path, [lists.uris("b.txt", 3, 4)], replaces=True, workers=1)
    changed = "the tables have changed since it was last started; its counts are of then"
    assert since_started(read_status(tmp_path)) == {"spotify": changed, "lastfm": changed}


def test_a_wait_is_told_until_it_is_over(store, tmp_path):
    RunLog(store).set_embargo("spotify", Embargo(4e9, "quota"))
    statuses = read_status(tmp_path / "state")
    (notice,) = notices(statuses, now=4e9 - 86400)
    assert notice.startswith("spotify: quota; nothing is sent before 2096-10-0")
    assert notices(statuses, now=4.1e9) == []


def paused(store, *, until):
    """Let a running job note a pause."""
    run_id = RunLog(store).begin("spotify")
    store.commit("spotify", [], provider="spotify", run_id=run_id, tally=Tally(paused_until=until))
    return run_id


def test_a_pause_that_the_next_run_keeps_is_told_of(store, tmp_path):
    paused(store, until=4e9)
    statuses = read_status(tmp_path / "state")
    (notice,) = notices(statuses, now=4e9 - 60)
    assert notice.startswith(
        "spotify: the service asked for a pause, or failed; nothing is sent before 2096-10-0"
    )
    assert notices(statuses, now=4e9 + 1) == []


def test_of_an_embargo_and_a_pause_the_longer_one_is_told_of(store, tmp_path):
    paused(store, until=4e9)
    RunLog(store).set_embargo("spotify", Embargo(4e9 - 30, "quota"))
    status = read_status(tmp_path / "state")["spotify"]
    assert status.wait(4e9 - 60).not_before == 4e9
    RunLog(store).set_embargo("spotify", Embargo(4e9 + 30, "quota"))
    status = read_status(tmp_path / "state")["spotify"]
    assert status.wait(4e9 - 60).reason == "quota"


def test_a_daily_budget_that_is_used_up_is_told_of_until_midnight(store, tmp_path):
    RunLog(store).end(RunLog(store).begin("spotify"), "BudgetSpent")
    status = read_status(tmp_path / "state")["spotify"]
    midnight = next_midnight(status.run.seen_at).timestamp()
    assert notices({"spotify": status}, now=midnight) == []
    (notice,) = notices({"spotify": status}, now=midnight - 1)
    spent = "the daily budget is used up, unless the next run has a larger one"
    assert notice.startswith(f"spotify: {spent}; nothing is sent before ")
    assert " 00:00:00 " in notice


def test_a_run_that_ended_otherwise_since_has_a_budget_left(store, tmp_path):
    for outcome in ("BudgetSpent", "done"):
        RunLog(store).end(RunLog(store).begin("spotify"), outcome)
    status = read_status(tmp_path / "state")["spotify"]
    assert status.wait(status.run.seen_at) is None
