import pytest

from harvest.plan import duration, requests_for, seconds_for


def test_a_batch_that_is_not_full_is_a_request_too():
    assert requests_for(0, batch_size=100) == 0
    assert requests_for(101, batch_size=100) == 2
    assert requests_for(30, batch_size=1) == 30


@pytest.mark.parametrize(
    ("budget", "seconds"),
    [(None, 50.0), (100, 50.0), (99, 86400.5), (50, 86425.0), (25, 3 * 86400 + 12.5)],
)
def test_a_daily_budget_stretches_the_time(budget, seconds):
    # 100 requests at two a second take 50 s; what a day does not allow waits for the next.
    assert seconds_for(100, rate=2.0, daily_budget=budget) == seconds


def test_lengths_of_time_are_rounded_for_people():
    assert [duration(s) for s in (0.2, 119, 120, 7199, 7200, 1e6)] == [
        "1 s",
        "119 s",
        "2 min",
        "120 min",
        "2 h",
        "12 days",
    ]
