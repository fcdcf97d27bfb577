"""What `model explore` does, from the state directory to the terminal and to files."""

from collections.abc import Iterable
from pathlib import Path

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from model.amounts import amount
from model.exploration.exhibits import Exhibit, Lacking
from model.exploration.files import write_exhibits
from model.exploration.gathering import explore
from model.layout import data_table, print_blocks
from model.saying import Say
from model.settings import Settings
from model.stages.workspace import Workspace


def run_exploration(state: Path, settings: Settings, *, say: Say, workers: int = 1) -> None:
    """Compute, write the files, print the tables.

    Parameters
    ----------
    state : Path
    settings : Settings
    say : callable
        Takes a line of progress.
    workers : int
        Threads at a time.

    Raises
    ------
    InputError
        If the state holds too little, or something else.
    StorageError
        If a file cannot be written.
    """
    workspace = Workspace(state, settings, say, workers)
    exhibits, lacking = explore(workspace)
    say("writing tables and figures")
    inputs = workspace.harvested()
    folder = write_exhibits(exhibits, lacking, state, settings=settings, inputs=inputs)
    print_blocks(Group(*_blocks(exhibits, lacking)))
    say(f"tables and figures are in {folder}")


def _blocks(exhibits: list[Exhibit], lacking: list[Lacking]) -> Iterable[RenderableType]:
    for exhibit in exhibits:
        if not exhibit.n_shown:
            continue
        yield data_table(exhibit.title, exhibit.table.head(exhibit.n_shown))
        n_more = len(exhibit.table) - exhibit.n_shown
        more = f" … {amount(n_more, 'more row')} in {exhibit.name}.csv." if n_more > 0 else ""
        yield Padding(Text(exhibit.says + more, style="dim"), (0, 0, 1, 0))
    for one in lacking:
        yield Text(f"{one.title}: {one.remedy}")
