import pytest

from model import options


def test_there_is_a_worker_a_processor() -> None:
    assert options.DEFAULT_WORKERS >= 1


def test_progress_goes_to_stderr_with_the_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    options.progress()("half way")
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == "model:    0.0 s  half way\n"
