"""What is asked of the emulator and what it replies, apart from HTTP."""

from dataclasses import dataclass, field

JSON = "application/json; charset=utf-8"
XML = "text/xml; charset=UTF-8"
HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Ask:
    """One request, as far as the services and the faults care.

    Parameters
    ----------
    service : str
        ``token``, ``spotify``, ``reccobeats`` or ``lastfm``.
    endpoint : str
        Method and path without ids, or a last.fm method: the name it is counted under.
    keys : list of str
        What is asked for: Spotify ids, or one ``method⇥artist⇥title`` in lower case.
    is_batch : bool
        Whether the ids came as ``?ids=``.
    bearer : str or None
        The access token shown.
    basic : str or None
        The encoded credentials of Basic authentication.
    form : dict of str to str
        Parameters of a token or last.fm request.
    """

    service: str
    endpoint: str
    keys: list[str] = field(default_factory=list)
    is_batch: bool = False
    bearer: str | None = None
    basic: str | None = None
    form: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply.

    Parameters
    ----------
    status : int
        HTTP status.
    body : bytes
        The whole body.
    content_type : str
        With its character set.
    headers : dict of str to str
        Besides content type and length.
    served : list of str
        Those of the request's keys that this reply settles, a "not known" being an answer too.
    unknown : int
        How many of them the service does not know.
    """

    status: int
    body: bytes
    content_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)
    served: list[str] = field(default_factory=list)
    unknown: int = 0
