import asyncio
from collections import Counter

import pytest

from harvest.asking.answers import ENOUGH_BARE, Answers, Means
from harvest.errors import InputError, RequestRejected, ServiceUnavailable, UnusableReply
from harvest.pacing import Pacer
from harvest.sending.client import Client, PacedSender
from harvest.sources.spotify import SpotifyFeatures
from harvest.worklist import Task
from tests.harvest.fakes import (
    ID,
    AnsweringSender,
    FakeClock,
    StopOnFakeTime,
    features,
    reply,
)

KNOWN, OTHER = Task(ID(90), "", ""), Task(ID(91), "", "")
NOT_FOUND = reply(b"Not Found", 404)


def asked_by(request):
    return request.params.get("ids", request.url.rpartition("/")[2]).split(",")


def serves(request):
    asked = [features(spotify_id) for spotify_id in asked_by(request)]
    return reply({"audio_features": asked} if "ids" in request.params else asked[0])


def ask(answer, *questions, known=KNOWN):
    """Put questions, lists of numbers; return replies or errors, and what was asked."""
    clock, said = FakeClock(), []
    sender = AnsweringSender(answer)
    size = max(map(len, questions))

    async def commit(_):
        pass

    async def known_good():
        return known

    async def others(_):
        return [OTHER]

    async def scenario():
        pacer = Pacer(1e6, stop=StopOnFakeTime(clock), clock=clock)
        client = Client(PacedSender(sender, pacer), pacer=pacer, sleep=clock.sleep, max_wait_s=120)
        means = Means(
            client=client,
            pacer=pacer,
            commit=commit,
            known_good=known_good,
            others=others,
            clock=clock,
        )
        answers = Answers(SpotifyFeatures("http://api/v1", batch_size=size), means)
        for numbers in questions:
            tasks = [Task(ID(number), "", "") for number in numbers]
            try:
                said.append(await answers.reply(tasks, "features", tries=1, pauses=0))
            except Exception as error:  # whatever it is, it is what was said
                said.append(error)

    asyncio.run(scenario())
    asked = Counter(each for request in sender.requests for each in asked_by(request))
    return said, asked


def test_a_good_reply_is_believed_at_once():
    said, asked = ask(serves, [1, 2])
    assert [record.spotify_id for record in said[0].records] == [ID(1), ID(2)]
    assert asked.total() == 2


def test_bare_404s_are_checked_by_another_track_until_enough_were_right():
    def answer(request):
        return serves(request) if asked_by(request) == [ID(91)] else NOT_FOUND

    said, asked = ask(answer, *[[number] for number in range(ENOUGH_BARE + 2)])
    assert [set(one.missing) for one in said] == [{ID(n)} for n in range(ENOUGH_BARE + 2)]
    assert asked[ID(91)] == ENOUGH_BARE
    assert [asked[ID(n)] for n in range(ENOUGH_BARE + 2)] == [2] * ENOUGH_BARE + [1, 1]


@pytest.mark.parametrize("status", [404, 405, 451])
def test_an_odd_answer_of_what_never_answered_well_is_no_such_service(status):
    said, _ = ask(lambda _: reply(b"", status), [1], known=None)
    assert isinstance(said[0], InputError)
    assert f"answers {status}" in str(said[0])


def test_an_odd_answer_to_one_track_while_another_is_served_is_held_against_that_one():
    def answer(request):
        return serves(request) if asked_by(request) == [ID(91)] else reply(b"", 451)

    said, _ = ask(answer, [1])
    assert isinstance(said[0], UnusableReply)
    assert str(said[0]).endswith("others are answered")


def test_what_speaks_of_the_service_or_of_the_batch_is_left_to_who_asked():
    said, _ = ask(lambda _: reply(b"", 503), [1])
    assert isinstance(said[0], ServiceUnavailable)
    said, _ = ask(lambda _: reply({}, 400), [1, 2])
    assert isinstance(said[0], RequestRejected)
