import pickle
from pathlib import Path

import pytest

from model.engines.outcomes import Done, Failed, attempt, result_of
from model.errors import LeakError
from tests.model import pieces


def test_work_that_ends_well_gives_its_result() -> None:
    assert attempt(pieces.square, 3) == Done(9)


def test_an_error_with_arguments_of_its_own_comes_back_with_them(tmp_path: Path) -> None:
    sent = pickle.loads(pickle.dumps(attempt(pieces.leak, (tmp_path, 2))))
    with pytest.raises(LeakError, match="seen") as caught:
        result_of(sent)
    assert caught.value.playlist_ids == (4, 2)
    assert str(caught.value) == "seen"
    assert "in leak" in caught.value.__notes__[0]


def test_an_error_of_the_operating_system_keeps_its_file() -> None:
    with pytest.raises(FileNotFoundError) as caught:
        result_of(attempt(pieces.miss, 0))
    assert caught.value.filename == "/nowhere/at/all"


def test_an_error_that_cannot_be_sent_is_told_in_words() -> None:
    outcome = attempt(pieces.fail_unsendably, 0)
    assert isinstance(outcome, Failed)
    with pytest.raises(RuntimeError, match="Unsendable: no way"):
        result_of(outcome)
