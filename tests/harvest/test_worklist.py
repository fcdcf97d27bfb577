import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest import worklist
from harvest.worklist import Counts, Embargo, Run, State, Task

TASK = Task("a", "artist", "title")


def test_a_task_of_one_part_is_done_when_that_part_came():
    change = worklist.part_done([TASK], 0, wanted=0b1)
    assert (change.state, change.parts, change.attempts) == (State.DONE, 0b1, 0)


@given(st.permutations(range(3)))
def test_a_task_of_three_parts_is_done_after_the_third_in_any_order(order):
    parts = 0
    states = []
    for number in order:
        change = worklist.part_done([Task("a", "", "", parts=parts)], number, wanted=0b111)
        parts = change.parts
        states.append(change.state)
    assert states == [State.PENDING, State.PENDING, State.DONE]


def test_failed_attempts_wait_twice_as_long_each_and_the_fifth_is_the_last():
    waits = []
    for attempts in range(4):
        change = worklist.failed(Task("a", "", "", attempts=attempts), "why", now=100.0)
        assert (change.state, change.attempts) == (State.PENDING, attempts + 1)
        waits.append(change.next_at - 100.0)
    assert waits == [1.0, 2.0, 4.0, 8.0]
    assert worklist.LONGEST_RETRY_S == 8.0
    last = worklist.failed(Task("a", "", "", attempts=4), "why", now=100.0)
    assert (last.state, last.attempts, last.error) == (State.DEAD, 5, "why")


def test_a_missing_track_keeps_the_reason_and_is_charged_nothing():
    change = worklist.missing(TASK, "unknown")
    assert (change.state, change.error, change.attempts) == (State.MISSING, "unknown", 0)


def test_parts_are_asked_for_in_order_and_those_that_are_not_wanted_never():
    task = Task("a", "", "", parts=0b010)
    assert worklist.next_part([task], 0b111) == 0
    assert worklist.next_part([task], 0b110) == 2
    assert worklist.next_part([task], 0b010) is None
    assert worklist.next_part([], 0b111) is None


def test_a_track_is_done_with_what_is_wanted_whatever_else_it_has():
    task = Task("a", "", "", parts=0b100)
    assert worklist.part_done([task], 0, wanted=0b001).state is State.DONE
    assert worklist.part_done([task], 0, wanted=0b111).state is State.PENDING


def test_an_unknown_track_is_missing_unless_it_can_be_asked_for_otherwise():
    other = Task("a", "artist", "plain", form="plain")
    change = worklist.unknown(TASK, "unknown", otherwise=other)
    assert (change.state, change.form, change.tasks) == (State.PENDING, "plain", [other])
    change = worklist.unknown(other, "unknown", otherwise=None)
    assert (change.state, change.form, change.error) == (State.MISSING, "plain", "unknown")


def test_a_task_keeps_its_form_whatever_becomes_of_it():
    task = Task("a", "artist", "plain", form="plain")
    changes = [
        worklist.part_done([task], 0, wanted=1),
        worklist.failed(task, "x", now=0.0),
        worklist.dead(task, "x"),
        worklist.missing(task, "x"),
    ]
    assert {change.form for change in changes} == {"plain"}


def test_counts_add_up():
    counts = Counts(pending=1, done=2, missing=3, dead=4)
    assert (counts.total, counts.settled) == (10, 9)


@given(st.integers(0, 50), st.integers(1, 7))
def test_batches_hold_every_task_once_and_in_order(n, size):
    tasks = [Task(str(i), "", "") for i in range(n)]
    cut = list(worklist.batches(tasks, size))
    assert [task for batch in cut for task in batch] == tasks
    assert all(len(batch) == size for batch in cut[:-1])


@pytest.mark.parametrize(
    ("settled", "seconds", "rate"), [(30, 60.0, 0.5), (0, 60.0, None), (30, 0.0, None)]
)
def test_a_run_has_a_rate_once_something_is_settled(settled, seconds, rate):
    run = Run(1, 7, 100.0, 100.0 + seconds, settled, 40, None)
    assert run.rate == rate


def test_an_embargo_of_a_time_when_the_clock_was_ahead_is_none():
    embargo = Embargo(1e9, "quota")
    longest = 60 * 86400.0  # twice thirty days
    assert embargo.holds(1e9 - 0.5)
    assert not embargo.holds(1e9)
    assert embargo.holds(1e9 - longest)
    assert not embargo.holds(1e9 - longest - 1)


def test_an_unknown_state_is_refused():
    with pytest.raises(ValueError, match="running"):
        State("running")
