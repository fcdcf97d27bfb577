"""Many last.fm files end to end -> columns: compiled, for files as they are published.

A file is read only where each byte of it is understood: JSON of the known fields, each once, in
any order and with any blanks; ASCII, with escapes; strengths that are whole numbers; matches by
`decimal_kernels`. What is read so is what `msd_song.read_song` would read. Any other file, be it
malformed or merely unusual, is left to that.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from harvest.machine.compiling import compiled
from harvest.sources.decimal_kernels import read_unit
from harvest.sources.msd_song import ID_LENGTH
from harvest.sources.text_kernels import Bytes, clean_tag, read_string, skip_blanks

Ends = npt.NDArray[np.int32]
Counts = npt.NDArray[np.int64]

ARTIST, TITLE, TIMESTAMP, TAG, CLEAN = range(5)  # texts
SONGS, TAGS, SIMILARS = range(5, 8)  # rows
N_COUNTS = 8

_TRACK_ID, _TAG_LIST, _SIMILAR_LIST = range(3, 6)  # fields beyond the first three texts
_NAMES = (b"artist", b"title", b"timestamp", b"track_id", b"tags", b"similars")
_KEYS = np.array([list(name.ljust(9, b"\0")) for name in _NAMES], np.uint8)
_KEY_LENGTHS = np.array([len(name) for name in _NAMES])
_ALL, _ALL_BUT_TIMESTAMP = 0b111111, 0b111011

_QUOTE, _COMMA, _COLON = (ord(character) for character in '",:')
_OPEN, _CLOSE, _BEGIN, _END = (ord(character) for character in "[]{}")


class Columns(NamedTuple):
    """What is read: texts end to end with where each ends, and rows.

    Parameters
    ----------
    texts : tuple of ndarray of uint8
        Artists, titles, timestamps, tags, clean tags: UTF-8.
    ends : tuple of ndarray of int32
        Of each of these, beginning with a zero.
    has_timestamp : ndarray of bool
    n_tags, n_similars : ndarray of int32
        Of each song.
    weights : ndarray of int16
        Of each tag.
    similar_ids : ndarray of uint8
        `ID_LENGTH` each.
    matches : ndarray of float64
        Of each similar.
    """

    texts: tuple[Bytes, Bytes, Bytes, Bytes, Bytes]
    ends: tuple[Ends, Ends, Ends, Ends, Ends]
    has_timestamp: npt.NDArray[np.bool_]
    n_tags: Ends
    n_similars: Ends
    weights: npt.NDArray[np.int16]
    similar_ids: Bytes
    matches: npt.NDArray[np.float64]


@compiled
def scan_files(
    text: Bytes, starts: Counts, ids: Bytes, columns: Columns, is_read: npt.NDArray[np.bool_]
) -> Counts:
    r"""Read files into columns.

    Parameters
    ----------
    text : ndarray of uint8
        The files, with a `\0` behind each.
    starts : ndarray of int64, shape (n_files + 1,)
        Where each begins, and where one more would.
    ids : ndarray of uint8, shape (n_files, ID_LENGTH)
        Whose file each is by its name.
    columns : Columns
        Long enough for all that `text` can hold.
    is_read : ndarray of bool, shape (n_files,)
        Set for each file that is read.

    Returns
    -------
    ndarray of int64, shape (N_COUNTS,)
        How many bytes or rows are in each column.
    """
    counts = np.zeros(N_COUNTS, np.int64)
    before = np.zeros(N_COUNTS, np.int64)
    for number in range(len(is_read)):
        before[:] = counts
        at = _file(text, starts[number], ids[number], columns, counts)
        is_read[number] = at == starts[number + 1] - 1
        if not is_read[number]:
            counts[:] = before
            continue
        song = counts[SONGS]
        columns.n_tags[song] = counts[TAGS] - before[TAGS]
        columns.n_similars[song] = counts[SIMILARS] - before[SIMILARS]
        counts[SONGS] += 1
    return counts


@compiled
def _file(text: Bytes, at: int, song_id: Bytes, columns: Columns, counts: Counts) -> int:
    """Read a song; return where it ends, with blanks behind it, or -1."""
    at = skip_blanks(text, at)
    if text[at] != _BEGIN:
        return -1
    seen, is_more = 0, True
    while is_more:
        field, at = _field(text, skip_blanks(text, at + 1))
        if field < 0 or seen >> field & 1:
            return -1
        seen |= 1 << field
        at = _value(text, at, field, song_id, columns, counts)
        if at < 0:
            return -1
        at = skip_blanks(text, at)
        is_more = text[at] == _COMMA
    if text[at] != _END or seen | 1 << TIMESTAMP != _ALL:
        return -1
    song = counts[SONGS]
    columns.has_timestamp[song] = seen == _ALL
    columns.ends[ARTIST][song + 1] = counts[ARTIST]
    columns.ends[TITLE][song + 1] = counts[TITLE]
    columns.ends[TIMESTAMP][song + 1] = counts[TIMESTAMP]
    return skip_blanks(text, at + 1)


@compiled
def _field(text: Bytes, at: int) -> tuple[int, int]:
    """Read a field's name and the colon; return which it is, or -1, and where its value begins."""
    if text[at] != _QUOTE:
        return -1, at
    at += 1
    for field in range(len(_KEY_LENGTHS)):
        length = _KEY_LENGTHS[field]
        n_same = 0
        while n_same < length and text[at + n_same] == _KEYS[field, n_same]:
            n_same += 1
        if n_same == length and text[at + length] == _QUOTE:
            at = skip_blanks(text, at + length + 1)
            return (field if text[at] == _COLON else -1), skip_blanks(text, at + 1)
    return -1, at


