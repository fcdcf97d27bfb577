from hypothesis import given
from hypothesis import strategies as st

from harvest.emulator.services.limit import RollingLimit


@given(st.lists(st.floats(0, 10), max_size=60))
def test_no_window_ever_holds_more_than_its_room(steps):
    limit, now, passed = RollingLimit(0.5, window_s=10.0), 0.0, []
    for step in steps:
        now += step
        if limit.wait_s(now) == 0:
            passed.append(now)
    # 0.5 a second over 10 s is room for 5.
    assert all(sum(start <= t < start + 10.0 for t in passed) <= 5 for start in passed)


def test_who_waits_as_long_as_said_passes():
    limit = RollingLimit(0.1, window_s=10.0)
    assert limit.wait_s(3.0) == 0.0
    assert limit.wait_s(5.0) == 8.0
    assert limit.wait_s(13.0) == 0.0
