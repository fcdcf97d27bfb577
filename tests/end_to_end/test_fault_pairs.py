"""Every fault profile alone and every two at once: each task ends in its right state.

What is right follows from what the profiles do, as their table in
`harvest.emulator.faults.injector` says, and from what the harvester promises: it is never read off
a run. Time passes quickly here, see `tests.end_to_end.quick_time`; all else is real.
"""

import itertools
import multiprocessing
import os
import random
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import pytest

from harvest.emulator.faults.injector import KINDS
from harvest.emulator.faults.lies import is_chosen
from tests.end_to_end import fault_runs, quick_time
from tests.end_to_end.fault_runs import Combination

N_SAMPLED = 12
WORKERS = 2 * (os.cpu_count() or 1)  # they wait for most of their time

# Greater shares than the profiles' own, for few requests; seconds that make a job wait.
NUMBERS = {
    "quota": 5_000.0,  # a quota that names no time is waited for in steps of an hour: twice
    "long-retry-after": 600.0,
    "outage": 30.0,  # longer than all tries of one request
    "slow": 2.0,
    "expired-token": 1.0,
    "null-ids": 0.1,
}
SHARE = 0.3
CONCERNED = {
    "spotify": {"spotify", "token"},
    "spotify one by one": {"spotify", "token"},
    "reccobeats": {"reccobeats"},
    "lastfm": {"lastfm"},
}
WITHOUT_EFFECT = {
    "spotify": set(),
    "spotify one by one": {"forbidden-batch", "short-batch", "reordered"},
    # ReccoBeats leaves out what it does not know: a short batch is how it says so.
    "reccobeats": {"short-batch"},
    "lastfm": set(),
}
# What is asked for again without being held against any track, however often it strikes ...
BLAMELESS = {
    "forbidden",
    "forbidden-batch",
    "quota",
    "long-retry-after",
    "outage",
    "expired-token",
    "rate-limit",
    "slow",
    "lastfm-29",
    "lastfm-control",
    "reordered",
    "null-ids",
}
# ... and what costs one of a request's five tries, of which it can take two.
LOUD = {
    "flaky-5xx",
    "drop-connection",
    "truncated",
    "html-200",
    "lastfm-8",
    "lastfm-11",
    "lastfm-16",
    "lastfm-bomb",
    "lastfm-number",
}
TAKES_THE_OTHER_TRIES = {"outage", "poison-id"}


@dataclass(frozen=True, slots=True)
class Bench:
    """Where combinations are run: processes of quick time, and the tables of a small catalogue."""

    pool: ProcessPoolExecutor
    tables: object
    tracks: list

    def run(self, combinations):
        """Run all; yield each with its outcome."""
        running = [self.pool.submit(fault_runs.run, each, self.tables) for each in combinations]
        for combination, future in zip(combinations, running, strict=True):
            yield combination, future.result()


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    folder = tmp_path_factory.mktemp("small")
    tracks = fault_runs.make_tables(folder)
    with ProcessPoolExecutor(
        WORKERS,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=quick_time.begin,
    ) as pool:
        yield Bench(pool, folder / "tables", tracks)


@pytest.fixture(scope="module")
def undisturbed(bench):
    """What each job stores where nothing goes wrong."""
    alone = [Combination(job) for job in CONCERNED]
    return {combination.job: outcome.rows for combination, outcome in bench.run(alone)}


def profiles_for(job):
    """The profiles that concern a job, in the order of their table."""
    return [
        name
        for name, kind in KINDS.items()
        if kind.make(kind.number).services & CONCERNED[job] and name not in WITHOUT_EFFECT[job]
    ]


def of(job, *names):
    return Combination(job, tuple((name, NUMBERS.get(name, SHARE)) for name in names))


def singles(job):
    return [of(job, name) for name in profiles_for(job)]


def pairs(job):
    return [of(job, *two) for two in itertools.combinations(profiles_for(job), 2)]


def faults_found(combination, outcome, tracks, undisturbed):
    """Say in what an outcome is not as it has to be."""
    return [
        *wrong_ends(combination, outcome),
        *wrong_states(combination, outcome, [track[0] for track in tracks]),
        *wrong_rows(outcome, undisturbed),
        *wrong_charges(combination, outcome, tracks),
        *(f"not whole: {check}" for check in outcome.broken),
    ]


def wrong_ends(combination, outcome):
    """A refusal ends a job; a long wait puts it off; all else ends with everything done."""
    *put_off, last = outcome.ends
    exit_codes = [end.exit_code for end in outcome.ends]
    if combination.has("forbidden"):
        if exit_codes != [77]:
            yield f"refused, and ended with {exit_codes}: {last.words}"
        return
    if last.exit_code != 0:
        yield f"ended with {last.exit_code}: {last.words}"
    if bool(put_off) != combination.has("quota", "long-retry-after"):
        yield f"put off {len(put_off)} times"
    for end in put_off:
        if end.wait_s <= 0:
            yield f"put off without a time: {end.words}"
        if not any(state == "pending" for state, *_ in end.tasks.values()):
            yield "put off with nothing left to do"


