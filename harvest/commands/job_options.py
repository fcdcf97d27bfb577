"""What may be set for every job of days, declared once for all commands that run one."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from harvest.commands.options import (
    DEFAULT_RATES,
    Concurrency,
    DailyBudget,
    IgnoreWait,
    Limit,
    MaxWait,
    Rate,
    Wait,
)

if TYPE_CHECKING:
    from harvest.jobs.running import JobOptions

Command = Callable[..., None]


def with_job_options(service: str) -> Callable[[Command], Command]:
    """Return a decorator that gives a command these options in the place of its `options`.

    Typer learns what a command takes from its signature, so the new command shows one in which the
    options stand; the old one is called with a `JobOptions`.

    Parameters
    ----------
    service : str
        Whose default rate it is; see `DEFAULT_RATES`.
    """
    shared = inspect.signature(_gathered).parameters
    rate = shared["rate"].replace(default=DEFAULT_RATES[service])

    def spread(command: Command) -> Command:
        @wraps(command)
        def spread_out(**given: Any) -> None:
            options = _gathered(**{name: given.pop(name) for name in shared})
            command(options=options, **given)

        own = inspect.signature(command)
        parameters: list[inspect.Parameter] = []
        for each in own.parameters.values():
            parameters += (shared | {"rate": rate}).values() if each.name == "options" else [each]
        vars(spread_out)["__signature__"] = own.replace(parameters=parameters)
        spread_out.__annotations__ = {each.name: each.annotation for each in parameters}
        return spread_out

    return spread


def _gathered(
    *,
    rate: Rate,
    concurrency: Concurrency = 4,
    limit: Limit = None,
    max_wait: MaxWait = 120.0,
    wait: Wait = False,
    ignore_wait: IgnoreWait = False,
    daily_budget: DailyBudget = None,
) -> "JobOptions":
    from harvest.jobs.running import JobOptions

    return JobOptions(
        rate, concurrency, limit, max_wait, daily_budget, wait, ignores_waits=ignore_wait
    )
