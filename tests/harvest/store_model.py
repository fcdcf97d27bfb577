"""What `harvest.db` should hold after each step, in plain Python: no SQL, no files."""

from dataclasses import dataclass, field

from harvest.store import FROM_THE_START
from harvest.worklist import MAX_ATTEMPTS

N_PARTS = {"spotify": 1, "lastfm": 3}
FOR_EVER = 1e12


@dataclass
class ModelTask:
    """What the resume log should say of one track."""

    seq: int
    state: str = "pending"
    parts: int = 0
    attempts: int = 0
    next_at: float = 0.0
    error: str | None = None
    provider: str | None = None

    def open_again(self):
        self.state, self.attempts, self.next_at = "pending", 0, 0.0
        self.error = self.provider = None


@dataclass
class ModelJob:
    """What should be remembered of one job."""

    tables: tuple | None = None
    tasks: dict = field(default_factory=dict)
    run: tuple | None = None  # settled, requests, outcome
    requests: int = 0
    wishes: tuple = (None, None)  # embargo, address that refuses batches
    paused_until: float = 0.0
    asked_last: str | None = None  # which provider

    def pending(self, before=FOR_EVER, after=FROM_THE_START):
        """The tracks to ask for, in order."""
        waiting = {i: t for i, t in self.tasks.items() if t.state == "pending" and t.seq >= 0}
        keys = {(t.next_at, t.seq): i for i, t in waiting.items()}
        return [keys[key] for key in sorted(keys) if key > after and key[0] <= before]

    def settled(self):
        return {i for i, t in self.tasks.items() if t.state != "pending"}


class Model:
    """The whole database, without SQL."""

    def __init__(self):
        self.jobs = {"spotify": ModelJob(), "lastfm": ModelJob()}
        self.names = {}
        self.features = {}  # spotify_id -> value, provider
        self.lastfm = {"lastfm_track": {}, "lastfm_tag": {}, "lastfm_similar": {}}

    def add_tasks(self, job, ids, names):
        job_, old = self.jobs[job], self.jobs[job].tasks
        if job_.tables == (ids, names):
            return
        job_.tables = ids, names
        job_.asked_last = None  # tracks that come back may be news to it
        self._rename(job, {i: (str(names), i) for i in ids})
        for task in old.values():
            task.seq = -1
        for seq, i in enumerate(ids):
            task = old.setdefault(i, self._new_task(job, i))
            task.seq = seq
        job_.tasks = {i: t for i, t in old.items() if t.seq >= 0 or self._has_something(job, i, t)}

    def _rename(self, job, names):
        """Take up names, but not those of tracks that last.fm was asked for by others."""
        asked_for = self.jobs["lastfm"].tasks
        for i, name in names.items():
            task, is_new = asked_for.get(i), self.names.get(i) != name
            if not task or (is_new and job == "lastfm" and not task.parts):
                self.names[i] = name
                if task:
                    task.open_again()

    def _has_something(self, job, i, task):
        return task.state != "pending" or task.parts or (job == "spotify" and i in self.features)

    def _new_task(self, job, i):
        if job == "spotify" and i in self.features:
            return ModelTask(-1, state="done", provider=self.features[i][1])
        return ModelTask(-1)

    def received(self, job, i, part, *, provider, value):
        task = self.jobs[job].tasks[i]
        if job == "spotify":
            self.features[i] = value, provider
        else:
            list(self.lastfm.values())[part][i] = value
        task.open_again()
        task.parts |= 2**part
        if task.parts == 2 ** N_PARTS[job] - 1:
            task.state, task.provider = "done", provider

    def unanswered(self, job, i, state, *, provider):
        """Settle a task without rows; those of another provider keep a Spotify task done."""
        task = self.jobs[job].tasks[i]
        is_kept = job == "spotify" and i in self.features
        task.next_at = 0.0
        task.attempts = 0 if state == "missing" else task.attempts + 1
        task.state, task.provider, task.error = state, provider, state
        if is_kept:
            task.state, task.provider, task.error = "done", self.features[i][1], None
            task.attempts, task.parts = 0, task.parts | 2

    def failed(self, job, i, *, provider, now):
        task = self.jobs[job].tasks[i]
        if task.attempts + 1 == MAX_ATTEMPTS:
            self.unanswered(job, i, "dead", provider=provider)
            task.error = "failed" if task.state == "dead" else None
        else:
            task.attempts += 1
            task.next_at, task.error = round(now + 2 ** (task.attempts - 1), 3), "failed"

    def import_features(self, items, *, provider, overwrite):
        self.names = {i: ("", "") for i, _ in items} | self.names
        n_stored, before = 0, dict(self.features)
        for i, value in items:
            if overwrite or before.get(i, (0, provider))[1] == provider:
                self.features[i] = value, provider
                task = self.jobs["spotify"].tasks.setdefault(i, ModelTask(-1))
                task.open_again()
                task.state, task.parts, task.provider = "done", 1, provider
                n_stored += 1
        return n_stored
