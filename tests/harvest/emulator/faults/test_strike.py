import numpy as np

from harvest.emulator.exchange import Ask
from harvest.emulator.faults.strike import AfterAWhile, Fault, Situation, TokenLives


def at(now_s=0.0, *, rng=None, bearer=None):
    ask = Ask("spotify", "GET /v1/audio-features", bearer=bearer)
    return Situation(ask, rng or np.random.default_rng(0), now_s)


def test_a_stretch_begins_at_the_5th_to_15th_request_and_ends_with_its_time():
    for seed in range(30):
        decide = AfterAWhile(10.0, lambda left_s: Fault(delay_s=left_s))
        rng = np.random.default_rng(seed)
        struck = [decide(at(0.0, rng=rng)) for _ in range(15)]
        first = next(place for place, fault in enumerate(struck, 1) if fault)
        assert 5 <= first <= 15
        assert all(struck[first - 1 :])
        assert decide(at(4.0)).delay_s == 6.0
        assert decide(at(10.0)) is None
        assert decide(at(99.0)) is None


def test_at_its_beginning_exactly_the_whole_stretch_is_left():
    decide = AfterAWhile(3.0, lambda left_s: Fault(delay_s=left_s))
    # Rounded up, as a Retry-After is, (5.3 + 3) - 5.3 would be four seconds.
    first = next(fault for _ in range(15) if (fault := decide(at(5.3))))
    assert first.delay_s == 3.0


def test_each_token_is_revoked_once_the_first_early_the_later_ones_late():
    decide = TokenLives(1.0)
    rng = np.random.default_rng(0)
    lives = []
    for bearer in ("t1", "t2"):
        struck = [decide(at(rng=rng, bearer=bearer)) is not None for _ in range(500)]
        assert sum(struck) == 1
        lives.append(struck.index(True))
    assert 5 <= lives[0] <= 15
    assert 200 <= lives[1] <= 400


def test_without_a_token_nothing_expires():
    decide = TokenLives(1.0)
    assert all(decide(at()) is None for _ in range(50))
