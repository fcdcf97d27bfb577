"""What each command does, from the state directory to the terminal."""

from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from model.console import render
from model.evaluate import evaluate
from model.results import write_results
from model.settings import Settings

MIN_WIDTH = 80


def run_evaluation(state: Path, settings: Settings, *, say: Callable[[str], None]) -> None:
    """Evaluate, write the files, print the tables.

    Parameters
    ----------
    state : Path
    settings : Settings
    say : callable
        Takes a line of progress.

    Raises
    ------
    InputError
        If the state holds too little, or something else.
    StorageError
        If the results cannot be written.
    """
    evaluation = evaluate(state, settings, say=say)
    folder = write_results(evaluation, state)
    # A terminal narrower than the tables breaks their lines, rather than lose figures.
    console = Console(highlight=False, width=max(Console().width, MIN_WIDTH))
    console.print(render(evaluation))
    say(f"results are in {folder}")
