"""Where `harvest` and `python -m harvest` begin: ready for Ctrl-C before anything is imported."""

import os
import signal
import sys
from types import FrameType
from typing import NoReturn


def main() -> NoReturn:
    """Run `harvest`; a Ctrl-C before it listens itself ends it without a word."""
    is_heeded = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    try:
        if is_heeded:
            signal.signal(signal.SIGINT, _leave)
        from harvest import cli

        if is_heeded:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        cli.main()
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    """End at once: what is raised in an import may be taken for a library that is not there."""
    os._exit(128 + number)


if __name__ == "__main__":
    main()
