import pytest

from harvest import cli


@pytest.fixture
def harvest(capsys):
    """Runs the program in this process; gives its exit code, stdout and stderr."""

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            cli.main([str(argument) for argument in arguments])
        shown = capsys.readouterr()
        return ended.value.code or 0, shown.out, shown.err

    return run
