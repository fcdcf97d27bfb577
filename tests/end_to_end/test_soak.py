"""Two hundred SIGKILLs, at random and at every named point: nothing lost, nothing doubled."""

import random
import shutil
import time
from collections import Counter

import pytest

from tests.end_to_end.killing import TABLES, Ordeal

N_KILLS = 200


@pytest.mark.soak
def test_after_200_kills_nothing_is_lost_and_nothing_doubled(emulated, undisturbed, capsys):
    began_at, figures, n_lives = time.monotonic(), Counter(), 0
    while figures["kills"] < N_KILLS:
        job = list(TABLES)[n_lives % len(TABLES)]
        with emulated() as (programs, urls):
            ordeal = Ordeal(programs, urls, job)
            ordeal.live_through(random.Random(n_lives), n_random=30, undisturbed=undisturbed)
        shutil.rmtree(programs.state)
        figures += ordeal.figures()
        n_lives += 1
    with capsys.disabled():
        print(
            f"\n{figures['kills']} SIGKILLs in {n_lives} lives of a job: {figures['lost']} lost, "
            f"{figures['doubled']} doubled, {figures['stored and asked again']} stored and asked "
            f"for again, {figures['repeated']} not stored when a kill came and asked for again; "
            f"{time.monotonic() - began_at:.0f} s"
        )
    harm = ("lost", "doubled", "stored and asked again")
    assert [figures[name] for name in harm] == [0, 0, 0]