def wrong_states(combination, outcome, ids):
    """Whatever passes leaves no trace; the dead are those that no request may hold."""
    right = right_states(combination, ids)
    for number, end in enumerate(outcome.ends):
        is_last = number == len(outcome.ends) - 1
        if end.tasks.keys() != right.keys():
            yield "tasks were lost or came from nowhere"
        for spotify_id, (state, attempts, error) in end.tasks.items():
            wanted = {right[spotify_id]} if is_last else {right[spotify_id], "pending"}
            if state not in wanted:
                yield f"{spotify_id} is {state} after start {number + 1}, not {wanted}: {error}"
            if state in {"dead", "missing"} and not error:
                yield f"{spotify_id} is {state} for no reason"
            if combination.has("forbidden") and attempts:
                yield f"{spotify_id} was charged though nothing was served"


def right_states(combination, ids):
    """The state in which each track has to end."""
    if combination.has("forbidden"):
        return dict.fromkeys(ids, "pending")
    states = dict.fromkeys(ids, "done")
    states |= dict.fromkeys((ids[i] for i in fault_runs.UNKNOWN), "missing")
    if combination.has("null-ids"):
        share = dict(combination.faults)["null-ids"]
        states |= {each: "missing" for each in ids if is_chosen(each, share, "null")}
    if combination.has("poison-id"):
        states |= dict.fromkeys((ids[i] for i in fault_runs.POISONED), "dead")
    return states


def wrong_rows(outcome, undisturbed):
    """Each track that is done has the rows that it has in an undisturbed run; no other has any.

    Last.fm's tracks are done part by part, so that one put off may have some of its rows: but the
    job's last end is looked at, after which none is.
    """
    done = {each for each, (state, *_) in outcome.ends[-1].tasks.items() if state == "done"}
    wanted = {row for row in undisturbed if done.intersection(map(str, row))}
    if wanted != outcome.rows:
        lacking, surplus = wanted - outcome.rows, outcome.rows - wanted
        yield f"{len(lacking)} rows are lacking, {len(surplus)} are too many: {[*surplus][:3]}"


def wrong_charges(combination, outcome, tracks):
    """A track is charged for failures of its own alone: those that struck it, or its poison."""
    poisoned = {tracks[i][0] for i in fault_runs.POISONED if combination.has("poison-id")}
    is_blameless = blames_nobody({name for name, _ in combination.faults})
    most = most_strikes(combination, outcome, tracks)
    for spotify_id, attempts, error in outcome.charges:
        if "limit" in error or "quota" in error:
            yield f"{spotify_id} was charged for a wait: {error}"
        if spotify_id in poisoned:
            continue
        if is_blameless or attempts > most[spotify_id]:
            yield (
                f"{spotify_id} was charged attempt {attempts}, though struck "
                f"{most[spotify_id]} times: {error}"
            )


def blames_nobody(names):
    """Whether no track but a poisonous one can be charged where these strike."""
    allowed = BLAMELESS if names & TAKES_THE_OTHER_TRIES else BLAMELESS | LOUD
    return names - {"poison-id"} <= allowed


def most_strikes(combination, outcome, tracks):
    """How often each track, or one of its parts, was struck by a fault that passes."""
    struck = Counter()
    for key, n in outcome.struck.items():
        _, _, name = key.partition("\t" if combination.job == "lastfm" else " ")
        struck[name] = max(struck[name], n)
    return {
        spotify_id: struck[f"{artist}\t{title}".casefold()] or struck[spotify_id]
        for spotify_id, artist, title in tracks
    }


def run_all(bench, undisturbed, combinations):
    """Run combinations; return the outcome of each, and what was wrong with any."""
    outcomes = dict(bench.run(combinations))
    wrong = {
        str(each): found
        for each, outcome in outcomes.items()
        if (found := faults_found(each, outcome, bench.tracks, undisturbed[each.job]))
    }
    return outcomes, wrong


@pytest.mark.parametrize("job", CONCERNED)
def test_with_any_one_fault_every_task_ends_in_its_right_state(job, bench, undisturbed):
    outcomes, wrong = run_all(bench, undisturbed, singles(job))
    assert len(outcomes) >= 12
    assert wrong == {}


def test_with_two_faults_at_once_every_task_ends_in_its_right_state(bench, undisturbed):
    every = [pair for job in CONCERNED for pair in pairs(job)]
    _, wrong = run_all(bench, undisturbed, random.Random(0).sample(every, N_SAMPLED))
    assert wrong == {}


@pytest.mark.soak
def test_with_every_two_faults_at_once_every_task_ends_in_its_right_state(
    bench, undisturbed, capsys
):
    began_at = time.monotonic()
    combinations = [each for job in CONCERNED for each in (*singles(job), *pairs(job))]
    outcomes, wrong = run_all(bench, undisturbed, combinations)
    struck = sum((Counter(outcome.faults) for outcome in outcomes.values()), Counter())
    with capsys.disabled():
        print(f"\n{account(outcomes, struck, wrong)} {time.monotonic() - began_at:.0f} s")
    assert wrong == {}
    assert struck.keys() == KINDS.keys()


def account(outcomes, struck, wrong):
    """Say what was run, what struck, and what was wrong."""
    jobs = Counter(combination.job for combination in outcomes)
    starts = sum(len(outcome.ends) for outcome in outcomes.values())
    each_wrong = [f"{each}: {'; '.join(found)}\n" for each, found in wrong.items()]
    each_job = ", ".join(f"{n} {job}" for job, n in jobs.items())
    return (
        f"{''.join(each_wrong)}{len(outcomes)} combinations of one fault or two ({each_job}), "
        f"{starts} starts, {struck.total():,} strikes: {len(wrong)} with a task in a wrong state;"
    )
