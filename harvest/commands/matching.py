"""The command that reconciles songs with tracks: `match`."""

from typing import TYPE_CHECKING, Annotated

import typer

from harvest.amounts import amount
from harvest.commands.options import DEFAULT_STATE, State, Workers, positive_share
from harvest.matching import DEFAULT_THRESHOLD

if TYPE_CHECKING:
    from harvest.sources.msd_tables import MatchManifest

app = typer.Typer()


@app.command()
def match(
    state: State = DEFAULT_STATE,
    threshold: Annotated[
        float,
        typer.Option(
            parser=positive_share,
            metavar="S",
            help="How alike names must be in the fuzzy step, above 0 and up to 1.",
        ),
    ] = DEFAULT_THRESHOLD,
    workers: Workers = None,
) -> None:
    """Find the tracks of the tables that the Million Song Dataset's songs are, by their names.

    First the same names, then the same without suffixes such as "- Remastered 2011", then nearly
    the same. What cannot be told apart is listed in STATE/msd/ambiguous.csv, never guessed.
    """
    from harvest.matching.job import match as run

    print(_told(run(state, threshold=threshold, workers=workers)))


def _told(manifest: "MatchManifest") -> str:
    """Say what each step came to, and all together."""
    lines: list[str] = []
    for name, step in manifest.steps.items():
        passed_over = f", {step.passed_over:,} too many to compare" * bool(step.passed_over)
        lines.append(
            f"{name}: {_of(step.tracks, manifest.tracks, 'track')}, "
            f"{_of(step.songs, manifest.songs, 'song')}; "
            f"{amount(step.ambiguous, 'track')} ambiguous{passed_over}"
        )
    n_tracks = sum(step.tracks for step in manifest.steps.values())
    n_ambiguous = sum(step.ambiguous for step in manifest.steps.values())
    n_left = manifest.tracks - n_tracks - n_ambiguous
    lines.append(
        f"matched: {_of(n_tracks, manifest.tracks, 'track')}, "
        f"{_of(manifest.matched_songs, manifest.songs, 'song')}; {amount(n_ambiguous, 'track')} "
        f"ambiguous, {n_left:,} without a song"
    )
    return "\n".join(lines)


def _of(count: int, total: int, what: str) -> str:
    share_of_all = f" ({count / total:.1%})" if total else ""
    return f"{count:,} of {amount(total, what)}{share_of_all}"
