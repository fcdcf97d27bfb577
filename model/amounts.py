"""Numbers with what they count, in the singular where it is one."""


def amount(n: int, one: str, many: str | None = None) -> str:
    """Say how many things there are.

    Parameters
    ----------
    n : int
    one : str
        What one of them is called.
    many : str, optional
        What several are called; `one` with an s by default.

    Examples
    --------
    >>> amount(1, "track"), amount(0, "track"), amount(1200, "entry", "entries")
    ('1 track', '0 tracks', '1,200 entries')
    """
    return f"{n:,} {one if n == 1 else many or one + 's'}"
