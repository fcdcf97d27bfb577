from datetime import datetime

import pytest

from harvest.database.runs import RunLog
from harvest.errors import BudgetSpent
from harvest.patience.budget import DailyBudget, budget_for, next_midnight
from harvest.worklist import Tally

NOON = datetime.fromisoformat("2026-11-23T12:00").timestamp()


def spend(store, job, n):
    run_id = RunLog(store).begin(job)
    store.commit(job, [], provider="spotify", run_id=run_id, tally=Tally(sent=n))


def test_the_jobs_of_resolve_share_their_budget_and_no_other_does(store):
    for job, n in {"names": 3, "ids": 4, "spotify": 50}.items():
        spend(store, job, n)
    runs = RunLog(store)
    assert budget_for("names", 10, runs).left == budget_for("ids", 10, runs).left == 3
    assert budget_for("spotify", 60, runs).left == 10
    with pytest.raises(BudgetSpent, match="resolve's daily budget of 7 requests is used up"):
        budget_for("ids", 7, runs)


def test_a_budget_ends_with_its_last_request_and_says_until_when(clock):
    clock.now = NOON
    budget = DailyBudget("lastfm", 3, spent=1, clock=clock)
    budget.spend()
    budget.spend()
    with pytest.raises(BudgetSpent, match="lastfm's daily budget of 3 requests is used up") as why:
        budget.spend()
    assert why.value.not_before == datetime.fromisoformat("2026-11-24").astimezone()


def test_a_budget_of_one_request_is_told_of_in_the_singular():
    with pytest.raises(BudgetSpent, match="daily budget of 1 request is used up"):
        DailyBudget("lastfm", 1, spent=1).check()


def test_looking_spends_nothing(clock):
    clock.now = NOON
    budget = DailyBudget("lastfm", 1, spent=0, clock=clock)
    budget.check()
    budget.check()
    budget.spend()
    with pytest.raises(BudgetSpent):
        budget.check()


def test_a_new_day_brings_a_new_budget(clock):
    clock.now = NOON
    budget = DailyBudget("lastfm", 1, spent=1, clock=clock)
    clock.now += 11.9 * 3600
    with pytest.raises(BudgetSpent):
        budget.check()
    clock.now += 0.1 * 3600
    budget.spend()
    with pytest.raises(BudgetSpent) as why:
        budget.spend()
    assert why.value.not_before == datetime.fromisoformat("2026-11-25").astimezone()


def test_midnight_is_that_of_this_machine_s_zone():
    midnight = next_midnight(NOON)
    assert (midnight.hour, midnight.minute, midnight.day) == (0, 0, 24)
    assert midnight.utcoffset() is not None
