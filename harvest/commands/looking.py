"""The commands that look at what was gathered: `status`, `verify`, `export`, `doctor`."""

import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from harvest.amounts import amount
from harvest.commands.options import (
    DEFAULT_RATES,
    DEFAULT_STATE,
    LASTFM_VARIABLES,
    RECCOBEATS_VARIABLES,
    SPOTIFY_VARIABLES,
    DailyBudget,
    FileFormat,
    ReckonedRate,
    State,
    folder,
    settings_help,
)
from harvest.errors import InputError

app = typer.Typer()


@app.command()
def status(
    state: State = DEFAULT_STATE,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say how far each job is; works while one runs."""
    from harvest.status import console as jobs
    from harvest.status.standings import notices, read_status, since_started

    if state.is_file():  # which holds nothing, as a state that is still to be made
        raise InputError(f"{state} is a file; expected a folder that `harvest` filled")
    statuses, songs, now = read_status(state), jobs.read_songs(state), time.time()
    if as_json:
        print(json.dumps(jobs.as_json(statuses, songs, now=now)))
        return
    since = (f"{job}: {text}" for job, text in since_started(statuses).items())
    said = [*notices(statuses, now=now), *since, *jobs.told_of(songs)]
    console = Console()
    console.print(jobs.as_table(statuses, width=console.width), *said, sep="\n")


@app.command()
def verify(
    state: State = DEFAULT_STATE,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Prove that what is stored is whole; works while a job runs.

    Every page of harvest.db is read, every row is held against its task and every value against its
    range, the Parquet tables against their manifest. Nothing is changed.
    """
    from harvest.verifying import job

    verdict = job.verify(state)
    if as_json:
        print(json.dumps(job.as_json(verdict)), flush=True)
    else:
        Console().print(job.as_table(verdict))
    conclusion = job.conclude(verdict)
    if not as_json:
        print(conclusion)


@app.command()
def export(
    form: Annotated[FileFormat, typer.Option("--format", help="What kind of files to write.")],
    state: State = DEFAULT_STATE,
    out: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            "--out",
            parser=folder,
            metavar="DIR",
            help="Where to; default STATE/export.",
        ),
    ] = None,
) -> None:
    """Write what was gathered to files, one a table; works while a job runs.

    docs/data.md describes them. `harvest import` reads audio_features back.
    """
    from harvest import exporting

    for each in exporting.export(state, out or state / "export", form=form):
        print(f"{each.path}: {amount(each.rows, 'row')}")


@app.command(epilog=settings_help(SPOTIFY_VARIABLES, LASTFM_VARIABLES, RECCOBEATS_VARIABLES))
def doctor(
    state: State = DEFAULT_STATE,
    rate: ReckonedRate = None,
    daily_budget: DailyBudget = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check credentials, services, clock, disk and versions, and say what finishing takes.

    Each service that is set up is asked for one track. ✓ is good, ! to be known, ✗ to be mended.
    """
    from harvest.doctoring import job

    rates = dict.fromkeys(DEFAULT_RATES, rate) if rate else DEFAULT_RATES
    signs = job.diagnose(state, job.Means(rates, daily_budget))
    if as_json:
        print(json.dumps({"checks": [asdict(sign) for sign in signs]}), flush=True)
    else:
        print(*(f"{sign.mark} {sign.subject}: {sign.text}" for sign in signs), sep="\n", flush=True)
    job.conclude(signs)
