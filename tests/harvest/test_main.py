"""The first moments of the program, while it imports itself."""

import signal

import pytest

from tests.importing import ROOT, importing

AS_INSTALLED = "from harvest.__main__ import main; main()"


@pytest.mark.parametrize("argv", [("-m", "harvest", "status"), ("-c", AS_INSTALLED)])
def test_ctrl_c_while_the_program_imports_itself_ends_it_without_a_word(argv, tmp_path):
    with importing(tmp_path, *argv) as process:
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
        assert (process.returncode, err) == (130, "")


def test_a_signal_that_is_ignored_stays_ignored(tmp_path):
    ignoring = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); "
    with importing(tmp_path, "-c", ignoring + AS_INSTALLED) as process:
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
        assert process.returncode == -signal.SIGTERM


def test_the_installed_program_begins_there():
    assert 'harvest = "harvest.__main__:main"' in (ROOT / "pyproject.toml").read_text()
