import signal
import time
from dataclasses import replace
from types import SimpleNamespace

import pytest

from harvest.database.runs import RunLog, day_of
from harvest.errors import InputError, Interrupted, Postponed
from harvest.jobs import running
from harvest.jobs.running import Job, JobOptions, Report, add_tasks, run
from harvest.patience.budget import next_midnight
from harvest.sources.spotify import SpotifyFeatures
from harvest.worklist import LONGEST_WAIT_S, Counts, Embargo, Run, Tally
from tests.harvest.fakes import QuietProgress

NOBODY = SimpleNamespace(
    job="spotify", batch_size=100, parts=("features",), provider="spotify", address="https://api/v1"
)


def job(progress, **options):
    return Job(NOBODY, lambda sender: sender, JobOptions(rate=10, **options), progress)


class EndingLate(QuietProgress):
    """Gets a SIGTERM once all has been asked for, or just before anything is."""

    def __init__(self, moment):
        super().__init__()
        self.moment = moment

    def _at(self, moment):
        if moment == self.moment:
            signal.raise_signal(signal.SIGTERM)

    def start(self, job, counts):
        self._at("the start")

    def close(self, outcome=None):
        self._at("the end")


@pytest.fixture
def sigterm_as_error():
    """As the program has it where no event loop listens for signals."""

    def interrupt(number, _frame):
        raise Interrupted(number)

    before = signal.signal(signal.SIGTERM, interrupt)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.mark.parametrize(("moment", "outcome"), [("the start", "Interrupted"), ("the end", "done")])
def test_a_run_that_is_stopped_where_nothing_is_under_way_has_ended_all_the_same(
    moment, outcome, store, sigterm_as_error
):
    with store.transaction() as db:
        db.execute("UPDATE task SET state = 'done'")
    source = SpotifyFeatures("http://127.0.0.1:9/v1")
    options = JobOptions(rate=10, daily_budget=100)
    with pytest.raises(Interrupted):
        run(Job(source, lambda sender: sender, options, EndingLate(moment)), store)
    assert RunLog(store).last("spotify").outcome == outcome
    assert RunLog(store).sent_on("spotify", day_of(time.time())) == 0  # nothing stays reserved


def test_without_tables_there_are_no_tasks(store, tmp_path):
    with pytest.raises(InputError, match="harvest mpd PATH"):
        add_tasks(store, "spotify", tmp_path)


@pytest.mark.parametrize(
    ("changes", "is_idle"),
    [
        ({}, True),
        ({"n_asked": 1}, False),  # by nothing but its lack of names, without a request
        ({"run": Run(1, 1, 0, 9, 0, 1, "done")}, False),
        ({"counts": Counts(missing=3, pending=1)}, False),
        ({"ended_by": Postponed("later")}, False),
    ],
)
def test_a_run_was_idle_that_had_nothing_to_ask_for(changes, is_idle):
    report = Report("ids", Counts(missing=3), Run(1, 1, 0, 9, 0, 0, "done"), None, 0)
    assert replace(report, **changes).is_idle is is_idle


def note_pause(store, seconds):
    """As a run that was stopped, or killed, while it sat out a pause."""
    run_id = RunLog(store).begin("spotify")
    tally = Tally(paused_until=time.time() + seconds)
    store.commit("spotify", [], provider="spotify", run_id=run_id, tally=tally)


def test_a_pause_of_the_run_before_that_is_longer_than_allowed_puts_the_job_off(store, progress):
    note_pause(store, 3600)
    with pytest.raises(Postponed, match=r"longer wait than --max-wait 3; nothing is sent before"):
        run(job(progress, max_wait_s=3), store)
    assert RunLog(store).last("spotify").run_id == 1
    # The job gets as far as asking a source that is none.
    with pytest.raises(AttributeError):
        run(job(progress, max_wait_s=7200), store)


def test_a_pause_noted_while_the_clock_was_years_ahead_puts_nothing_off(store, progress):
    note_pause(store, 70 * 365 * 86400)
    with pytest.raises(AttributeError):  # as above
        run(job(progress, max_wait_s=3), store)


def test_a_patient_job_sits_such_a_pause_out(store, progress, monkeypatch):
    note_pause(store, 3600)
    waits = []

    def sit_out(until, reason, *, progress):
        waits.append(until.timestamp() - time.time())
        raise KeyboardInterrupt  # it was not meant to wait till then

    monkeypatch.setattr(running.waiting, "sit_out", sit_out)
    with pytest.raises(KeyboardInterrupt):
        run(job(progress, max_wait_s=3, is_patient=True), store)
    assert waits == [pytest.approx(3600, abs=9)]


def test_a_spent_budget_starts_nothing_and_says_until_when(store, progress):
    run_id = RunLog(store).begin("spotify")
    store.commit("spotify", [], provider="spotify", run_id=run_id, tally=Tally(sent=5))
    with pytest.raises(Postponed, match="daily budget of 5 requests is used up; nothing is sent"):
        run(job(progress, daily_budget=5), store)
    assert RunLog(store).embargo("spotify") is None
    assert RunLog(store).sent_on("spotify", day_of(time.time())) == 5


def test_a_patient_job_waits_for_midnight(store, progress, monkeypatch):
    run_id = RunLog(store).begin("spotify")
    store.commit("spotify", [], provider="spotify", run_id=run_id, tally=Tally(sent=5))
    waits = []

    def sit_out(until, reason, *, progress):
        waits.append((until, reason))
        raise KeyboardInterrupt  # it was not meant to wait till then

    monkeypatch.setattr(running.waiting, "sit_out", sit_out)
    with pytest.raises(KeyboardInterrupt):
        run(job(progress, daily_budget=5, is_patient=True), store)
    ((until, reason),) = waits
    assert until == next_midnight(time.time())
    assert "used up; waiting until 20" in reason


def test_one_provider_s_embargo_does_not_hold_another_back(store, progress):
    tomorrow = time.time() + 86400
    RunLog(store).set_embargo("spotify", Embargo(tomorrow, "ReccoBeats's quota", "reccobeats"))
    # The job gets as far as asking a source that is none.
    with pytest.raises(AttributeError):
        run(job(progress), store)
    RunLog(store).set_embargo("spotify", Embargo(tomorrow, "Spotify's quota", "spotify"))
    with pytest.raises(Postponed, match="Spotify's quota; nothing is sent before 20"):
        run(job(progress), store)


def test_a_wait_can_be_forgotten_and_the_message_says_how(store, progress):
    RunLog(store).set_embargo("spotify", Embargo(time.time() + 86400, "quota"))
    way_out = "should that wait be wrong, --ignore-wait forgets it"
    with pytest.raises(Postponed, match=f"with --wait; {way_out}$"):
        run(job(progress), store)
    with pytest.raises(AttributeError):  # it gets as far as asking
        run(job(progress, ignores_waits=True), store)
    with pytest.raises(AttributeError):  # and so does the next one
        run(job(progress), store)


def test_a_wait_noted_while_the_clock_was_years_ahead_does_not_close_a_job_for_years(
    store, progress
):
    RunLog(store).set_embargo("spotify", Embargo(time.time() + 70 * 365 * 86400, "quota"))
    with pytest.raises(AttributeError):  # as above
        run(job(progress), store)


def test_the_longest_wait_holds_where_the_clock_was_set_back_since(store, progress):
    set_back_s = 7200
    until = time.time() + set_back_s + LONGEST_WAIT_S
    RunLog(store).set_embargo("spotify", Embargo(until, "quota"))
    with pytest.raises(Postponed, match="nothing is sent before 20"):
        run(job(progress), store)
