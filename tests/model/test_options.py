import pytest

from model import options
from model.errors import InputError
from model.options import PartName, ProtocolName, WeightingOption, parts_of, sources_of
from model.settings import PARTS, WEIGHTINGS


def test_parts_are_those_that_a_protocol_is_for_unless_named() -> None:
    assert parts_of(ProtocolName.HOLDOUT, None) == ("test",)
    assert parts_of(ProtocolName.HOLDOUT, PartName.ALL) == ("validation", "test")
    assert parts_of(ProtocolName.PUBLISHED, None) == PARTS
    assert parts_of(ProtocolName.PUBLISHED, PartName.ALL) == PARTS
    assert parts_of(ProtocolName.PUBLISHED, PartName.VALIDATION) == ("validation",)


def test_every_weighting_can_be_chosen() -> None:
    assert tuple(WeightingOption) == WEIGHTINGS


def test_there_is_a_worker_a_processor() -> None:
    assert options.DEFAULT_WORKERS >= 1


def test_progress_goes_to_stderr_with_the_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    options.progress()("half way")
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == "model:    0.0 s  half way\n"


def test_sources_count_once_in_one_order() -> None:
    assert sources_of("audio, tags,audio") == ("tags", "audio")
    with pytest.raises(InputError, match="no source 'genre'"):
        sources_of("genre")
