"""A store that is worked on in any order, crashes included, agrees with a model in plain Python."""

import copy
import shutil
import tempfile
from contextlib import closing, nullcontext
from pathlib import Path

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from harvest import worklist
from harvest.database.runs import RunLog
from harvest.errors import StateInUse, StorageError
from harvest.records import SimilarTrack, Tag, TrackInfo
from harvest.store import FROM_THE_START, Store
from harvest.worklist import (
    FIRST_RETRY_S,
    MAX_ATTEMPTS,
    Change,
    Commit,
    Counts,
    Embargo,
    State,
    Tally,
)
from tests.harvest.fakes import ID, record
from tests.harvest.store_model import FOR_EVER, N_PARTS, Model

PAGE = 3
NAMES = ("state", "parts", "attempts", "next_at", "error", "provider", "seq")

jobs = st.sampled_from(list(N_PARTS))
tracks = st.integers(0, 7).map(ID)
values = st.integers(0, 9)
tables = st.lists(tracks, min_size=3, max_size=8, unique=True)
providers = st.sampled_from(["spotify", "reccobeats"])
answers = st.lists(
    st.tuples(
        st.integers(0, 99),  # which of the tasks in flight
        st.sampled_from(["received", "received", "failed", "failed", "missing", "dead"]),
        st.integers(1, 3),  # parts received
        values,
    ),
    min_size=2,
    max_size=8,
)


idle = precondition(lambda self: not any(self.in_flight.values()))
busy = precondition(lambda self: any(self.in_flight.values()))


