"""What the server says on the terminal: faults of the program, in one line each."""

import logging
import sys

from aiohttp import web
from aiohttp.http import HttpProcessingError

_OF_CLIENTS = (HttpProcessingError, web.RequestPayloadError, ConnectionError)
"""What somebody sent amiss, or did not send to the end: the answer says so, if anybody waits."""


def server_log() -> logging.Logger:
    """Give aiohttp a log of its own: by itself it prints the traceback of every wrong request."""
    log = logging.getLogger(__name__)
    log.handlers, log.propagate = [_OneLine(logging.WARNING)], False
    return log


class _OneLine(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, _OF_CLIENTS):
            return
        text = f"{type(error).__name__}: {error}" if error else record.getMessage()
        line = f"model: fault in the program: {' '.join(text.split())}; please report it"
        print(line, file=sys.stderr, flush=True)
