"""JSON text that is not quite as it should be."""

import re

_ESCAPES = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"  # a whole pair
    rb"|(u[dD][89a-fA-F][0-9a-fA-F]{2})"  # half a pair
    rb"|.)"
)


def mend_surrogates(content: bytes) -> bytes:
    r"""Put U+FFFD for each escape that is half a surrogate pair, which is no character.

    Examples
    --------
    >>> mend_surrogates(rb'"\ud83d\ude00 \ud83d \\ud83d"')
    b'"\\ud83d\\ude00 \\ufffd \\\\ud83d"'
    """
    return _ESCAPES.sub(lambda match: rb"\ufffd" if match[1] else match[0], content)
