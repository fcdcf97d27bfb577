"""What the commands of `harvest` tell alike: notes, how a job ended, what was read into tables."""

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from harvest.amounts import amount
from harvest.texts.legible import printable

if TYPE_CHECKING:
    from harvest.jobs.running import Report
    from harvest.worklist import Run

MANY = 20  # tracks of which not all will be unknown by chance


def note(text: str) -> None:
    """Say beside the result what is worth knowing."""
    with suppress(OSError):  # the result does not depend on it
        print(f"harvest: note: {printable(text)}", file=sys.stderr, flush=True)


def finish(report: "Report") -> None:
    """Print where a job stands, then raise what ended it, if anything did."""
    counts, run = report.counts, report.run
    print(
        f"{report.job}: {counts.done:,} of {amount(counts.total, 'track')} done, "
        f"{counts.missing:,} missing, {counts.dead:,} dead, {counts.pending:,} pending; "
        f"{amount(run.requests, 'request')} in {max(run.seen_at - run.started_at, 0):.1f} s"
        f"{_troubles(run)}",
        flush=True,
    )
    if report.ended_by:
        raise report.ended_by
    if counts.missing >= MANY and not counts.done:
        note(
            f"none of {amount(counts.total, 'track')} is known to the service; if that cannot be, "
            f"look at its address and the tables, then `harvest retry-dead {report.job} --missing`"
        )


def told_of_tables(
    folder: Path,
    rows: str,
    *,
    is_unchanged: bool,
    is_replacement: bool,
    pieces: tuple[int, str],
    n_reused: int,
) -> str:
    """Say what tables hold, and how they came to hold it.

    Parameters
    ----------
    folder : Path
    rows : str
        What is in them.
    is_unchanged : bool
        Whether they were made from the same input before.
    is_replacement : bool
        Whether they were made from another input before.
    pieces : tuple of int and str
        Of how many pieces the input is, and what one is called.
    n_reused : int
        Pieces that an earlier run had read.

    Examples
    --------
    >>> facts = {"is_unchanged": False, "is_replacement": False, "n_reused": 2}
    >>> told_of_tables(Path("tables"), "7 playlists", pieces=(1000, "slice"), **facts)
    'tables: 7 playlists, from 1,000 slices, 2 of them read before'
    """
    if is_unchanged:
        return f"{folder} is up to date: {rows}"
    n_pieces, name = pieces
    resumed = f", {n_reused:,} of them read before" if n_reused else ""
    replaced = "; replaced the tables of another input" if is_replacement else ""
    return f"{folder}: {rows}, from {amount(n_pieces, name)}{resumed}{replaced}"


def _troubles(run: "Run") -> str:
    """Return what did not go well, with a comma before it, or nothing."""
    troubles = (
        (run.limited, "told to slow down"),
        (run.failed, "without a usable reply"),
        (run.rejected, "answers not to be trusted"),
    )
    return "".join(f", {n:,} {what}" for n, what in troubles if n)
