import time

import pytest

from harvest.database.runs import RunLog, Service
from harvest.errors import Postponed
from harvest.patience.wishes import first_wait_s, paused_until, respect
from harvest.worklist import Embargo, Run, Tally
from tests.harvest.fakes import ID

OURS, OTHER_APP, OTHER_HOST = (
    Service("spotify", *rest) for rest in (("api", "1"), ("api", "2"), ("proxy", "1"))
)


@pytest.fixture
def runs(store):
    """The runs of a store with all jobs that ask Spotify."""
    for job in ("names", "ids"):
        store.add_tasks(job, [[(ID(1), "A", "T")]], fingerprint="f")
    return RunLog(store)


def hear(store, job, service, **waits):
    """As a run that was told so by a service."""
    runs = RunLog(store)
    runs.hand_over(job, service)
    tally = Tally(**waits)
    store.commit(job, [], provider=service.provider, run_id=runs.begin(job), tally=tally)


def is_held(runs, job, service, longest_s=120):
    try:
        respect(runs, job, service, longest_s=longest_s)
    except Postponed:
        return True
    return False


@pytest.mark.parametrize(
    ("service", "held"), [(OURS, True), (OTHER_APP, False), (OTHER_HOST, False)]
)
def test_a_long_wait_holds_every_job_that_asks_the_same_service_for_the_same_app(
    store, runs, service, held
):
    until = time.time() + 3600
    hear(store, "spotify", OURS, shut_until=until, shut_because="Spotify's quota is used up")
    for job in ("spotify", "names", "ids"):
        runs.hand_over(job, service)
        assert is_held(runs, job, service) is held


def test_a_pause_is_sat_out_by_every_job_that_asks_the_same_service(store, runs):
    until = time.time() + 60
    hear(store, "spotify", OURS, paused_until=until)
    assert paused_until(runs, "names", OURS) == pytest.approx(until)
    assert paused_until(runs, "names", OTHER_APP) == 0.0
    assert (is_held(runs, "names", OURS), is_held(runs, "names", OURS, 10)) == (False, True)


def test_a_wait_stored_by_an_older_version_holds_its_provider(runs):
    runs.set_embargo("spotify", Embargo(time.time() + 3600, "quota", "spotify"))
    assert is_held(runs, "spotify", OURS)
    assert not is_held(runs, "spotify", Service("reccobeats", "api"))


def test_what_was_noted_while_the_clock_was_ahead_holds_nobody(store, runs, monkeypatch):
    weeks_ahead = time.time() + 20 * 86400
    with monkeypatch.context() as patched:
        patched.setattr(time, "time", lambda: weeks_ahead)
        waits = {"paused_until": weeks_ahead + 30, "shut_until": weeks_ahead + 3600}
        hear(store, "spotify", OURS, **waits, shut_because="quota")
        assert is_held(runs, "spotify", OURS)
    assert not is_held(runs, "spotify", OURS)
    assert paused_until(runs, "spotify", OURS) == 0.0
    # A wait that is heard afterwards counts, though it ends sooner.
    hear(store, "spotify", OURS, shut_until=time.time() + 600, shut_because="quota")
    assert is_held(runs, "spotify", OURS)


def test_waits_that_are_forgotten_hold_no_job(store, runs):
    waits = {"paused_until": time.time() + 3600, "shut_until": time.time() + 3600}
    hear(store, "spotify", OURS, **waits, shut_because="quota")
    runs.forget_waits("names", OURS)
    assert not is_held(runs, "spotify", OURS)
    assert paused_until(runs, "spotify", OURS) == 0.0


def ended(*, seconds_ago, outcome="done"):
    now = time.time()
    return Run(1, 1, now - 100, now - seconds_ago, 0, 0, outcome)


@pytest.mark.parametrize(
    ("previous", "wait_s"),
    [
        (None, 0.0),
        ((100, "done"), 0.0),
        ((4, "done"), 6.0),
        # A clock that was set back must not hold anybody for longer than one interval.
        ((-1000, "done"), 10.0),
        # A killed run may have sent its last request after its last commit, so up to just now.
        ((100, None), 10.0),
    ],
)
def test_the_first_request_keeps_its_distance_to_the_last_of_the_run_before(previous, wait_s):
    if previous:
        seconds_ago, outcome = previous
        previous = ended(seconds_ago=seconds_ago, outcome=outcome)
    first = first_wait_s(previous, 0.0, interval_s=10, longest_s=120)
    assert first == pytest.approx(wait_s, abs=0.9)


def test_a_pause_outlives_the_run_that_met_it():
    bounds = {"interval_s": 0.1, "longest_s": 120}
    for previous in (ended(seconds_ago=5, outcome=None), None):
        assert first_wait_s(previous, time.time() + 30, **bounds) == pytest.approx(30, abs=5)
    # A pause is never longer than what may be waited for, whatever the clock says.
    assert first_wait_s(previous, time.time() + 1e6, **bounds) == 120
