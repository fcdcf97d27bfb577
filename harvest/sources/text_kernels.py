"""JSON text: blanks and strings, in bytes; compiled.

Each function is told where to begin, and returns where what it read ends, or -1. Behind a text is a
byte that belongs to none, a zero.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from harvest.machine.compiling import compiled

Bytes = npt.NDArray[Any]  # of uint8, of which one and an int make an int

_QUOTE, _BACKSLASH = (ord(character) for character in '"\\')
_ESCAPED = np.zeros(128, np.uint8)
for _name, _meant in zip(b'"\\/bfnrt', b'"\\/\b\f\n\r\t', strict=True):
    _ESCAPED[_name] = _meant


@compiled
def read_string(text: Bytes, at: int, out: Bytes, to: int) -> tuple[int, int]:
    """Read a string behind its first quote; return where it, or -1, and where its copy end."""
    while at >= 0 and text[at] != _QUOTE:
        character = text[at]
        if character < 32 or character > 127:
            return -1, to
        if character == _BACKSLASH:
            at, to = _escape(text, at + 1, out, to)
        else:
            out[to] = character
            to += 1
            at += 1
    return (at + 1 if at >= 0 else -1), to


@compiled
def _escape(text: Bytes, at: int, out: Bytes, to: int) -> tuple[int, int]:
    """Read an escape behind its backslash; half a pair of surrogates is none."""
    character = text[at]
    if character != 117:  # u
        out[to] = _ESCAPED[character & 127]
        return (at + 1 if character < 128 and out[to] else -1), to + 1
    code = _hex(text, at + 1)
    at += 5
    if 0xD800 <= code < 0xE000:
        if code >= 0xDC00 or text[at] != _BACKSLASH or text[at + 1] != 117:
            return -1, to
        low = _hex(text, at + 2)
        if not 0xDC00 <= low < 0xE000:
            return -1, to
        code = 0x10000 + ((code - 0xD800) << 10) + low - 0xDC00
        at += 6
    return (at if code >= 0 else -1), _put(code, out, to)


@compiled
def _hex(text: Bytes, at: int) -> int:
    """Read four hexadecimal digits; -1 if they are not."""
    code = 0
    for place in range(4):
        character = text[at + place]
        if 48 <= character <= 57:
            code = code * 16 + character - 48
        elif 97 <= character | 32 <= 102:
            code = code * 16 + (character | 32) - 87
        else:
            return -1
    return code


@compiled
def _put(code: int, out: Bytes, to: int) -> int:
    """Write a character as UTF-8; return where the next one goes."""
    if code < 0x80:
        out[to] = code
        return to + 1
    if code < 0x800:
        out[to] = 0xC0 | code >> 6
        out[to + 1] = 0x80 | code & 0x3F
        return to + 2
    if code < 0x10000:
        out[to] = 0xE0 | code >> 12
        out[to + 1] = 0x80 | code >> 6 & 0x3F
        out[to + 2] = 0x80 | code & 0x3F
        return to + 3
    out[to] = 0xF0 | code >> 18
    out[to + 1] = 0x80 | code >> 12 & 0x3F
    out[to + 2] = 0x80 | code >> 6 & 0x3F
    out[to + 3] = 0x80 | code & 0x3F
    return to + 4


@compiled
def clean_tag(text: Bytes, at: int, end: int, out: Bytes, to: int) -> int:
    """Write a tag as `msd_song.clean_tag` has it; return where the next one goes.

    Beyond ASCII two characters have a small letter within: the Kelvin sign, and I with a dot.
    """
    start = to
    is_apart = False
    while at < end:
        character = text[at]
        at += 1
        if character == 0xE2 and text[at] == 0x84 and text[at + 1] == 0xAA:
            character = np.uint8(107)
        elif character == 0xC4 and text[at] == 0xB0:
            character = np.uint8(105)
        elif 65 <= character <= 90:
            character += np.uint8(32)
        if character == 32:
            is_apart = to > start
        elif 97 <= character <= 122 or 48 <= character <= 57:
            if is_apart:
                out[to] = 32
                to += 1
                is_apart = False
            out[to] = character
            to += 1
    return to


@compiled
def skip_blanks(text: Bytes, at: int) -> int:
    """Pass over blanks."""
    while text[at] == 32 or 9 <= text[at] <= 10 or text[at] == 13:
        at += 1
    return at
