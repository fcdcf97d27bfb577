"""Texts of others: whether they can be read, and as people are shown them."""


def is_utf8(content: bytes) -> bool:
    r"""Say whether bytes are text in UTF-8.

    Examples
    --------
    >>> is_utf8("é".encode()), is_utf8(b"\xe9")
    (True, False)
    """
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def printable(text: str, most: int | None = None) -> str:
    r"""Return a text that is one line and moves no terminal, whatever is in it.

    Parameters
    ----------
    text : str
    most : int, optional
        Characters that are shown of it, the sign that more follow among them.

    Examples
    --------
    >>> printable("a\nb") == "a\N{REPLACEMENT CHARACTER}b"
    True
    >>> printable("abcdef", 4), printable("abcd", 4)
    ('abc…', 'abcd')
    """
    if most is not None and len(text) > most:
        text = text[: most - 1] + "…"
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)
