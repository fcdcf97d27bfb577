"""Asks a service for one track: whether it answers, lets this user in, and has the same time."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

from harvest.errors import Forbidden, HarvestError, NothingThere, RequestRejected, TokenExpired
from harvest.source import Source, read_reply
from harvest.transport import Request, Response, Sender
from harvest.worklist import Task

# What a service answers to a batch that may serve the same track alone.
BATCH_REFUSED = (Forbidden, NothingThere, RequestRejected)

Authorise = Callable[[Sender], Sender]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking a service.

    Attributes
    ----------
    error : HarvestError or None
        Why a job would not get on; None where it would.
    batch_size : int
        Tracks that the service takes in one request.
    ahead_s : float or None
        How far this machine's clock is ahead of the service's, in seconds; None without a reply.
    """

    error: HarvestError | None
    batch_size: int
    ahead_s: float | None


class DatingSender:
    """Passes requests on and notes what the replies say of the time.

    Parameters
    ----------
    inner : Sender
    clock : callable
        Unix seconds.

    Attributes
    ----------
    ahead_s : float or None
        How far the clock is ahead of the service's; None before the first dated reply.
    """

    def __init__(self, inner: Sender, *, clock: Callable[[], float] = time.time) -> None:
        self.ahead_s: float | None = None
        self._inner = inner
        self._clock = clock

    async def send(self, request: Request) -> Response:
        """Send `request`; take the middle of the way there and back for the moment of the reply."""
        sent_at = self._clock()
        response = await self._inner.send(request)
        said_at = _unix_s(response.headers.get("Date"))
        if said_at is not None:
            self.ahead_s = (sent_at + self._clock()) / 2 - said_at
        return response


async def probe(
    source: Source,
    task: Task,
    *,
    sender: Sender,
    authorise: Authorise,
    clock: Callable[[], float] = time.time,
) -> Answer:
    """Ask `source` for one track; where it refuses batches, by the path for a single track.

    Parameters
    ----------
    source : Source
    task : Task
        A track that the service is likely to know; that it does not is no fault.
    sender : Sender
    authorise : callable
        Takes a sender and returns one that adds what the service wants to see.
    clock : callable
        Unix seconds.
    """
    dating = DatingSender(sender, clock=clock)
    authorised = authorise(dating)
    try:
        await _ask(source, task, authorised)
    except HarvestError as error:
        single = source.single()
        if single is not None and isinstance(error, BATCH_REFUSED):
            return await _probe_single(single, task, authorised, dating, error)
        return Answer(error, source.batch_size, dating.ahead_s)
    return Answer(None, source.batch_size, dating.ahead_s)


async def _probe_single(
    source: Source, task: Task, sender: Sender, dating: DatingSender, refusal: HarvestError
) -> Answer:
    """Return `refusal` where asking for the track alone is no better."""
    try:
        await _ask(source, task, sender)
    except HarvestError:
        return Answer(refusal, source.batch_size, dating.ahead_s)
    return Answer(None, source.batch_size, dating.ahead_s)


async def _ask(source: Source, task: Task, sender: Sender) -> None:
    """Send one request and read its reply; a token refused at once has one more chance."""
    request = source.request([task], source.parts[0])
    try:
        response = await sender.send(request)
    except TokenExpired:
        response = await sender.send(request)
    read_reply(source, [task], source.parts[0], response)


def _unix_s(http_date: str | None) -> float | None:
    try:
        when = parsedate_to_datetime(http_date or "")
    except (ValueError, OverflowError):
        return None
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
