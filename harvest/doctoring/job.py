"""Says whether the jobs would get on here and now, and what it takes to finish them."""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from harvest import plan, terms
from harvest.asking.health import WELL_KNOWN
from harvest.database.runs import RunLog
from harvest.doctoring import services
from harvest.doctoring.probing import Answer
from harvest.doctoring.services import Service
from harvest.errors import (
    EXIT_CREDENTIALS,
    EXIT_INPUT,
    EXIT_POSTPONED,
    EXIT_STORAGE,
    CredentialsRefused,
    HarvestError,
    InputError,
    Postponed,
    StorageError,
)
from harvest.machine import surroundings
from harvest.machine.surroundings import Mark, Sign
from harvest.patience import wishes
from harvest.plan import Questions
from harvest.sources.lastfm import LastfmTracks
from harvest.sources.spotify import LARGEST_BATCH, SpotifyFeatures
from harvest.sources.spotify_search import SpotifySearch
from harvest.sources.spotify_tracks import LARGEST_BATCH as NAMES_IN_ONE_REQUEST
from harvest.sources.spotify_tracks import SpotifyNames
from harvest.status.standings import PAUSED, JobStatus, notice, read_status, since_started
from harvest.store import JOBS, RESOLVING, Store
from harvest.worklist import Embargo, Run, Task

LARGEST_SKEW_S = 60.0

_N_PARTS = {
    "spotify": len(SpotifyFeatures.parts),
    "lastfm": len(LastfmTracks.parts),
    "names": len(SpotifyNames.parts),
    "ids": len(SpotifySearch.parts),
}

# What the rows of a track take on the disk, in bytes, where there are none to be measured.
BYTES_A_TRACK = {"spotify": 200.0, "lastfm": 6000.0, "names": 200.0, "ids": 200.0}
_MEASURED = """
    SELECT avg(100
        + (SELECT total(35 + length(tag)) FROM lastfm_tag t WHERE t.spotify_id = k.spotify_id)
        + (SELECT total(40 + length(artist) + length(title)) FROM lastfm_similar s
           WHERE s.spotify_id = k.spotify_id))
    FROM (SELECT spotify_id FROM lastfm_track LIMIT 1000) k
"""

# The worst first: what no waiting mends stands before what it does.
_ENDS: Mapping[int, type[HarvestError]] = {
    EXIT_INPUT: InputError,
    EXIT_STORAGE: StorageError,
    EXIT_CREDENTIALS: CredentialsRefused,
    EXIT_POSTPONED: Postponed,
}


@dataclass(frozen=True, slots=True)
class Means:
    """What a user means to spend.

    Attributes
    ----------
    rates : mapping of job to requests a second
    daily_budget : int or None
        Requests a day, for each job.
    """

    rates: Mapping[str, float]
    daily_budget: int | None = None


@dataclass(frozen=True, slots=True)
class _Memory:
    """What the state says of the jobs; nothing where it cannot be read."""

    statuses: Mapping[str, JobStatus] = field(default_factory=dict)
    runs: Mapping[str, Run | None] = field(default_factory=dict)
    known: Task = WELL_KNOWN
    bytes_a_track: Mapping[str, float] = field(default_factory=lambda: BYTES_A_TRACK)
    questions: Mapping[str, Questions] = field(default_factory=dict)
    stored_bytes: int = 0
    waits: Mapping[str, Embargo] = field(default_factory=dict)

    @property
    def needed_bytes(self) -> int:
        """How much is still to be stored."""
        left = {job: status.counts.pending for job, status in self.statuses.items()}
        return round(sum(n_tracks * self.bytes_a_track[job] for job, n_tracks in left.items()))


def diagnose(state: Path, means: Means, *, clock: Callable[[], float] = time.time) -> list[Sign]:
    """Look at the machine, the state and the services, and at what is left to do.

    Each service that is set up is asked for one track, unless it wanted to be left alone for longer
    than until now. Nothing in `state` is changed.
    """
    signs = [surroundings.versions()]
    ready, not_ready = services.set_up()
    try:
        memory = _remember(state, ready, now=clock())
    except HarvestError as error:
        signs.append(Sign(Mark.BAD, "state", str(error), error.exit_code))
        memory = _Memory()
    signs.append(surroundings.room(state, memory.needed_bytes))
    signs += surroundings.rights([state / "harvest.db", Path(".env")])
    for job, run in memory.runs.items():
        signs += surroundings.harvester(job, run)
    answers, said = _consult(ready, memory, clock)
    signs += [*not_ready, *said, _terms(memory.stored_bytes), _clock(answers.values())]
    return [*signs, *_costs(memory, answers, means)]


def conclude(signs: Sequence[Sign]) -> None:
    """Raise the error that the worst of `signs` stands for; where none is bad, do nothing."""
    bad = [sign for sign in signs if sign.mark is Mark.BAD]
    if bad:
        worst = min(bad, key=lambda sign: list(_ENDS).index(sign.exit_code))
        others = f" (and {len(bad) - 1} more)" if len(bad) > 1 else ""
        raise _ENDS[worst.exit_code](f"{worst.subject}: {worst.text}{others}")


