"""What may be set of an evaluation, declared once for all commands that take some of it."""

import inspect
from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Annotated, Any

import typer

from model.commands.number_options import number_option, whole_option
from model.commands.options import DEFAULTS, Seed, is_typed
from model.errors import InputError
from model.settings import PARTS, SOURCES, Part, Settings, SourceName, unread

Command = Callable[..., None]
SIMILARITY = ("neighbours", "min_count", "weighting", "shrinkage", "damping")
"""What decides which songs are similar by the playlists that hold both."""

_OF_SOURCES = frozenset({"neighbours", "min_tag_weight", "min_match"})
"""What a command without --sources reads in any case: it keeps neighbours, or explores tags."""


class ProtocolName(StrEnum):
    """How to evaluate."""

    HOLDOUT = "holdout"
    PUBLISHED = "published"


class PartName(StrEnum):
    """Which part of the split to generate for."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"
    ALL = "all"


class WeightingOption(StrEnum):
    """What makes two songs similar, given the playlists that hold both."""

    COUNT = "count"
    COSINE = "cosine"
    JACCARD = "jaccard"
    TF_IDF = "tf-idf"
    BM25 = "bm25"


def with_settings(*names: str) -> Callable[[Command], Command]:
    """Return a decorator that gives a command these options in the place of its `settings`.

    Typer learns what a command takes from its signature, so the new command shows one in which the
    options stand; the old one is called with `Settings`, in which all else is as by default. An
    option that is typed and would have no effect is refused.

    Parameters
    ----------
    names : str
        Parameters of `_settings`; without any, all.
    """
    every = inspect.signature(_settings).parameters
    shown = [every[name] for name in names or every]

    def spread(command: Command) -> Command:
        @wraps(command)
        def spread_out(*, context: typer.Context, **given: Any) -> None:
            settings = _settings(**{each.name: given.pop(each.name) for each in shown})
            _check_effect(context, settings)
            command(settings=settings, **given)

        own = inspect.signature(command)
        parameters = [inspect.signature(_check_effect).parameters["context"]]
        for each in own.parameters.values():
            parameters += shown if each.name == "settings" else [each]
        vars(spread_out)["__signature__"] = own.replace(parameters=parameters)
        spread_out.__annotations__ = {each.name: each.annotation for each in parameters}
        return spread_out

    return spread


def _settings(
    *,
    protocol: Annotated[
        ProtocolName,
        typer.Option(
            help="holdout: fitted on the training part, judged on another. "
            "published: as the study did it, with its faults, to compare figures.",
        ),
    ] = ProtocolName.HOLDOUT,
    part: Annotated[
        PartName | None,
        typer.Option(
            help="Part to generate for.  [default: test for holdout, all for published]",
        ),
    ] = None,
    clusters: Annotated[
        int, whole_option(low=1, help="Clusters of playlists (study: 2, 10, 50, 100).")
    ] = DEFAULTS.n_clusters,
    similar: Annotated[
        int, whole_option(low=0, help="Similar songs of each step.")
    ] = DEFAULTS.similar,
    playlists_per_cluster: Annotated[
        int, whole_option(low=1, help="Playlists with the most followers to draw songs from.")
    ] = DEFAULTS.playlists_per_cluster,
    share: Annotated[
        float, number_option(low=0, high=1, help="Share of the songs from similarity.")
    ] = DEFAULTS.share,
    seeds: Annotated[
        int, whole_option(low=1, help="First songs that are given, under the holdout protocol.")
    ] = DEFAULTS.n_seeds,
    neighbours: Annotated[
        int, whole_option(low=1, help="Similar songs that are kept of each song.")
    ] = DEFAULTS.neighbours,
    min_count: Annotated[
        int, whole_option(low=1, help="Least co-occurrence of two similar songs.")
    ] = DEFAULTS.min_count,
    weighting: Annotated[
        WeightingOption,
        typer.Option(help="What makes songs similar, under the holdout protocol (study: count)."),
    ] = WeightingOption.COUNT,
    shrinkage: Annotated[
        float,
        number_option(low=0, help="Weight n playlists that hold two songs by n / (n + this)."),
    ] = DEFAULTS.shrinkage,
    damping: Annotated[
        float,
        number_option(
            low=0,
            high=1,
            help="Power of both songs' popularity that a cosine is divided by: 0 none, "
            "1 all of it.",
        ),
    ] = DEFAULTS.damping,
    sources: Annotated[
        str,
        typer.Option(
            metavar="LIST",
            help="Where similar songs come from: any of cooccurrence, tags, similars (both of "
            "last.fm) and audio, with commas between them; the effect of each is shown.",
        ),
    ] = "cooccurrence",
    min_tag_weight: Annotated[
        float, number_option(low=0, high=100, help="Least weight of a tag that counts.")
    ] = DEFAULTS.min_tag_weight,
    min_match: Annotated[
        float, number_option(low=0, high=1, help="Least match of a similar song that counts.")
    ] = DEFAULTS.min_match,
    random_state: Seed = DEFAULTS.random_state,
) -> Settings:
    return Settings(
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


def parts_of(protocol: ProtocolName, part: PartName | None) -> tuple[Part, ...]:
    """Parts to generate for: what was asked for, or what the protocol is for.

    Examples
    --------
    >>> parts_of(ProtocolName.HOLDOUT, None), parts_of(ProtocolName.HOLDOUT, PartName.ALL)
    (('test',), ('validation', 'test'))
    """
    if protocol is ProtocolName.PUBLISHED:
        return PARTS if part in {None, PartName.ALL} else _one(part)
    if part is PartName.ALL:
        return ("validation", "test")
    return _one(part or PartName.TEST)


def sources_of(text: str) -> tuple[SourceName, ...]:
    """Read a list of sources; each counts once, in the order of `settings.SOURCES`.

    Raises
    ------
    InputError
        If one is unknown, or there is none.

    Examples
    --------
    >>> sources_of("tags, cooccurrence,tags")
    ('cooccurrence', 'tags')
    """
    named = [name.strip() for name in text.split(",")]
    unknown = [name for name in named if name not in SOURCES]
    if unknown:
        msg = f"no source {unknown[0]!r}; expected any of {', '.join(SOURCES)}, by commas"
        raise InputError(msg)
    return tuple(name for name in SOURCES if name in named)


def _check_effect(context: typer.Context, settings: Settings) -> None:
    """Refuse what is typed and has no effect: it would stand in the results as if it had."""
    fields = unread(settings.protocol, settings.weighting, settings.sources)
    for field, needed in fields.items():
        if field in _OF_SOURCES and "sources" not in context.params:
            continue
        name = field.removeprefix("n_")
        if is_typed(context, name):
            option = f"--{name.replace('_', '-')}"
            msg = f"{option} counts only with {needed}: choose that, or leave {option} out"
            raise InputError(msg)


def _one(part: PartName | None) -> tuple[Part, ...]:
    return tuple(name for name in PARTS if name == part)
