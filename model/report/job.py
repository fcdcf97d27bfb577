"""What `model report` does, from the files of a state to one page."""

from collections.abc import Callable
from pathlib import Path

from model.amounts import amount
from model.errors import InputError
from model.report.blocks import Missing, Part
from model.report.changes import changes_part
from model.report.compared import ablation_part, curve_part, recommenders_part
from model.report.gathered import exploration_part, harvest_part, split_part
from model.report.judged import examples_part, holdout_part, published_part, sweep_part
from model.report.learnt import clusters_part, followers_part
from model.report.origin import origin_part
from model.report.page import render_page
from model.report.reading import Found, read_state
from model.saying import Say
from model.storage.outputs import check_output
from model.storage.writing import results_folder, write_atomically

_PARTS: tuple[Callable[[Found], Part], ...] = (
    harvest_part,
    exploration_part,
    split_part,
    clusters_part,
    followers_part,
    published_part,
    holdout_part,
    recommenders_part,
    curve_part,
    ablation_part,
    sweep_part,
    examples_part,
    origin_part,
)

_KEPT = ("tables", "harvest.db", "model", "results", "explore")
"""What states hold."""


def run_report(
    state: Path,
    *,
    say: Say,
    against: Path | None = None,
    output: Path | None = None,
) -> Path:
    """Build the page, and print where it is.

    Parameters
    ----------
    state : Path
    say : callable
        Takes a line of progress.
    against : Path, optional
        Another state, that this one is held against.
    output : Path, optional
        The page; ``state/report.html`` unless given.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    InputError
        If there is no such state, or the page would be a directory, in none, or over what a state
        keeps.
    StorageError
        If the page cannot be written.
    """
    path = output or state / "report.html"
    _check_place(path, output, [state] if against is None else [state, against])
    found = read_state(state)
    parts = [make(found) for make in _PARTS]
    title, says = "Playlists: harvest and model", f"The state {state}, as its files have it."
    if against is not None:
        parts.insert(0, changes_part(found, read_state(_checked(against))))
        title, says = "Playlists: two states", f"The state {state} against {against}."
    missing = [one for part in parts for one in part.blocks if isinstance(one, Missing)]
    n_damaged = len({one.words for one in missing if one.is_damage})
    if n_damaged:
        say(f"{amount(n_damaged, 'file')} cannot be read; the page says which")
    page = render_page(parts, title=title, says=says).encode("utf-8", errors="replace")
    with results_folder(path.parent, option="--output"):
        write_atomically(path, lambda file: file.write(page))
    say(f"{len(page) / 1e6:.1f} MB")
    print(path)
    return path


def _check_place(path: Path, output: Path | None, states: list[Path]) -> None:
    if output is not None:
        check_output(output, *states)
    elif path.is_dir():
        msg = f"the page cannot be written to {path}, a directory: name a file with --output"
        raise InputError(msg)


def _checked(state: Path) -> Path:
    """Refuse a directory in which no program has left anything."""
    if state.is_dir() and not any((state / name).exists() for name in _KEPT):
        msg = (
            f"--against {state}: no state, for it holds none of {', '.join(_KEPT)}; name a "
            "directory that `harvest` filled"
        )
        raise InputError(msg)
    return state
