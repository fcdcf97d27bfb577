"""What `model compare` does, from the state to files and the terminal."""

from pathlib import Path

from model.comparison.comparing import Wish, compare
from model.comparison.console import render_compared
from model.comparison.results import write_compared
from model.layout import print_blocks
from model.saying import Say
from model.settings import Settings
from model.stages.workspace import Workspace


def run_comparison(state: Path, wish: Wish, *, say: Say) -> None:
    """Compare, write the files, print the tables.

    Parameters
    ----------
    state : Path
    wish : Wish
    say : callable
        Takes a line of progress.

    Raises
    ------
    InputError
        If a recommender is unknown, or the state holds too little.
    StorageError
        If the results cannot be written.
    """
    settings = Settings(protocol="challenge", random_state=wish.cutting.seed)
    compared = compare(Workspace(state, settings, say), wish)
    folder = write_compared(compared, state)
    print_blocks(render_compared(compared))
    say(f"results are in {folder}")
