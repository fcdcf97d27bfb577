"""What `model evaluate` and the stages' commands do, from the state directory to the terminal."""

from dataclasses import replace
from pathlib import Path

from model.engines.engine import cluster_at
from model.evaluate import evaluate, require_figures
from model.evaluation.console import render
from model.evaluation.examples import make_examples, plain_examples
from model.evaluation.results import write_effects, write_results
from model.evaluation.source_console import render_effects
from model.evaluation.source_effects import compare_sources
from model.layout import print_blocks
from model.protocols.judging import Case
from model.saying import Say, say_nothing
from model.settings import BASELINE, Settings
from model.stages.materials import Materials
from model.stages.workspace import Workspace
from model.storage.writing import json_writer, results_folder, write_atomically


def run_evaluation(
    state: Path,
    settings: Settings,
    *,
    say: Say,
    workers: int = 1,
    dask: str | None = None,
) -> None:
    """Evaluate, write the files, print the tables.

    Parameters
    ----------
    state : Path
    settings : Settings
    say : callable
        Takes a line of progress.
    workers : int
        Threads and processes at a time.
    dask : str, optional
        Address of a Dask scheduler that does the work instead.

    Raises
    ------
    InputError
        If the state holds too little, or something else, or no playlist has a figure.
    StorageError
        If the results cannot be written.
    """
    engine = cluster_at(dask)
    evaluation = evaluate(state, settings, say=say, engine=engine, workers=workers)
    require_figures(evaluation)
    folder = write_results(evaluation, state)
    if settings.protocol == "holdout":
        workspace = Workspace(state, settings, say, workers, engine)
        write_examples(workspace, folder)
    print_blocks(render(evaluation))
    if settings.sources != BASELINE:
        effects = compare_sources(Workspace(state, settings, say, workers, engine))
        write_effects(effects, folder)
        print_blocks(render_effects(effects))
    say(f"results are in {folder}")


def write_examples(workspace: Workspace, folder: Path) -> None:
    """Write ``examples.json`` beside the results: some playlists with what was made for them."""
    case = Case(workspace.settings, Materials.of(replace(workspace, say=say_nothing)))
    examples = plain_examples(make_examples(workspace, case), case)
    with results_folder(folder):
        write_atomically(folder / "examples.json", json_writer(examples))
