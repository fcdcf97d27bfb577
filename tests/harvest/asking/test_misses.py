from harvest.asking.misses import LARGE, Misses
from harvest.source import Reply
from harvest.worklist import State, Task
from tests.harvest.fakes import ID, FakeClock, record

TASKS = [Task(ID(i), "artist", "title", seq=i) for i in range(LARGE + 5)]


def unknown(*tasks):
    return Reply((), missing={task.spotify_id: "unknown" for task in tasks})


def known(task):
    return Reply([record(task.spotify_id)])


def add_one_by_one(misses, tasks, since=0):
    return [misses.add([task], unknown(task), since=since) for task in tasks]


def test_twenty_unknown_tracks_one_after_the_other_are_doubted():
    doubted = add_one_by_one(Misses(clock=FakeClock()), TASKS[:20])
    assert doubted == [False] * 19 + [True]


def test_a_large_batch_without_a_known_track_is_doubted_at_once():
    assert Misses(clock=FakeClock()).add(TASKS[:LARGE], unknown(*TASKS[:LARGE]), since=0)


def test_one_known_track_between_them_and_counting_begins_anew():
    misses = Misses(clock=FakeClock())
    add_one_by_one(misses, TASKS[: LARGE - 1])
    assert not misses.add(TASKS[-1:], known(TASKS[-1]), since=0)
    others = [Task(ID(100 + i), "artist", "title") for i in range(LARGE - 1)]
    assert not any(add_one_by_one(misses, others))


def test_a_track_that_is_asked_for_twice_counts_once():
    assert not any(add_one_by_one(Misses(clock=FakeClock()), TASKS[:2] * LARGE))


def test_what_was_unknown_before_the_doubt_is_to_be_asked_for_again():
    misses = Misses(clock=FakeClock())
    plain = Task(ID(0), "artist", "title", form="plain")
    add_one_by_one(misses, [plain, *TASKS[1:LARGE]])
    changes = misses.take_back(TASKS[LARGE - 1 : LARGE])
    assert [change.tasks[0].spotify_id for change in changes] == [ID(i) for i in range(LARGE - 1)]
    assert {(change.state, change.parts, change.error) for change in changes} == {
        (State.PENDING, 0, None)
    }
    assert {change.form for change in changes} == {"raw"}


def test_a_track_that_is_found_in_part_by_other_names_is_asked_for_by_these_again():
    misses = Misses(clock=FakeClock())
    misses.add([Task(ID(0), "artist", "title", 2, 0b01, form="plain")], unknown(TASKS[0]), since=0)
    (change,) = misses.take_back([])
    assert (change.form, change.parts, change.attempts) == ("plain", 0b01, 2)


def test_what_was_taken_back_once_is_not_taken_back_again():
    misses = Misses(clock=FakeClock())
    add_one_by_one(misses, TASKS[:LARGE])
    misses.take_back([])
    add_one_by_one(misses, TASKS[LARGE : LARGE + 1], since=1)
    assert [change.tasks[0] for change in misses.take_back([])] == [TASKS[LARGE]]


def test_one_known_track_ends_a_doubt():
    misses = Misses(clock=FakeClock())
    misses.take_back([])
    assert not misses.add(TASKS[:1], known(TASKS[0]), since=1)
    assert add_one_by_one(misses, TASKS[1:3], since=1) == [False, False]
    assert misses.pause_s == 1


def test_while_in_doubt_every_unknown_track_is_doubted_until_the_service_knows_again():
    misses = Misses(clock=FakeClock())
    add_one_by_one(misses, TASKS[:LARGE])
    misses.take_back(TASKS[LARGE - 1 : LARGE])
    assert add_one_by_one(misses, TASKS[:2], since=1) == [True, True]
    assert not misses.believe(since=1)
    assert add_one_by_one(misses, TASKS[:2], since=1) == [False, False]


def test_what_was_never_doubted_is_believed_where_the_service_knows_what_it_knew():
    misses = Misses(clock=FakeClock())
    add_one_by_one(misses, TASKS[:LARGE])
    assert misses.believe(since=0)
    assert not any(add_one_by_one(misses, TASKS[: LARGE - 1]))


def test_what_was_asked_before_the_doubt_is_never_believed():
    misses = Misses(clock=FakeClock())
    add_one_by_one(misses, TASKS[:LARGE])
    misses.take_back(TASKS[LARGE - 1 : LARGE])
    assert not misses.believe(since=0)
    assert add_one_by_one(misses, TASKS[:1], since=0) == [True]
    assert not misses.believe(since=0)
    assert misses.believe(since=1)


def test_pauses_grow_with_the_doubt_up_to_a_minute():
    clock = FakeClock()
    misses = Misses(clock=clock)
    pauses = []
    for _ in range(9):
        misses.take_back([])
        pauses.append(misses.pause_s)
        clock.now += pauses[-1]
    assert pauses == [1, 1, 2, 4, 8, 16, 32, 60, 60]
    misses.believe(since=0)
    misses.take_back([])
    assert misses.pause_s == 1
