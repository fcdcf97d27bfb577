"""The command that sets recommenders beside each other: `compare`."""

from enum import StrEnum
from typing import Annotated

import typer

from model.commands.challenge import Definition, DefinitionName
from model.commands.options import DEFAULT_STATE, DEFAULTS, Seed, State, playlists_option, progress

app = typer.Typer()

ABLATED = "ranker"
"""The recommender that reads every source."""


class HeldOutPart(StrEnum):
    """Parts that nothing is fitted on."""

    VALIDATION = "validation"
    TEST = "test"


@app.command()
def compare(
    recommenders: Annotated[
        str | None,
        typer.Option(
            metavar="A,B,C", help="Names with commas between.  [default: all, and neighbours:bm25]"
        ),
    ] = None,
    part: Annotated[
        HeldOutPart,
        typer.Option(help="Part of the split to cut the playlists from."),
    ] = HeldOutPart.TEST,
    playlists: Annotated[int, playlists_option("Playlists, ten categories together.")] = 10_000,
    curve: Annotated[
        bool, typer.Option("--curve", help="Fit on 1/8, 1/4 and 1/2 of the playlists too.")
    ] = False,
    ablation: Annotated[
        bool,
        typer.Option("--ablation", help="Fit the ranker without each source of the harvest too."),
    ] = False,
    definition: Definition = DefinitionName.CODE,
    random_state: Seed = DEFAULTS.random_state,
    state: State = DEFAULT_STATE,
) -> None:
    """Compare recommenders on one split, cut in the ten categories of the RecSys Challenge 2018.

    Prints R-precision, NDCG and clicks with 95 % intervals, how surely the best is better than the
    next, what each costs, and what its lists are like. Tables go to STATE/results/compare-PART.

    Each recommender runs in a process of its own. What was measured is used again until something
    that it depends on changes: interrupted, the next run goes on with the recommender that this
    one was at.
    """
    from model.comparison.comparing import Wish
    from model.comparison.job import run_comparison
    from model.comparison.task import Cutting
    from model.recommenders.registry import NAMES

    names = (*NAMES, "neighbours:bm25") if recommenders is None else names_of(recommenders)
    cutting = Cutting(part.value, random_state, playlists)
    wish = Wish(
        names=names,
        cutting=cutting,
        definition=definition.value,
        has_curve=curve,
        ablated=ABLATED if ablation else None,
    )
    run_comparison(state, wish, say=progress())


def names_of(text: str) -> tuple[str, ...]:
    """Read names with commas between them.

    Examples
    --------
    >>> names_of("als, titles")
    ('als', 'titles')
    """
    return tuple(name.strip() for name in text.split(",") if name.strip())