class StoreMachine(RuleBasedStateMachine):
    """Does what the jobs do, in any order, and compares after every step."""

    def __init__(self):
        super().__init__()
        self.folders = [Path(tempfile.mkdtemp(prefix="store-"))]
        self.model, self.now = Model(), 1_700_000_000.123456
        self.seen_settled = {job: set() for job in N_PARTS}
        self.asked = {job: job for job in N_PARTS}
        self._open()

    def _open(self):
        self.store = Store.open(self.folders[-1])
        self.runs, self.run_ids = RunLog(self.store), {}
        self._start_again()

    def teardown(self):
        self.store.close()
        for folder in self.folders:
            shutil.rmtree(folder)

    def _start_again(self):
        """Forget what is in flight, as whatever begins anew does."""
        self.in_flight = {job: [] for job in N_PARTS}
        self.passed = {job: set() for job in N_PARTS}
        self.sweep = dict.fromkeys(N_PARTS, (self.now, FROM_THE_START))

    # -- what a job's start does --------------------------------------------------------------

    @initialize(ids=st.permutations([ID(i) for i in range(6)]))
    def begin_both_jobs(self, ids):
        for job in N_PARTS:
            self.add_tasks(job, ids, 0, breaks_off=False)

    @idle
    @rule(job=jobs, ids=tables, names=values, breaks_off=st.booleans())
    def add_tasks(self, job, ids, names, breaks_off):
        """Take up tables, which may turn out to be unreadable half-way."""

        def pages():
            rows = [(i, str(names), i) for i in ids]
            yield rows[:PAGE]
            if breaks_off:
                raise OSError("unreadable")
            yield rows[PAGE:]

        is_known = self.model.jobs[job].tables == (ids, names)
        with pytest.raises(StorageError) if breaks_off and not is_known else nullcontext():
            self.store.add_tasks(job, pages(), fingerprint=f"{ids} {names}")
        if not breaks_off:
            self.model.add_tasks(job, ids, names)
        self._let_return(job)  # what was said of other names is forgotten

    @precondition(lambda self: len(self.run_ids) < 2 and not any(self.in_flight.values()))
    @rule(job=jobs)
    def begin_run(self, job):
        self.run_ids[job] = self.runs.begin(job)
        self.model.jobs[job].run = (0, 0, None)
        self._start_again()

    @precondition(lambda self: self.run_ids and not any(self.in_flight.values()))
    @rule(outcome=st.sampled_from(["done", "Postponed"]))
    def end_run(self, outcome):
        job, run_id = self.run_ids.popitem()
        self.runs.end(run_id, outcome)
        self.model.jobs[job].run = (*self.model.jobs[job].run[:2], outcome)

    @idle
    @rule(provider=providers, overwrite=st.booleans())
    def reopen(self, provider, overwrite):
        states = {"missing", "dead", "done"} if overwrite else {"missing", "dead"}
        job = self.model.jobs["spotify"]
        in_vain = 2 if job.asked_last == provider else 0  # what was asked for in vain
        tasks = [t for t in job.tasks.values() if t.seq >= 0 and not t.parts & in_vain]
        found = [t for t in tasks if t.state in states and t.provider != provider]
        assert self.store.reopen("spotify", provider=provider, overwrite=overwrite) == len(found)
        for task in found:
            task.open_again()
            task.parts = 0
        self.asked["spotify"] = provider
        if job.tables is not None:
            job.asked_last = provider
        self._let_return("spotify")

    @idle
    @rule(job=jobs)
    def retry_dead(self, job):
        tasks = self.model.jobs[job].tasks.values()
        found = [t for t in tasks if t.state == "dead" and t.seq >= 0]
        assert self.store.retry_dead(job) == len(found)
        for task in found:
            task.open_again()
        self._let_return(job)

    def _let_return(self, job):
        self.seen_settled[job] = self.model.jobs[job].settled()
        self._start_again()

    @idle
    @rule(
        items=st.lists(st.tuples(tracks, values), max_size=4),
        provider=st.sampled_from(["mine", "reccobeats"]),
        overwrite=st.booleans(),
    )
    def import_features(self, items, provider, overwrite):
        records = [features(i, value) for i, value in items]
        options = {"provider": provider, "overwrite": overwrite}
        n_stored = self.model.import_features(items, **options)
        assert self.store.import_features(records, **options) == n_stored
        self._start_again()

    @idle
    @rule(job=jobs, until=st.sampled_from([0.0, 5.0]), address=st.sampled_from([None, "there"]))
    def remember_what_the_service_wants(self, job, until, address):
        self.runs.set_embargo(job, Embargo(until, "quota"))
        self.runs.set_single_at(job, address)
        if self.model.jobs[job].tables is not None:
            embargo = Embargo(until, "quota") if until else None
            self.model.jobs[job].wishes = embargo, address

    # -- what a run does ----------------------------------------------------------------------

    @rule(seconds=st.sampled_from([0.5, 1.0, 2.0, 8.0]))
    def let_time_pass(self, seconds):
        self.now += seconds

    def _take_page(self, job):
        """Go on with a sweep, or begin the next one where nothing is left of it."""
        before, after = self.sweep[job]
        page = self.store.due(job, before=before, after=after, limit=PAGE)
        expected = self.model.jobs[job].pending(before, after)[:PAGE]
        assert [task.spotify_id for task in page] == expected
        assert not self.passed[job] & set(expected)
        self.passed[job] |= set(expected)
        self.in_flight[job] += page
        if page:
            self.sweep[job] = before, (page[-1].next_at, page[-1].seq)
        elif not self.in_flight[job]:
            self.sweep[job], self.passed[job] = (self.now, FROM_THE_START), set()

    @rule(job=jobs, chosen=answers, together=st.booleans())
    def commit(self, job, chosen, together):
        self._take_page(job)
        provider = self.asked[job]
        commits = self._answer(job, chosen, provider)
        if together:
            changes = [change for commit in commits for change in commit.changes]
            commits = [Commit(changes, [r for commit in commits for r in commit.records])]
        self._commit(job, commits, provider, paused_until=chosen[0][-1])

    @rule(which=st.lists(st.integers(0, 5), min_size=3, max_size=9), n_before=st.integers(0, 3))
    def receive_part_by_part(self, which, n_before):
        """Commit twice; the second commit may hold several parts of one track, of others fewer."""
        self._take_page("lastfm")
        chosen = [(number, "received", 1, 0) for number in which]
        for some in (chosen[:n_before], chosen[n_before:]):
            self._commit("lastfm", self._answer("lastfm", some, "lastfm"), "lastfm")

    @idle
    @rule(job=jobs, times=st.integers(1, 5))
    def fail_again_and_again(self, job, times):
        for _ in range(times):
            self.now += FIRST_RETRY_S * 2**MAX_ATTEMPTS
            self._take_page(job)
            chosen = [(0, "failed", 1, 0)] * len(self.in_flight[job])
            self._commit(job, self._answer(job, chosen, self.asked[job]), self.asked[job])
            self._take_page(job)

    @busy
    @rule(chosen=answers, broken=st.sampled_from(["task", "row"]))
    def commit_in_vain(self, chosen, broken):
        """Fail at the last row or task: nothing of it may remain."""
        job = "spotify" if self.in_flight["spotify"] else "lastfm"
        good, task = self._answer(job, chosen, job, is_kept=False), self.in_flight[job][-1]
        state = "no such state" if broken == "task" else State.DONE
        row = TrackInfo(
            spotify_id=task.spotify_id,
            artist=None if broken == "row" else "a",
            title="t",
            listeners=0,
            playcount=0,
        )
        broken = Commit([Change([task], state, 1)], [row])
        with pytest.raises(StorageError):
            self.store.commit(job, [*good, broken], provider="x", run_id=1, tally=Tally(sent=9))

    @rule(job=jobs, chosen=answers, statement=st.integers(1, 12))
    def crash_in_commit(self, job, chosen, statement):
        """Go on with the files as they were before that statement, or after the last one."""
        self._take_page(job)
        provider = self.asked[job]
        is_cut = []

        def cut(_sql):
            is_cut.append(len(is_cut) + 1 == statement)
            if is_cut[-1]:
                self._copy_files()

        before = copy.deepcopy(self.model)
        self.store._db.set_trace_callback(cut)
        self._commit(job, self._answer(job, chosen, provider), provider)
        self.store._db.set_trace_callback(None)
        if any(is_cut):
            self.model = before
            self.seen_settled = {name: before.jobs[name].settled() for name in N_PARTS}
        else:
            self._copy_files()
        self.store.close()
        self._open()

    @busy
    @rule(is_killed=st.booleans())
    def stop(self, is_killed):
        if is_killed:
            self._copy_files()
        self.store.close()
        self._open()

    def _copy_files(self):
        """Make another state of the files as a SIGKILL would leave them just now."""
        folder = Path(tempfile.mkdtemp(prefix="store-"))
        for path in self.folders[-1].glob("harvest.*"):
            if not path.name.endswith("-shm"):
                shutil.copy(path, folder)
        self.folders.append(folder)

    def _answer(self, job, chosen, provider, *, is_kept=True):
        """Answer some tasks in flight; the model is told unless that is not to be kept."""
        commits, waiting = [], list(self.in_flight[job])
        for which, kind, n_parts, value in chosen:
            if not waiting:
                break
            task = waiting.pop(which % len(waiting))
            options = {"provider": provider, "value": value}
            if is_kept:
                self._tell_model(job, task, kind, n_parts, options)
            if kind == "received":
                commits += received(job, task, n_parts, value)
                waiting += still_lacking(job, commits[-1])
            else:
                settle = getattr(worklist, kind)
                more = {"now": self.now} if kind == "failed" else {}
                commits.append(Commit([settle(task, kind, **more)]))
        if is_kept:
            self.in_flight[job] = waiting
        return commits

    def _tell_model(self, job, task, kind, n_parts, options):
        i, provider = task.spotify_id, options["provider"]
        if kind == "received":
            for part in lacking(job, task)[:n_parts]:
                self.model.received(job, i, part, **options)
        elif kind == "failed":
            self.model.failed(job, i, provider=provider, now=self.now)
        else:
            self.model.unanswered(job, i, kind, provider=provider)

    def _commit(self, job, commits, provider, *, paused_until=0):
        """Commit as part of the run, where one was begun."""
        model, run_id = self.model.jobs[job], self.run_ids.get(job, 0)
        tally = Tally(paused_until=paused_until)
        if run_id:
            settled, requests, outcome = model.run
            settled += sum(c.state != "pending" for commit in commits for c in commit.changes)
            tally.sent = requests + len(commits)
            model.requests += len(commits)
            model.run = settled, tally.sent, outcome
            if model.tables is not None:
                model.paused_until = max(model.paused_until, paused_until)
        self.store.commit(job, commits, provider=provider, run_id=run_id, tally=tally)

    # -- what holds after every step ----------------------------------------------------------

    @invariant()
    def all_is_well(self):
        self._tasks_stand_as_in_the_model()
        self._rows_stand_as_in_the_model()
        self._due_tasks_come_in_order_without_gap_or_overlap()
        self._a_done_task_has_all_its_rows()
        self._nobody_is_tried_too_often()
        self._settled_tasks_do_not_come_back()
        self._runs_and_wishes_are_remembered()
        self._a_reader_beside_it_counts_the_same_and_a_second_writer_is_refused()
        self._a_known_good_task_is_done()

    def _tasks_stand_as_in_the_model(self):
        for job, model in self.model.jobs.items():
            found = dict.fromkeys(model.tasks)
            for i, *columns in self.store.rows(
                f"SELECT spotify_id, {', '.join(NAMES)} FROM task WHERE job = ?", job
            ):
                found[i] = dict(zip(NAMES, columns, strict=True))
            assert found == {i: vars(task) for i, task in model.tasks.items()}

    def _rows_stand_as_in_the_model(self):
        query = "SELECT spotify_id, danceability, provider FROM audio_features"
        found = {i: (round(x * 10), provider) for i, x, provider in self.store.rows(query)}
        assert found == self.model.features
        for table, column in zip(self.model.lastfm, ("playcount", "weight", "match"), strict=True):
            rows = dict(self.store.rows(f"SELECT spotify_id, {column} FROM {table}"))
            scale = 10 if column == "match" else 1
            assert {i: round(x * scale) for i, x in rows.items()} == self.model.lastfm[table]

    def _due_tasks_come_in_order_without_gap_or_overlap(self):
        for job, model in self.model.jobs.items():
            for before in (self.now, FOR_EVER):
                assert self._paged(job, before) == model.pending(before)
            waits = [model.tasks[i].next_at for i in model.pending()]
            assert self.store.next_due_at(job) == min(waits, default=None)

    def _paged(self, job, before):
        listed, after = [], FROM_THE_START
        while page := self.store.due(job, before=before, after=after, limit=PAGE):
            for task in page:
                if job == "lastfm":  # Spotify is asked by id
                    assert (task.artist, task.title) == self.model.names[task.spotify_id]
            listed += [task.spotify_id for task in page]
            assert len(listed) == len(set(listed))
            after = page[-1].next_at, page[-1].seq
        return listed

    def _a_done_task_has_all_its_rows(self):
        lacking_rows = """
            SELECT 1 FROM task WHERE state = 'done' AND CASE job
            WHEN 'spotify' THEN spotify_id NOT IN (SELECT spotify_id FROM audio_features)
            ELSE parts != 7 OR spotify_id NOT IN (
                SELECT spotify_id FROM lastfm_track INTERSECT SELECT spotify_id FROM lastfm_tag
                INTERSECT SELECT spotify_id FROM lastfm_similar) END
        """
        assert self.store.one(lacking_rows) is None

    def _nobody_is_tried_too_often(self):
        query = "SELECT max(attempts), max((state = 'pending') * attempts) FROM task"
        most, most_pending = self.store.one(query)
        assert (most or 0) <= MAX_ATTEMPTS
        assert (most_pending or 0) < MAX_ATTEMPTS

    def _settled_tasks_do_not_come_back(self):
        for job, seen in self.seen_settled.items():
            settled = set(self.store.settled_ids(job))
            assert seen <= settled
            self.seen_settled[job] = settled

    def _runs_and_wishes_are_remembered(self):
        for job, model in self.model.jobs.items():
            run = self.runs.last(job)
            assert (run and (run.settled, run.requests, run.outcome)) == model.run
            days = self.store.one("SELECT sum(requests) FROM day WHERE job = ?", job)
            assert (days[0] or 0) == model.requests
            assert (self.runs.embargo(job), self.runs.single_at(job)) == model.wishes
            assert self.runs.paused_until(job) == model.paused_until

    def _a_reader_beside_it_counts_the_same_and_a_second_writer_is_refused(self):
        with closing(Store.peek(self.folders[-1])) as reader:
            for job, model in self.model.jobs.items():
                states = [task.state for task in model.tasks.values() if task.seq >= 0]
                counts = Counts(**{state: states.count(state) for state in set(states)})
                assert reader.counts(job) == self.store.counts(job) == counts
        with pytest.raises(StateInUse):
            Store.open(self.folders[-1])

    def _a_known_good_task_is_done(self):
        for job, model in self.model.jobs.items():
            good = {i for i, task in model.tasks.items() if task.state == "done"}
            known = self.store.some_done(job)
            assert (known.spotify_id if known else None) in (good or {None})


