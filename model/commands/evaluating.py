"""The commands that say how good generated playlists are: `evaluate`, `sweep`."""

from typing import Annotated

import typer

from model.number_options import number_option, whole_option
from model.options import (
    DEFAULT_STATE,
    DEFAULT_WORKERS,
    DEFAULTS,
    Clusters,
    Damping,
    Dask,
    MinCount,
    MinMatch,
    MinTagWeight,
    Neighbours,
    PartName,
    ProtocolName,
    ProtocolOption,
    RandomState,
    Seeds,
    Shrinkage,
    Sources,
    State,
    Weighting,
    WeightingOption,
    Workers,
    parts_of,
    progress,
    sources_of,
)
from model.settings import Settings

app = typer.Typer()


@app.command()
def evaluate(
    state: State = DEFAULT_STATE,
    protocol: ProtocolOption = ProtocolName.HOLDOUT,
    part: Annotated[
        PartName | None,
        typer.Option(
            help="Part to generate for.  [default: test for holdout, all for published]",
        ),
    ] = None,
    clusters: Clusters = DEFAULTS.n_clusters,
    similar: Annotated[
        int, whole_option(low=0, help="Similar songs of each step.")
    ] = DEFAULTS.similar,
    playlists_per_cluster: Annotated[
        int, whole_option(low=1, help="Playlists with the most followers to draw songs from.")
    ] = DEFAULTS.playlists_per_cluster,
    share: Annotated[
        float, number_option(low=0, high=1, help="Share of the songs from similarity.")
    ] = DEFAULTS.share,
    seeds: Seeds = DEFAULTS.n_seeds,
    neighbours: Neighbours = DEFAULTS.neighbours,
    min_count: MinCount = DEFAULTS.min_count,
    weighting: Weighting = WeightingOption.COUNT,
    shrinkage: Shrinkage = DEFAULTS.shrinkage,
    damping: Damping = DEFAULTS.damping,
    sources: Sources = "cooccurrence",
    min_tag_weight: MinTagWeight = DEFAULTS.min_tag_weight,
    min_match: MinMatch = DEFAULTS.min_match,
    random_state: RandomState = DEFAULTS.random_state,
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
    from model.jobs import run_evaluation

    settings = Settings(
        protocol=protocol.value,
        parts=parts_of(protocol, part),
        n_clusters=clusters,
        similar=similar,
        playlists_per_cluster=playlists_per_cluster,
        share=share,
        min_count=min_count,
        random_state=random_state,
        n_seeds=seeds,
        neighbours=neighbours,
        weighting=weighting.value,
        shrinkage=shrinkage,
        damping=damping,
        sources=sources_of(sources),
        min_tag_weight=min_tag_weight,
        min_match=min_match,
    )
    run_evaluation(state, settings, say=progress(), workers=workers, dask=dask)


@app.command()
def sweep(
    grid: Annotated[
        list[str],
        typer.Option(
            metavar="NAME=VALUES",
            help="clusters, similar, playlists (per cluster) or share, with values by commas or as "
            'first:last:step; several, as in "clusters=2,10 share=0:1:0.25".',
        ),
    ],
    state: State = DEFAULT_STATE,
    protocol: ProtocolOption = ProtocolName.HOLDOUT,
    metric: Annotated[
        str | None,
        typer.Option(
            help="Figure to choose by.  [default: r_precision for holdout, metric2 for published]"
        ),
    ] = None,
    seeds: Seeds = DEFAULTS.n_seeds,
    neighbours: Neighbours = DEFAULTS.neighbours,
    min_count: MinCount = DEFAULTS.min_count,
    weighting: Weighting = WeightingOption.COUNT,
    shrinkage: Shrinkage = DEFAULTS.shrinkage,
    damping: Damping = DEFAULTS.damping,
    random_state: RandomState = DEFAULTS.random_state,
    workers: Workers = DEFAULT_WORKERS,
    dask: Dask = None,
) -> None:
    """Try parameters of the study's generator beside each other, on the validation part.

    Prints the best with its interval, and how far it is from the others; a table and a heat map go
    to STATE/results/. Cells that were finished before are taken as they are.
    """
    from model.grid import parse_grid

    parse_grid(" ".join(grid))  # one that cannot be used is refused before pandas is loaded
    from model.sweep_job import run_sweep

    settings = Settings(
        protocol=protocol.value,
        parts=("validation",),
        n_seeds=seeds,
        neighbours=neighbours,
        min_count=min_count,
        weighting=weighting.value,
        shrinkage=shrinkage,
        damping=damping,
        random_state=random_state,
    )
    run_sweep(
        state,
        settings,
        " ".join(grid),
        metric=metric,
        say=progress(),
        workers=workers,
        dask=dask,
    )
