"""What the engine needs of a service: how to ask, and how to read the answer. No I/O."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from harvest.errors import HarvestError, NothingToAsk, UnusableReply
from harvest.records import SPOTIFY_ID, Record
from harvest.texts.secrecy import hide_in_all, hide_in_error
from harvest.transport import Request, Response
from harvest.worklist import Task

NO_SPOTIFY_ID = "not asked for: its id is none of Spotify's, 22 letters and digits"
TWO_ROWS = "the reply holds two different rows for it"  # which one is right, nobody can say


@dataclass(frozen=True, slots=True)
class Reply:
    """What one reply says of the tracks that were asked for.

    A track stands in one of the three at most; one that stands in none was answered in full.

    Attributes
    ----------
    records : sequence of Record
        Rows to store.
    missing : mapping of spotify_id to reason
        Tracks that the service does not know.
    rejected : mapping of spotify_id to reason
        Tracks whose answer cannot be trusted: to be asked for again.
    is_heard : bool
        Whether it shows that the service is up, though what it says of every track is rejected.
    """

    records: Sequence[Record]
    missing: Mapping[str, str] = field(default_factory=dict)
    rejected: Mapping[str, str] = field(default_factory=dict)
    is_heard: bool = False


class Source(Protocol):
    """A service behind the engine.

    Attributes
    ----------
    job : str
        Its job in the resume log.
    provider : str
        Stored with each row.
    parts : tuple of str
        The requests that one track may take, in order; each is stored by itself.
    wanted : int
        Bit i is set where the i-th of `parts` is to be asked for.
    batch_size : int
        Tracks in one request, at most.
    address : str
        Where it is found.
    setting : str
        The variable of the environment that says so.
    """

    job: str
    provider: str
    parts: tuple[str, ...]
    wanted: int
    batch_size: int
    address: str
    setting: str

    def single(self) -> "Source | None":
        """Return the same service, asked for one track at a time; None where it is that already."""
        ...

    def request(self, tasks: Sequence[Task], part: str) -> Request:
        """Return the request that asks for `part` of `tasks`.

        Raises
        ------
        NothingToAsk
            If tracks bear no name, or no id, to ask by: such have to be left out.
        """
        ...

    def otherwise(self, task: Task) -> Task | None:
        """Return how else to ask for a track that the service does not know; None where no way is.

        Only a source that asks for one track at a time has other ways.
        """
        ...

    def read(self, tasks: Sequence[Task], part: str, response: Response) -> Reply:
        """Return what `response` says of `tasks`.

        Raises
        ------
        TransientError
            If the same request may be answered better another time.
        RequestRejected
            If it never will.
        Forbidden
            If the key may not ask so, but perhaps otherwise.
        CredentialsRefused
            If no request will be served.
        """
        ...


def require_ids(tasks: Sequence[Task]) -> None:
    """Raise `NothingToAsk` where `tasks` have ids that cannot be Spotify's; see `records`."""
    odd = [task.spotify_id for task in tasks if not SPOTIFY_ID.fullmatch(task.spotify_id)]
    if odd:
        raise NothingToAsk(NO_SPOTIFY_ID, spotify_ids=odd)


def read_reply(source: Source, tasks: Sequence[Task], part: str, response: Response) -> Reply:
    """Read a reply; what is said of it holds no secret that was sent, what is in it is left alone.

    Raises
    ------
    HarvestError
        As `Source.read`.
    """
    try:
        reply = source.read(tasks, part, response)
    except HarvestError as error:
        hide_in_error(error, response.secrets)
        raise
    if not response.secrets:
        return reply
    return replace(
        reply,
        missing=hide_in_all(reply.missing, response.secrets),
        rejected=hide_in_all(reply.rejected, response.secrets),
    )


def read_believable(source: Source, tasks: Sequence[Task], part: str, response: Response) -> Reply:
    """Read a reply; one of which nothing can be trusted says nothing of any track.

    Raises
    ------
    UnusableReply
        If what it says of every track was rejected, for the first one's reason.
    HarvestError
        As `Source.read`.
    """
    reply = read_reply(source, tasks, part, response)
    if not reply.records and len(reply.rejected) == len(tasks):
        raise UnusableReply(next(iter(reply.rejected.values())), is_heard=reply.is_heard)
    return reply
