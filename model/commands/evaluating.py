"""The commands that say how good generated playlists are: `evaluate`, `sweep`."""

from dataclasses import replace
from typing import Annotated

import typer

from model.commands.options import DEFAULT_STATE, DEFAULT_WORKERS, Dask, State, Workers, progress
from model.commands.settings_options import SIMILARITY, with_settings
from model.settings import Settings

app = typer.Typer()

_OF_PAIRS = [name for name in SIMILARITY if name != "neighbours"]
"""What decides how similar two songs are; a grid says how many are used."""


@app.command()
@with_settings()
def evaluate(
    *,
    state: State = DEFAULT_STATE,
    settings: Settings,
    workers: Workers = DEFAULT_WORKERS,
    dask: Dask = None,
) -> None:
    """Evaluate the study's generator beside random and popular songs.

    Splits the playlists, learns similar songs, features, clusters and followers, generates
    playlists, and prints followers diff, distance, match, metric, metric2, R-precision, NDCG and
    clicks. A row a playlist and a summary go to STATE/results/.

    What was learnt lies under STATE/model/ and is used again until something that it depends on
    changes. Interrupted, the next run goes on where this one stopped.

    With other --sources than cooccurrence, the generator looks up similar songs there too: each
    alone, each beside co-occurrence and all together are compared with co-occurrence alone, on the
    same playlists.

    Run `harvest mpd PATH` and `harvest spotify` first; for tags and similars `harvest lastfm`, or
    `harvest msd PATH` and `harvest match`.
    """
    # Imported here, so that `model --help` does not wait for pandas and scikit-learn.
    from model.evaluation.job import run_evaluation

    run_evaluation(state, settings, say=progress(), workers=workers, dask=dask)


@app.command()
@with_settings("protocol", "seeds", *_OF_PAIRS, "random_state")
def sweep(
    *,
    grid: Annotated[
        list[str],
        typer.Option(
            metavar="NAME=VALUES",
            help="clusters, similar, playlists (per cluster) or share, with values by commas or as "
            'first:last:step; several, as in "clusters=2,10 share=0:1:0.25".',
        ),
    ],
    state: State = DEFAULT_STATE,
    metric: Annotated[
        str | None,
        typer.Option(
            help="Figure to choose by.  [default: r_precision for holdout, metric2 for published]"
        ),
    ] = None,
    settings: Settings,
    workers: Workers = DEFAULT_WORKERS,
    dask: Dask = None,
) -> None:
    """Try parameters of the study's generator beside each other, on the validation part.

    Prints the best with its interval, and how far it is from the others; a table and a heat map go
    to STATE/results/. Cells that were finished before are taken as they are.
    """
    from model.sweeping.grid import parse_grid

    parse_grid(" ".join(grid))  # one that cannot be used is refused before pandas is loaded
    from model.sweeping.job import run_sweep

    run_sweep(
        state,
        replace(settings, parts=("validation",)),
        " ".join(grid),
        metric=metric,
        say=progress(),
        workers=workers,
        dask=dask,
    )
