import pytest

from model.saying import say_nothing


def test_a_line_that_nobody_needs_goes_nowhere(capsys: pytest.CaptureFixture[str]) -> None:
    say_nothing("half way")
    assert capsys.readouterr() == ("", "")