@compiled
def _value(
    text: Bytes, at: int, field: int, song_id: Bytes, columns: Columns, counts: Counts
) -> int:
    if field == _SIMILAR_LIST:
        return _similars(text, at, columns.similar_ids, columns.matches, counts)
    if field == _TAG_LIST:
        tags, clean = columns.texts[TAG], columns.texts[CLEAN]
        ends, clean_ends = columns.ends[TAG], columns.ends[CLEAN]
        return _tags(text, at, tags, ends, clean, clean_ends, columns.weights, counts)
    if text[at] != _QUOTE:
        return -1
    if field == _TRACK_ID:
        return _own_id(text, at + 1, song_id)
    at, counts[field] = read_string(text, at + 1, columns.texts[field], counts[field])
    return at


@compiled
def _similars(
    text: Bytes, at: int, ids: Bytes, matches: npt.NDArray[np.float64], counts: Counts
) -> int:
    """Read a list of pairs: id and match."""
    row = counts[SIMILARS]
    is_more, at = _first(text, at)
    while is_more:
        at = _pair(text, at)
        if not _copy_id(text, at, ids, row * ID_LENGTH):
            return -1
        at, matches[row] = read_unit(text, _pass(text, at + ID_LENGTH + 1, _COMMA))
        row += 1
        is_more, at = _next(text, at)
    counts[SIMILARS] = row
    return at


@compiled
def _copy_id(text: Bytes, at: int, ids: Bytes, to: int) -> bool:
    """Copy an id and look at the quote behind it; the text goes on for so long after its end."""
    if at < 0:
        return False
    is_sound = (text[at] == 84) & (text[at + 1] == 82) & (text[at + ID_LENGTH] == _QUOTE)  # TR
    for place in range(ID_LENGTH):
        character = text[at + place]
        is_letter = (character >= 65) & (character <= 90)
        is_sound &= is_letter | ((character >= 48) & (character <= 57))
        ids[to + place] = character
    return bool(is_sound)


@compiled
def _tags(
    text: Bytes,
    at: int,
    tags: Bytes,
    ends: Ends,
    clean: Bytes,
    clean_ends: Ends,
    weights: npt.NDArray[np.int16],
    counts: Counts,
) -> int:
    """Read a list of pairs: tag and strength."""
    row, start, clean_start = counts[TAGS], counts[TAG], counts[CLEAN]
    is_more, at = _first(text, at)
    while is_more:
        at, end = read_string(text, _pair(text, at), tags, start)
        clean_start = clean_tag(tags, start, end, clean, clean_start)
        at, weights[row] = _weight(text, _pass(text, at, _COMMA))
        start = end
        row += 1
        ends[row], clean_ends[row] = start, clean_start
        is_more, at = _next(text, at)
    counts[TAGS], counts[TAG], counts[CLEAN] = row, start, clean_start
    return at


@compiled
def _first(text: Bytes, at: int) -> tuple[bool, int]:
    """Enter a list; return whether a value begins, and where it does or the list is at its end."""
    if text[at] != _OPEN:
        return False, -1
    at = skip_blanks(text, at + 1)
    return (False, at + 1) if text[at] == _CLOSE else (True, at)


@compiled
def _next(text: Bytes, at: int) -> tuple[bool, int]:
    """Pass over a pair's end; return whether one more begins, and where it does or all end."""
    at = _pass(text, at, _CLOSE)
    if at >= 0 and text[at] == _COMMA:
        return True, skip_blanks(text, at + 1)
    return False, _pass(text, at, _CLOSE)


@compiled
def _pair(text: Bytes, at: int) -> int:
    """Enter a pair, and its first string."""
    if at < 0 or text[at] != _OPEN:
        return -1
    at = skip_blanks(text, at + 1)
    return at + 1 if text[at] == _QUOTE else -1


@compiled
def _pass(text: Bytes, at: int, sign: int) -> int:
    """Pass over a sign, with the blanks before and behind it."""
    if at < 0:
        return -1
    at = skip_blanks(text, at)
    return skip_blanks(text, at + 1) if text[at] == sign else -1


@compiled
def _weight(text: Bytes, at: int) -> tuple[int, int]:
    """Read a whole number of 0 to 100, or a text of one, of three digits at most."""
    if at < 0:
        return -1, 0
    is_text = text[at] == _QUOTE
    start = at = at + is_text
    weight = 0
    while 48 <= text[at] <= 57 and at - start < 4:
        weight = weight * 10 + text[at] - 48
        at += 1
    n_digits = at - start
    if n_digits == 0 or n_digits > 3 or weight > 100:
        return -1, 0
    if is_text:
        return (at + 1 if text[at] == _QUOTE else -1), weight
    # What would go on as a fraction or an exponent is no comma or bracket, and refused as such.
    return (-1 if n_digits > 1 and text[start] == 48 else at), weight


@compiled
def _own_id(text: Bytes, at: int, song_id: Bytes) -> int:
    for place in range(ID_LENGTH):
        if text[at + place] != song_id[place] or not text[at + place]:
            return -1
    return at + ID_LENGTH + 1 if text[at + ID_LENGTH] == _QUOTE else -1
