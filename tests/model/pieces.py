"""Pieces of work for engines: in a module of their own, which worker processes can import."""

import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any, NoReturn

from joblib.externals.loky.backend.queues import Queue
from threadpoolctl import threadpool_info

from model.engines.engine import Processes
from model.errors import LeakError

feed = Queue._feed


class Unsendable(Exception):
    """Cannot be pickled."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.lock = threading.Lock()


def square(number: int) -> int:
    return number * number


def slow_square(number: int) -> int:
    time.sleep(0.05)
    return number * number


def process_id(_: int) -> int:
    time.sleep(0.05)
    return os.getpid()


def read_bytes(path: Path) -> bytes:
    return path.read_bytes()


def die_once(piece: tuple[Path, int]) -> int:
    """End the process at the first piece that meets it: whoever makes the file, dies."""
    mark, number = piece
    time.sleep(0.02)
    if number == 3 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def die(_: int) -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def leak(piece: tuple[Path, int]) -> int:
    """Fail at the piece of number 2; each that is begun leaves a file."""
    folder, number = piece
    (folder / str(number)).touch()
    if number == 2:
        raise LeakError("seen", playlist_ids=(4, number))
    time.sleep(0.05)
    return number


def miss(_: int) -> bytes:
    return Path("/nowhere/at/all").read_bytes()


def fail_unsendably(_: int) -> NoReturn:
    raise Unsendable("no way")


def most_threads(_: int) -> int:
    import numpy as np

    np.ones((4, 4)) @ np.ones((4, 4))
    return max([pool["num_threads"] for pool in threadpool_info()], default=1)


def sleep_long(folder: Path) -> None:
    (folder / str(os.getpid())).touch()
    time.sleep(100)


def feed_and_linger(*arguments: Any) -> None:
    """Feed workers, in a thread that then takes its time to end."""
    feed(*arguments)
    time.sleep(0.5)


def terminate(_signal: int, _frame: object) -> NoReturn:
    raise SystemExit(143)


def main() -> None:
    """Keep two workers busy until a signal comes."""
    signal.signal(signal.SIGTERM, terminate)
    try:
        list(Processes(2).run(sleep_long, [Path(sys.argv[1])] * 9))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
