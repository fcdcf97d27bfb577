import inspect

import pytest

from harvest.commands.gathering import lastfm, spotify
from harvest.commands.job_options import with_job_options
from harvest.jobs.running import JobOptions


def test_a_command_shows_the_options_of_a_job_where_it_takes_them_as_one():
    @with_job_options("lastfm")
    def command(*, state, options, batch=1): ...

    names = list(inspect.signature(command).parameters)
    shared = ["rate", "concurrency", "limit", "max_wait", "wait", "ignore_wait", "daily_budget"]
    assert names == ["state", *shared, "batch"]


def test_what_was_given_arrives_as_one_value():
    arrived = []

    @with_job_options("spotify")
    def command(*, options, batch):
        arrived.append((options, batch))

    waits = {"max_wait": 5.0, "wait": True, "ignore_wait": True}
    command(rate=2.0, concurrency=3, limit=9, **waits, daily_budget=70, batch=1)
    expected = JobOptions(
        2.0, 3, 9, max_wait_s=5.0, daily_budget=70, is_patient=True, ignores_waits=True
    )
    assert arrived == [(expected, 1)]


@pytest.mark.parametrize(("command", "rate"), [(spotify, 3.0), (lastfm, 4.0)])
def test_each_service_has_a_rate_of_its_own(command, rate):
    assert inspect.signature(command).parameters["rate"].default == rate