def _remember(state: Path, ready: Sequence[Service], *, now: float) -> _Memory:
    """Read what the state says, beside a running harvester; of services, those that are `ready`."""
    store = Store.peek(state)
    if store is None:
        return _Memory(read_status(state))
    with store:
        statuses = read_status(state)
        (measured,) = store.one(_MEASURED) or (None,)
        return _Memory(
            statuses,
            {job: RunLog(store).last(job) for job in (*JOBS, *RESOLVING)},
            store.some_done("spotify") or WELL_KNOWN,
            BYTES_A_TRACK | ({"lastfm": measured} if measured else {}),
            {job: store.questions(job) for job in statuses if store.has_job(job)},
            store.stored_bytes(LastfmTracks.job),
            _waits(ready, RunLog(store), now=now),
        )


def _waits(ready: Sequence[Service], runs: RunLog, *, now: float) -> dict[str, Embargo]:
    """Return what each service asked for that wants to be left alone, whichever job was told so."""
    waits: dict[str, Embargo] = {}
    for service in ready:
        job, asked = service.source.job, service.asked
        wait = wishes.longest_wait(runs, job, asked, PAUSED, longest_s=0.0, now=now)
        waits |= {service.name: wait} if wait else {}
    return waits


def _consult(
    ready: Sequence[Service], memory: _Memory, clock: Callable[[], float]
) -> tuple[dict[str, Answer], list[Sign]]:
    """Ask the services that may be asked; return their answers, and what to make of them."""
    has_other = any(service.name == "Spotify" for service in ready)
    needed = {each.name for each in ready if not (each.name == "ReccoBeats" and has_other)}
    closed = [service for service in ready if service.name in memory.waits]
    asked = [service for service in ready if service.name not in memory.waits]
    signs = [_left_alone(each, memory, is_needed=each.name in needed) for each in closed]
    answers = asyncio.run(services.ask(asked, memory.known, clock=clock))
    for name, answer in answers.items():
        signs.append(services.judge(name, answer, is_needed=name in needed))
    return answers, signs


def _left_alone(service: Service, memory: _Memory, *, is_needed: bool) -> Sign:
    """Say why a service is not asked."""
    text = f"not asked: {notice(service.source.job, memory.waits[service.name])}"
    if not is_needed:
        return Sign(Mark.NOTE, service.name, text)
    return Sign(Mark.BAD, service.name, text, EXIT_POSTPONED)


def _clock(answers: Iterable[Answer]) -> Sign:
    """Compare this machine's time with that of the services."""
    ahead = [answer.ahead_s for answer in answers if answer.ahead_s is not None]
    if not ahead:
        return Sign(Mark.NOTE, "clock", "not compared: no service named its time")
    worst = max(ahead, key=abs)
    if abs(worst) <= LARGEST_SKEW_S:
        return Sign(Mark.GOOD, "clock", f"within {max(abs(worst), 1):.0f} s of the services'")
    side = "ahead of" if worst > 0 else "behind"
    text = f"{plan.duration(abs(worst))} {side} the services'; set it, or waits end at a wrong time"
    return Sign(Mark.NOTE, "clock", text)


def _costs(memory: _Memory, answers: Mapping[str, Answer], means: Means) -> list[Sign]:
    """Say for each job what it takes to finish it."""
    sizes = {
        "spotify": _batch_size(answers),
        "lastfm": LastfmTracks.batch_size,
        "names": NAMES_IN_ONE_REQUEST,
        "ids": SpotifySearch.batch_size,
    }
    signs, since = [], since_started(memory.statuses)
    for job, status in memory.statuses.items():
        left = _left(memory, job, status)
        n_requests = plan.requests_for(left.parts, batch_size=sizes[job])
        text = _cost(left.tasks, n_requests, _rate(means, job), means.daily_budget)
        mark = Mark.NOTE if job in since else Mark.GOOD
        told = "; ".join(filter(None, (text, since.get(job))))
        signs.append(Sign(mark, f"{job}, to finish", told))
    return signs


def _left(memory: _Memory, job: str, status: JobStatus) -> Questions:
    """Return what is to be asked, also of tracks of which there are no tasks yet."""
    known = memory.questions.get(job)
    n_without = status.n_new if known else status.counts.pending
    tasks, parts = (known.tasks, known.parts) if known else (0, 0)
    return Questions(tasks + n_without, parts + n_without * _N_PARTS[job])


def _rate(means: Means, job: str) -> float:
    return means.rates["spotify" if job in RESOLVING else job]


def _terms(stored_bytes: int) -> Sign:
    """Say what last.fm's terms are, and how much of its data is stored."""
    mark = Mark.NOTE if stored_bytes > terms.LASTFM_BYTES else Mark.GOOD
    stored = terms.megabytes(stored_bytes)
    text = f"{terms.LASTFM}; {stored} are. `harvest lastfm --max-bytes 100MB` keeps to it"
    return Sign(mark, "last.fm's terms", text)


def _batch_size(answers: Mapping[str, Answer]) -> int:
    """Return how many tracks one request for audio features takes, of whoever answers."""
    sizes = [
        answers[name].batch_size
        for name in ("Spotify", "ReccoBeats")
        if name in answers and answers[name].error is None
    ]
    return sizes[0] if sizes else LARGEST_BATCH


def _cost(n_tracks: int, n_requests: int, rate: float, daily_budget: int | None) -> str:
    if not n_tracks:
        return "nothing is pending"
    seconds = plan.seconds_for(n_requests, rate=rate, daily_budget=daily_budget)
    return (
        f"tracks: {n_tracks:,}; requests: about {n_requests:,}; "
        f"time: {plan.duration(seconds)} at {plan.limits(rate, daily_budget)}"
    )
