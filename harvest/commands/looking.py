"""The commands that look at what was gathered: `status`."""

import json
import time
from typing import Annotated

import typer
from rich.console import Console

from harvest.options import DEFAULT_STATE, State

app = typer.Typer()


@app.command()
def status(
    state: State = DEFAULT_STATE,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say how far each job is; works while one runs."""
    from harvest import status as jobs

    statuses = jobs.read_status(state)
    if as_json:
        print(json.dumps(jobs.as_json(statuses)))
    else:
        Console().print(jobs.as_table(statuses), *jobs.notices(statuses, now=time.time()), sep="\n")
