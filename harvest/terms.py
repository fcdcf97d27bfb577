"""last.fm's terms, as far as they bear on what is stored."""

from harvest.errors import Postponed

LASTFM_BYTES = 100_000_000
LASTFM = "last.fm's terms speak of non-commercial use and of at most 100 MB of its data stored"


def fullness(job: str, stored_bytes: int, max_bytes: int | None) -> Postponed | None:
    """Return what ends a job that has stored as much as it may; None while there is room.

    Parameters
    ----------
    job : str
    stored_bytes : int
        Of the service's data; see `harvest.database.rows.BYTES`.
    max_bytes : int or None
        None is no limit.

    Examples
    --------
    >>> print(fullness("lastfm", 100, 80))
    lastfm: 100 bytes of the service's data are stored, --max-bytes allows 80; what came in is \
kept: start again with a larger --max-bytes if the service allows you more, or without it
    >>> fullness("lastfm", 79, 80)
    """
    if max_bytes is None or stored_bytes < max_bytes:
        return None
    return Postponed(
        f"{job}: {stored_bytes:,} bytes of the service's data are stored, --max-bytes allows "
        f"{max_bytes:,}; what came in is kept: start again with a larger --max-bytes if the "
        "service allows you more, or without it"
    )


def megabytes(n_bytes: int) -> str:
    """Return a size for people.

    >>> megabytes(123_456_789), megabytes(40_000)
    ('123.5 MB', '0.1 MB')
    """
    tenths = -(-n_bytes // 100_000)
    return f"{tenths / 10:,.1f} MB"
