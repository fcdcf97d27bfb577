import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvest.database.changes import update_tasks
from harvest.store import Store
from harvest.worklist import Change, Commit, State, Tally
from tests.harvest.fakes import ID, record, task


def write(store, *changes, provider="spotify"):
    with store.transaction() as db:
        update_tasks(db, "spotify", changes, provider=provider)


def states(store):
    return dict(store.rows("SELECT track_id, state FROM task"))


@settings(max_examples=25)
@given(st.sets(st.integers(1, 10), min_size=1), st.sampled_from(["missing", "pending"]))
def test_just_the_tasks_that_are_named_are_changed(numbers, state):
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder)) as store:
        store.add_tasks("spotify", [[(ID(i), "a", "t") for i in range(10)]], fingerprint="f")
        tasks = [task(number - 1) for number in numbers]
        write(store, Change(tasks, State(state), 0, attempts=3))
        changed = store.rows("SELECT track_id FROM task WHERE attempts = 3 AND state = ?", state)
        assert {row[0] for row in changed} == numbers


def test_tasks_that_change_alike_take_one_statement(store):
    statements = []
    store._db.set_trace_callback(statements.append)
    write(store, *(Change([task(number)], State.DONE, 1) for number in range(10)))
    assert sum("UPDATE task" in statement for statement in statements) == 1
    assert set(states(store).values()) == {"done"}


def test_of_several_changes_of_one_task_the_last_counts(store):
    write(
        store,
        Change([task(1)], State.PENDING, 0b011),
        Change([task(0)], State.PENDING, 0b001),
        Change([task(0)], State.PENDING, 0b011),
        Change([task(2)], State.PENDING, 0b001),
    )
    assert list(store.rows("SELECT parts FROM task LIMIT 3")) == [(0b011,), (0b011,), (0b001,)]


def test_only_what_is_settled_names_who_settled_it(store):
    write(store, Change([task(0)], State.DONE, 1), Change([task(1)], State.PENDING, 0, 1))
    assert list(store.rows("SELECT provider FROM task LIMIT 2")) == [("spotify",), (None,)]


@pytest.mark.parametrize(("state", "attempts"), [(State.MISSING, 0), (State.DEAD, 5)])
def test_a_task_that_another_provider_s_row_keeps_done_is_that_one_s_and_has_no_error(
    store, state, attempts
):
    answered = Commit([Change([task(0)], State.DONE, 1)], [record(ID(0))])
    store.commit("spotify", [answered], provider="reccobeats", run_id=0, tally=Tally())
    store.reopen("spotify", provider="spotify", overwrite=True)
    write(store, *(Change([task(i)], state, 0, attempts, error="unknown") for i in range(2)))
    columns = "state, attempts, next_at, error, provider"
    assert list(store.rows(f"SELECT {columns} FROM task LIMIT 2")) == [
        ("done", 0, 0.0, None, "reccobeats"),
        (state, attempts, 0.0, "unknown", "spotify"),
    ]
    assert store.some_done("spotify", provider="spotify") is None
