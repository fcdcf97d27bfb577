"""Replies of another shape than the service's, and for how long they are a bad moment of it."""

from collections.abc import Callable, Sequence

from harvest.errors import InputError, Postponed, RateLimited, ServiceUnavailable, UnusableReply
from harvest.plan import duration
from harvest.source import Reply, Source
from harvest.transport import Response
from harvest.worklist import Task

# Of what stands before a service in an outage, such as a page. Nothing else has come for so long:
ENOUGH_REPLIES = 5
STRANGER_S = 60.0  # from what never answered well, in any run
KNOWN_S = 600.0  # from what did in an earlier run

Read = Callable[[Source, Sequence[Task], str, Response], Reply]


class Shapes:
    """Counts the replies of another shape until a good one comes, if one ever does in this run.

    Parameters
    ----------
    clock : callable
        Seconds.
    """

    def __init__(self, *, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._is_right = False
        self._n_odd = 0
        self._since = 0.0

    def read(
        self, read: Read, source: Source, tasks: Sequence[Task], part: str, response: Response
    ) -> Reply:
        """Return what `read` makes of a reply, and note of what shape that was."""
        try:
            reply = read(source, tasks, part, response)
        except UnusableReply as error:
            self._is_right |= error.is_heard
            self._since = self._since if self._n_odd else self._clock()
            self._n_odd += 1
            raise
        except (RateLimited, ServiceUnavailable):  # an outage, whatever else comes in it
            self._n_odd = 0
            raise
        self._is_right = True
        return reply

    def require(self, source: Source, error: Exception, *, is_known: bool) -> None:
        """Raise where nothing but odd replies has come for too long.

        Parameters
        ----------
        source : Source
        error : Exception
            What the last one was.
        is_known : bool
            Whether the service answered well in an earlier run.

        Raises
        ------
        InputError
            This is no such service.
        Postponed
            It was one before, and may be again.
        """
        lasted = self._clock() - self._since
        longest = KNOWN_S if is_known else STRANGER_S
        if self._is_right or self._n_odd < ENOUGH_REPLIES or lasted < longest:
            return
        said = f"{source.address} has sent nothing usable for {duration(lasted)} ({error})"
        check = f"check that {source.setting} is the address of a service of the shape asked for"
        if is_known:
            raise Postponed(f"{said}, as it did before; start the same command later, or {check}")
        raise InputError(f"{said}; {check}")
