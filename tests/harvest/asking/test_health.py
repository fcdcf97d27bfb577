import asyncio

import pytest

from harvest.asking.health import WELL_KNOWN, Health
from harvest.errors import CredentialsRefused, ServiceUnavailable, UnusableReply
from harvest.source import Reply
from harvest.worklist import Task
from tests.harvest.fakes import ID, record

KNOWN, OTHER = Task(ID(1), "", ""), Task(ID(2), "", "")


def health(answer, known=KNOWN, others=(OTHER,)):
    """A service that answers by `answer`, and what is known of it."""

    async def ask(task, _part):
        return answer(task)

    async def known_good():
        return known

    async def some_others(_task):
        return list(others)

    return Health(ask, known_good=known_good, others=some_others)


def good(task):
    return Reply([record(task.spotify_id)])


def forgets(task):
    return Reply((), missing={task.spotify_id: "unknown"})


def is_down(_task):
    raise ServiceUnavailable("down")


def refuses(_task):
    raise CredentialsRefused("refused")


@pytest.mark.parametrize(
    ("answer", "is_up"), [(good, True), (forgets, False), (is_down, False), (refuses, False)]
)
def test_a_service_is_up_that_answers_for_what_it_answered_for_before(answer, is_up):
    assert asyncio.run(health(answer).is_up("features")) is is_up
    assert asyncio.run(health(answer).knows_what_it_knew("features")) is is_up


def test_where_nothing_was_answered_a_failure_is_held_against_the_service_three_times():
    blind = health(is_down, known=None)
    up = [asyncio.run(blind.is_up("features", pauses=n)) for n in range(4)]
    assert up == [False, False, False, True]
    assert not asyncio.run(blind.is_up("features"))
    assert not asyncio.run(blind.has_answered())
    assert asyncio.run(blind.knows_what_it_knew("features"))


def test_where_nothing_was_answered_a_service_is_up_that_was_heard():
    heard, not_heard = (UnusableReply("odd", is_heard=is_heard) for is_heard in (True, False))
    blind, sees_it_down = health(is_down, known=None), health(is_down)
    assert asyncio.run(blind.is_up("search", error=heard))
    assert not asyncio.run(blind.is_up("search", error=not_heard))
    assert not asyncio.run(sees_it_down.is_up("search", error=heard))


LEFT = [Task(ID(n), "", "") for n in range(10, 14)]


@pytest.mark.parametrize(
    ("left", "pauses", "is_up"), [(0, 9, False), (0, 10, True), (3, 10, True), (4, 1000, False)]
)
def test_where_nothing_was_answered_and_hardly_any_is_left_one_that_is_well_known_shows_it(
    left, pauses, is_up
):
    def answers_for_it_alone(task):
        return forgets(task) if task == WELL_KNOWN else is_down(task)

    lonely = health(answers_for_it_alone, known=None, others=LEFT[:left])
    down = ServiceUnavailable("500")
    seen = lonely.is_up("features", tasks=[OTHER], pauses=pauses, error=down)
    assert asyncio.run(seen) is is_up
    all_down = health(is_down, known=None, others=LEFT[:left])
    assert not asyncio.run(all_down.is_up("features", tasks=[OTHER], pauses=pauses, error=down))


@pytest.mark.parametrize(
    ("answer", "others", "passes"),
    [(good, [OTHER], True), (is_down, [OTHER, KNOWN], False), (is_down, [], True)],
)
def test_others_pass_where_any_of_them_is_answered_or_there_are_none(answer, others, passes):
    assert asyncio.run(health(answer, others=others).others_pass(KNOWN, "features")) is passes
