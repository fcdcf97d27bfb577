import asyncio

import pytest

from harvest.asking.health import Health
from harvest.asking.refusals import Kind, Refusals
from harvest.errors import CredentialsRefused, Forbidden, TokenRefused
from harvest.pacing import PASSING_S, Pacer
from harvest.source import Reply
from harvest.sources.spotify import SpotifyFeatures
from harvest.worklist import Task
from tests.harvest.fakes import ID, FakeClock, StopOnFakeTime, record

SOURCE, TASK = SpotifyFeatures("http://api/v1"), Task(ID(1), "", "")


class Scene:
    """A service, what is known of it, and a clock."""

    def __init__(self, *, serves_others=False):
        self.clock, self.pauses = FakeClock(), []

        async def ask(task, _part):
            if not serves_others:
                raise Forbidden("refused", status=403)
            return Reply([record(task.spotify_id)])

        async def known_good():
            return Task(ID(9), "", "")

        async def others(_task):
            return [Task(ID(8), "", "")]

        pacer = Pacer(
            1e6,
            stop=StopOnFakeTime(self.clock),
            clock=self.clock,
            on_pause=lambda seconds, why: self.pauses.append((seconds, why)),
        )
        health = Health(ask, known_good=known_good, others=others)
        self.refusals = Refusals(pacer, health, clock=self.clock)

    def judge(self, error):
        return asyncio.run(self.refusals.judge(SOURCE, [TASK], "features", error))


REFUSED = Forbidden("no such requests (403)", status=403)


def test_a_source_that_was_never_served_is_refused_for_good():
    scene = Scene()
    assert scene.judge(REFUSED) is Kind.LASTING
    assert not scene.pauses


def test_one_that_was_served_before_is_asked_again_after_growing_pauses_for_a_while():
    scene = Scene()
    scene.refusals.served(SOURCE)
    kinds = []
    while len(kinds) < 20 and (not kinds or kinds[-1] is Kind.PASSING):
        kinds.append(scene.judge(REFUSED))
        scene.clock.now += scene.pauses[-1][0]
    assert kinds[-1] is Kind.LASTING
    assert [seconds for seconds, _ in scene.pauses] == [1, 2, 4, 8, 16]
    assert sum(seconds for seconds, _ in scene.pauses) >= PASSING_S
    assert {why for _, why in scene.pauses} == {
        "refused, though served before (no such requests (403))"
    }


def test_after_half_a_minute_of_refusals_they_are_for_good():
    scene = Scene()
    scene.refusals.served(SOURCE)
    assert scene.judge(REFUSED) is Kind.PASSING
    scene.clock.now += 29.9
    assert scene.judge(REFUSED) is Kind.PASSING
    scene.clock.now += 0.1
    assert scene.judge(REFUSED) is Kind.LASTING


def test_what_another_source_was_served_says_nothing_of_this_one():
    scene = Scene()
    scene.refusals.served(SpotifyFeatures("http://other/v1"))
    assert scene.judge(REFUSED) is Kind.LASTING
    assert not scene.pauses


def test_a_token_is_of_the_service_whichever_way_tracks_are_asked_for():
    scene = Scene(serves_others=True)
    scene.refusals.served(SpotifyFeatures("http://other/v1"))
    assert scene.judge(TokenRefused("a new token too")) is Kind.ALONE


def test_an_answer_in_between_ends_the_while():
    scene = Scene()
    scene.refusals.served(SOURCE)
    assert scene.judge(REFUSED) is Kind.PASSING
    scene.clock.now += 2 * PASSING_S
    scene.refusals.served(SOURCE)
    assert scene.judge(REFUSED) is Kind.PASSING


def test_where_others_are_served_it_is_of_these_tracks():
    scene = Scene(serves_others=True)
    scene.refusals.served(SOURCE)
    assert scene.judge(REFUSED) is Kind.ALONE
    assert scene.judge(TokenRefused("a new token too")) is Kind.ALONE
    assert not scene.pauses


@pytest.mark.parametrize("error", [REFUSED, TokenRefused("a new token too")])
def test_before_a_source_was_served_a_track_is_refused_alone_where_any_other_is_served(error):
    assert Scene(serves_others=True).judge(error) is Kind.ALONE
    assert Scene().judge(error) is Kind.LASTING


def test_a_token_fresh_from_the_service_may_be_refused_for_a_while_by_one_that_served_before():
    scene = Scene()
    scene.refusals.served(SOURCE)
    assert scene.judge(TokenRefused("a new token too")) is Kind.PASSING
    scene.clock.now += PASSING_S
    assert scene.judge(TokenRefused("a new token too")) is Kind.LASTING


def test_a_key_that_is_refused_from_the_start_is_so_for_all():
    assert Scene(serves_others=True).judge(CredentialsRefused("no such key")) is Kind.LASTING
