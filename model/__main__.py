"""Where `model` and `python -m model` begin: ready for Ctrl-C before anything is imported."""

import os
import signal
import sys
from types import FrameType
from typing import NoReturn


def main() -> None:
    """Run `model`; a Ctrl-C before it listens itself ends it without a word."""
    try:
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, _leave)
        from model import cli

        cli.main()  # which takes the signal over
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    """End at once: what is raised in an import may be taken for a library that is not there."""
    os._exit(128 + number)


if __name__ == "__main__":
    main()
