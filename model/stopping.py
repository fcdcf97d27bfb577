"""Ctrl-C and SIGTERM: they end the program, wherever they reach it."""

import signal
import sys
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any

AGAIN_S = 0.5

_came: list[int] = []


class Terminated(BaseException):
    """The process was asked to end (SIGTERM)."""


def listen() -> None:
    """Raise `KeyboardInterrupt` or `Terminated` where a signal comes, and again where it is lost.

    Python passes over what is raised at the end of an object, and an import that is broken off may
    be an `ImportError`, which whoever imports takes for a library that is not there.
    """
    _came.clear()
    signal.signal(signal.SIGTERM, _stop)
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, _stop)
    signal.signal(signal.SIGALRM, _stop_again)
    sys.unraisablehook = partial(_pass_over, sys.unraisablehook)


def stopped_by() -> int | None:
    """Give the signal that came, if one did; from now on it is not raised again."""
    signal.setitimer(signal.ITIMER_REAL, 0)
    return _came[0] if _came else None


def _stop(number: int, _: FrameType | None) -> None:
    _came.append(number)
    signal.setitimer(signal.ITIMER_REAL, AGAIN_S)
    raise _error(number)


def _stop_again(_: int, __: FrameType | None) -> None:
    signal.setitimer(signal.ITIMER_REAL, AGAIN_S)
    if not _is_unwinding():
        raise _error(_came[-1])


def _error(number: int) -> BaseException:
    return KeyboardInterrupt() if number == signal.SIGINT else Terminated()


def _is_unwinding() -> bool:
    """Whether what was raised is on its way, and things are being cleared up."""
    error = sys.exception()
    while error is not None and not isinstance(error, KeyboardInterrupt | Terminated):
        error = error.__context__
    return error is not None


def _pass_over(say: Callable[[Any], object], lost: Any) -> None:
    if not isinstance(lost.exc_value, KeyboardInterrupt | Terminated):
        say(lost)