def features(spotify_id, value):
    return msgspec.structs.replace(record(spotify_id), danceability=value / 10)


def lacking(job, task):
    return [part for part in range(N_PARTS[job]) if not task.parts >> part & 1]


def still_lacking(job, commit):
    """The task of a commit, if more is to be asked of it."""
    (change,) = commit.changes
    task = msgspec.structs.replace(change.tasks[0], parts=change.parts, attempts=0)
    return [task] if lacking(job, task) else []


def received(job, task, n_parts, value):
    """One commit a part, in order, as the engine makes them."""
    i, commits = task.spotify_id, []
    rows = [
        TrackInfo(spotify_id=i, artist="a", title="t", listeners=1, playcount=value),
        Tag(i, "rock", value),
        SimilarTrack(i, "a", "t", value / 10),
    ]
    for part in lacking(job, task)[:n_parts]:
        change = worklist.part_done([task], part, wanted=2 ** N_PARTS[job] - 1)
        commits.append(Commit([change], [features(i, value) if job == "spotify" else rows[part]]))
        task = msgspec.structs.replace(task, parts=change.parts, attempts=0)
    return commits


class TestStore(StoreMachine.TestCase):
    settings = settings(
        max_examples=50, stateful_step_count=50, deadline=None, report_multiple_bugs=False
    )


@pytest.mark.soak
class TestStoreAtLength(StoreMachine.TestCase):
    settings = settings(max_examples=2000, stateful_step_count=60, deadline=None, derandomize=False)
