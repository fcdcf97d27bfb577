import inspect
from collections.abc import Callable

import pytest
import typer

from model.commands.settings_options import (
    PartName,
    ProtocolName,
    WeightingOption,
    parts_of,
    sources_of,
    with_settings,
)
from model.errors import InputError
from model.settings import PARTS, WEIGHTINGS, Settings


def run(command: Callable[..., None], *arguments: str) -> None:
    """Call a command by what is typed."""
    app = typer.Typer()
    app.command()(command)
    app(arguments, standalone_mode=False)


def test_a_command_shows_the_options_named_where_it_takes_settings() -> None:
    @with_settings("protocol", "random_state")
    def command(*, state: str, settings: Settings, workers: int = 1) -> None: ...

    assert list(inspect.signature(command).parameters) == [
        "context",
        "state",
        "protocol",
        "random_state",
        "workers",
    ]


def test_what_was_given_arrives_as_settings_and_all_else_as_by_default() -> None:
    arrived: list[tuple[str, Settings]] = []

    @with_settings("seeds", "weighting")
    def command(*, settings: Settings, state: str = "") -> None:
        arrived.append((state, settings))

    run(command, "--seeds", "3", "--weighting", "bm25", "--state", "here")
    assert arrived == [("here", Settings(n_seeds=3, weighting="bm25"))]


def test_without_names_all_that_may_be_set_is_shown() -> None:
    @with_settings()
    def command(*, settings: Settings) -> None: ...

    # All fields of the settings but `recommenders`, which nobody may choose; and the context.
    assert len(inspect.signature(command).parameters) == len(Settings.__slots__)


def test_an_option_that_nobody_declared_cannot_be_asked_for() -> None:
    with pytest.raises(KeyError, match="colour"):
        with_settings("colour")


def test_parts_are_those_that_a_protocol_is_for_unless_named() -> None:
    assert parts_of(ProtocolName.HOLDOUT, None) == ("test",)
    assert parts_of(ProtocolName.HOLDOUT, PartName.ALL) == ("validation", "test")
    assert parts_of(ProtocolName.PUBLISHED, None) == PARTS
    assert parts_of(ProtocolName.PUBLISHED, PartName.ALL) == PARTS
    assert parts_of(ProtocolName.PUBLISHED, PartName.VALIDATION) == ("validation",)


def test_every_weighting_can_be_chosen() -> None:
    assert tuple(WeightingOption) == WEIGHTINGS


def test_sources_count_once_in_one_order() -> None:
    assert sources_of("audio, tags,audio") == ("tags", "audio")
    with pytest.raises(InputError, match="no source 'genre'"):
        sources_of("genre")


@with_settings()
def every(*, settings: Settings) -> None:
    """Take all."""


@with_settings("protocol", "neighbours", "min_tag_weight")
def some(*, settings: Settings) -> None:
    """Take what makes similar songs, and no lists."""


@pytest.mark.parametrize(
    ("typed", "needed"),
    [
        ("--protocol published --seeds 3", "--seeds counts only with --protocol holdout"),
        ("--protocol published --weighting bm25", "--weighting counts only with --protocol ho"),
        ("--protocol published --shrinkage 2", "--shrinkage counts only with --protocol holdout"),
        ("--protocol published --neighbours 9", "--neighbours counts only with several --sources"),
        (
            "--neighbours 9",
            "--neighbours counts only with several --sources: choose that, or leave",
        ),
        ("--protocol published --damping 0.5", "--damping counts only with --protocol holdout"),
        ("--weighting bm25 --damping 0.7", "--damping counts only with --weighting cosine"),
        ("--damping 0.7", "--damping counts only with --weighting cosine: choose that, or leave"),
        ("--min-tag-weight 9", "--min-tag-weight counts only with tags among --sources: choose"),
        ("--sources tags --min-match 0.1", "--min-match counts only with similars among --sources"),
    ],
)
def test_what_is_typed_and_has_no_effect_is_refused(typed: str, needed: str) -> None:
    with pytest.raises(InputError, match=needed):
        run(every, *typed.split())


@pytest.mark.parametrize(
    ("command", "typed"),
    [
        (every, "--protocol published --min-count 3"),
        (every, "--weighting cosine --damping 0.7"),
        (every, "--sources tags,similars --min-tag-weight 9 --min-match 0.1 --neighbours 9"),
        (some, "--protocol published --neighbours 9"),
        (some, "--min-tag-weight 9"),
    ],
)
def test_what_has_an_effect_is_taken(command: Callable[..., None], typed: str) -> None:
    run(command, *typed.split())
