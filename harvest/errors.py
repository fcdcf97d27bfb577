"""Every error that `harvest` raises on purpose, and the exit code that each ends in.

::

    HarvestError
    ├── InputError            2   a file, option or setting is not usable as given
    ├── StorageError         74   the state directory cannot be written or read
    ├── Postponed            75   to be gone on with later
    │   ├── BudgetSpent      75   the user's own allowance for the day is used up
    │   ├── DatabaseHeld     75   another program keeps harvest.db from being written
    │   └── StateInUse       75   another harvester works on this state
    ├── CredentialsRefused   77   the service will not serve this key
    │   └── TokenRefused     77   nor a token that it issued just now, for one request at least
    ├── Interrupted     130, 143  SIGINT or SIGTERM came
    └── RequestError              one request failed
        ├── TransientError        the same request may succeed later: it is retried
        │   ├── ServiceUnavailable    5xx, time-out, dropped connection
        │   ├── RateLimited           429; everybody waits
        │   ├── TokenExpired          401; the next try takes a new token
        │   └── UnusableReply         not what was asked for: truncated, HTML, another shape
        ├── RequestRejected       the same request will never succeed
        ├── NothingToAsk          there is nothing to ask a service by: nothing was sent
        ├── Forbidden             403: this key may not ask so
        └── Unexpected            a status that the service should not answer: a wrong address,
            │                     or, once it has answered well, a whim
            └── NothingThere      404: that, or an unknown track

Only `TransientError` is retried.
"""

import signal
from collections.abc import Collection
from datetime import datetime

EXIT_INPUT = 2
EXIT_STORAGE = 74
EXIT_POSTPONED = 75
EXIT_CREDENTIALS = 77


class HarvestError(Exception):
    """Base of all errors raised by `harvest`; its text is fit to be shown to a user."""

    exit_code = 1


class InputError(HarvestError):
    """A file, an option or a setting cannot be used as given."""

    exit_code = EXIT_INPUT


class StorageError(HarvestError):
    """The state directory cannot be written or read."""

    exit_code = EXIT_STORAGE


class Postponed(HarvestError):
    """The job stopped and is to be gone on with later.

    Parameters
    ----------
    message : str
        Why, and until when.
    not_before : datetime, optional
        The earliest time, with its zone, at which to start again.
    """

    exit_code = EXIT_POSTPONED

    def __init__(self, message: str, *, not_before: datetime | None = None) -> None:
        super().__init__(message)
        self.not_before = not_before


class BudgetSpent(Postponed):
    """What the user allows for a day is used up."""


class DatabaseHeld(Postponed):
    """Another program, which need be no harvester, writes to `harvest.db` and does not end."""


class StateInUse(Postponed):
    """Another harvester works on this state.

    Parameters
    ----------
    message : str
        Which state, and what to do.
    pid : int or None
        The other harvester's process id, where it is known.
    """

    def __init__(self, message: str, *, pid: int | None) -> None:
        super().__init__(message)
        self.pid = pid


class CredentialsRefused(HarvestError):
    """The service refuses the credentials, or what they may do."""

    exit_code = EXIT_CREDENTIALS


class TokenRefused(CredentialsRefused):
    """The service refuses a token fresh from it: for this request, or for all."""


class Interrupted(HarvestError):
    """The user, or the system, asked the program to end.

    Parameters
    ----------
    signal_number : int
    """

    def __init__(self, signal_number: int) -> None:
        name = signal.Signals(signal_number).name
        super().__init__(f"stopped by {name}; the same command goes on from here")
        self.exit_code = 128 + signal_number


class RequestError(HarvestError):
    """One request failed.

    Parameters
    ----------
    message : str
        What failed, without the address's query, which may hold a key.
    status : int, optional
        The HTTP status, where a reply came.
    """

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class TransientError(RequestError):
    """The same request may succeed later.

    Attributes
    ----------
    is_of_token : bool
        Whether it was a token that could not be had, so that nothing was asked yet.
    """

    is_of_token = False


class ServiceUnavailable(TransientError):
    """The service answered 5xx, too slowly, or not at all.

    Parameters
    ----------
    message : str
    status : int, optional
    retry_after_s : float, optional
        Seconds to wait, where the service named them.
    """

    def __init__(
        self, message: str, *, status: int | None = None, retry_after_s: float | None = None
    ) -> None:
        super().__init__(message, status=status)
        self.retry_after_s = retry_after_s


class RateLimited(TransientError):
    """The service asks everybody to wait.

    Parameters
    ----------
    message : str
        Who said so.
    retry_after_s : float or None
        Seconds to wait, where the service named them.
    is_quota : bool
        Whether a quota of hours or a day is used up, rather than a rate exceeded.
    """

    def __init__(
        self, message: str, *, retry_after_s: float | None, is_quota: bool = False
    ) -> None:
        super().__init__(message, status=429)
        self.retry_after_s = retry_after_s
        self.is_quota = is_quota


class TokenExpired(TransientError):
    """The service refuses a token that it took before; the next try takes a new one."""


class UnusableReply(TransientError):
    """The reply is not what was asked for: truncated, HTML, or of another shape.

    Parameters
    ----------
    message : str
    status : int, optional
    is_heard : bool
        Whether it shows all the same that the service is up.
    """

    def __init__(self, message: str, *, status: int | None = None, is_heard: bool = False) -> None:
        super().__init__(message, status=status)
        self.is_heard = is_heard


class RequestRejected(RequestError):
    """The service understood the request and will never serve it.

    Parameters
    ----------
    message : str
    status : int, optional
    advice : str
        What to try where it serves no request at all.
    """

    def __init__(self, message: str, *, status: int | None = None, advice: str = "") -> None:
        super().__init__(message, status=status)
        self.advice = advice


class NothingToAsk(RequestError):
    """A track bears no name, or no id, that could be asked for; no request was sent.

    Parameters
    ----------
    message : str
    spotify_ids : collection of str
        What such tracks are known by; none stands for all that were to be asked for.
    """

    def __init__(self, message: str, *, spotify_ids: Collection[str] = ()) -> None:
        super().__init__(message)
        self.spotify_ids = frozenset(spotify_ids)

    def concerns(self, spotify_id: str) -> bool:
        """Say whether it is about this track."""
        return not self.spotify_ids or spotify_id in self.spotify_ids


class Forbidden(RequestError):
    """The service does not serve such requests to this key."""


class Unexpected(RequestError):
    """The service answers what it should not; its address may be wrong."""


class NothingThere(Unexpected):
    """The address answers 404 without the service's own words for an unknown track."""
