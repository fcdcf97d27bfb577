from contextlib import suppress

import pytest

from harvest.asking.shapes import ENOUGH_REPLIES, KNOWN_S, STRANGER_S, Shapes
from harvest.errors import InputError, Postponed, ServiceUnavailable, UnusableReply
from harvest.source import Reply
from harvest.sources.reccobeats import ReccoBeatsFeatures
from harvest.transport import Response
from tests.harvest.fakes import FakeClock

SOURCE = ReccoBeatsFeatures("http://a/v1")
ODD, DOWN = UnusableReply("it sent no list"), ServiceUnavailable("it answers 503")
HEARD = UnusableReply("a track that is none", is_heard=True)


class Heard:
    """What was read so far, by an own clock."""

    def __init__(self):
        self.clock = FakeClock()
        self.shapes = Shapes(clock=self.clock)

    def read(self, *said):
        for each in said:

            def answer(*_, each=each):
                if isinstance(each, Exception):
                    raise each
                return each

            with suppress(UnusableReply, ServiceUnavailable):
                self.shapes.read(answer, SOURCE, [], "features", Response(200, b""))
        return self

    def after(self, seconds, *, is_known=False):
        self.clock.now += seconds
        self.shapes.require(SOURCE, ODD, is_known=is_known)


def test_what_never_sent_anything_usable_is_no_such_service_after_a_minute():
    heard = Heard().read(*[ODD] * ENOUGH_REPLIES)
    heard.after(STRANGER_S - 1)
    with pytest.raises(InputError) as raised:
        heard.after(1)
    assert str(raised.value) == (
        "http://a/v1 has sent nothing usable for 60 s (it sent no list); check that "
        "RECCOBEATS_API_URL is the address of a service of the shape asked for"
    )


def test_what_answered_in_an_earlier_run_is_given_ten_minutes_and_left_for_later():
    heard = Heard().read(*[ODD] * ENOUGH_REPLIES)
    heard.after(KNOWN_S - 1, is_known=True)
    with pytest.raises(Postponed, match=r"nothing usable for 10 min .*, as it did before; start"):
        heard.after(1, is_known=True)


def test_few_odd_replies_say_nothing_however_long_they_take():
    Heard().read(*[ODD] * (ENOUGH_REPLIES - 1)).after(10 * KNOWN_S)


@pytest.mark.parametrize("good", [Reply(()), HEARD])
def test_a_service_that_was_heard_in_this_run_is_waited_for(good):
    Heard().read(good, *[ODD] * 50).after(10 * KNOWN_S)
    Heard().read(*[ODD] * 50, good).after(10 * KNOWN_S)


def test_an_outage_begins_the_time_anew():
    heard = Heard().read(*[ODD] * 50)
    heard.clock.now += 10 * KNOWN_S
    heard.read(DOWN, *[ODD] * ENOUGH_REPLIES)
    heard.after(STRANGER_S - 1)
    with pytest.raises(InputError):
        heard.after(1)
