"""The names of several artists in one cell."""

import re

# "Tyler, The Creator,Kali Uchis": what parts artists is followed by no space. "10,000 Maniacs":
# what parts digits parts no artists, unless their number says so.
_CLOSE = r"(?:(?<!\d),(?!\s)|,(?![\s\d]))"
_CLOSE_COMMA = re.compile(rf"(?<!\\){_CLOSE}")
_COMMA = re.compile(rf"(?<!\\)(?:,\s+|{_CLOSE})")
_ANY_CLOSE_COMMA = re.compile(r"(?<!\\),(?!\s)")
_ANY_COMMA = re.compile(r"(?<!\\),\s*")


def artists_in(cell: str, *, n_artists: int) -> list[str]:
    r"""Part the names of several artists.

    Parameters
    ----------
    cell : str
        Parted by semicolons, or by commas; a comma within a name may have a backslash before it.
    n_artists : int
        How many there are, 0 where nothing says so. A comma with a space behind it, or between two
        digits, parts names only where that gives as many.

    Examples
    --------
    >>> artists_in("Tyler, The Creator,Kali Uchis", n_artists=0)
    ['Tyler, The Creator', 'Kali Uchis']
    >>> artists_in(r"Tyler\, The Creator, Kali Uchis", n_artists=2)
    ['Tyler, The Creator', 'Kali Uchis']
    >>> artists_in("Earth, Wind & Fire", n_artists=1)
    ['Earth, Wind & Fire']
    >>> artists_in("10,000 Maniacs,R.E.M.", n_artists=0)
    ['10,000 Maniacs', 'R.E.M.']
    """
    is_certain = "\\," in cell or ";" in cell or _CLOSE_COMMA.search(cell) is not None
    commas = (_CLOSE_COMMA, _COMMA, *((_ANY_CLOSE_COMMA, _ANY_COMMA) if n_artists else ()))
    for parts in (cell.split(";"), *(comma.split(cell) for comma in commas)):
        is_parted = len(parts) > 1 and (parts[0] + parts[-1]).strip() != ""
        if is_parted and (len(parts) == n_artists or (not n_artists and is_certain)):
            return [_unescaped(part) for part in parts]
    return [_unescaped(cell)]


def _unescaped(name: str) -> str:
    return name.replace("\\,", ",").strip()
