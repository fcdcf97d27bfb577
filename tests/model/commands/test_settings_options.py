import inspect

import pytest

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


def test_a_command_shows_the_options_named_where_it_takes_settings() -> None:
    @with_settings("protocol", "random_state")
    def command(*, state: str, settings: Settings, workers: int = 1) -> None: ...

    assert list(inspect.signature(command).parameters) == [
        "state",
        "protocol",
        "random_state",
        "workers",
    ]


def test_what_was_given_arrives_as_settings_and_all_else_as_by_default() -> None:
    arrived: list[tuple[str, Settings]] = []

    @with_settings("seeds", "weighting")
    def command(*, settings: Settings, state: str) -> None:
        arrived.append((state, settings))

    command(state="here", seeds=3, weighting=WeightingOption.BM25)
    assert arrived == [("here", Settings(n_seeds=3, weighting="bm25"))]


def test_without_names_all_that_may_be_set_is_shown() -> None:
    @with_settings()
    def command(*, settings: Settings) -> None: ...

    # All fields of the settings but `recommenders`, which nobody may choose.
    assert len(inspect.signature(command).parameters) == len(Settings.__slots__) - 1


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
