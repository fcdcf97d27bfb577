"""One last.fm file of the Million Song Dataset: bytes -> song, pure."""

import re
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta

from harvest.sources.json_text import mend_surrogates

ID_LENGTH = 18  # TR and 16 capitals and digits, ASCII
ID_CHARACTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

Id = Annotated[str, Meta(min_length=ID_LENGTH, max_length=ID_LENGTH)]
Match = Annotated[float, Meta(ge=0, le=1)]

_PLACE = re.compile(r"(?P<folders>.*[/\\])?(?P<id>TR[0-9A-Z]{16})\.json", re.DOTALL)
_SEPARATOR = re.compile(r"[/\\]")
_NUMBER = re.compile(r"[0-9]{1,3}(\.[0-9]+)?")
_NOT_IN_TAGS = re.compile(r"[^a-z0-9 ]")
_WEIGHTS: dict[str | float, int] = {of: n for n in range(101) for of in (n, str(n))}


class MalformedError(Exception):
    """A file is not as it should be; says why."""


class Similar(msgspec.Struct, array_like=True, forbid_unknown_fields=True, gc=False):
    """Another song, and how much alike it is."""

    id: Id
    match: Match


class Tag(msgspec.Struct, array_like=True, forbid_unknown_fields=True, gc=False):
    """A tag, and its strength of 0 to 100, mostly as text."""

    tag: str
    weight: str | int | float


class Song(msgspec.Struct, gc=False):
    """A file, as the source has it."""

    artist: str
    title: str
    track_id: str
    similars: list[Similar]
    tags: list[Tag]
    timestamp: str | None = None


class ReadSong(NamedTuple):
    """A song, with what its lists were checked for.

    Parameters
    ----------
    song : Song
    weights : list of int
        Of its tags, 0 to 100; fractions are rounded.
    similar_ids : bytes
        Of its similars, end to end.
    """

    song: Song
    weights: list[int]
    similar_ids: bytes


def read_song(name: str, content: bytes) -> ReadSong:
    """Read a song's file.

    Parameters
    ----------
    name : str
        The file's place in its zip or folder.
    content : bytes
        JSON.

    Raises
    ------
    MalformedError
        The name is no song's or leads out of the zip, the content is not such a file, or it is
        another song's than the name says.
    """
    song_id = _id_of(name)
    song = _decode(content)
    if song.track_id != song_id:
        raise MalformedError(f"track_id is {song.track_id[:40]!r}; expected {song_id}, as its name")
    return ReadSong(song, _weights(song), _similar_ids(song))


def clean_tag(tag: str) -> str:
    """Return a tag in lower case, of letters, digits and single spaces alone, maybe none.

    >>> clean_tag(" Hip-Hop / 00s "), clean_tag("música"), clean_tag("ロック")
    ('hiphop 00s', 'msica', '')
    """
    return " ".join(_NOT_IN_TAGS.sub("", tag.lower()).split())


def _id_of(name: str) -> str:
    match = _PLACE.fullmatch(name)
    if match is None:
        raise MalformedError("its name is not that of a song: TR<16 letters and digits>.json")
    folders = match["folders"] or ""
    if folders.startswith(("/", "\\")) or (".." in folders and ".." in _SEPARATOR.split(folders)):
        raise MalformedError("its name leads out of the zip")
    return match["id"]


def _decode(content: bytes) -> Song:
    if not content:
        raise MalformedError("is empty")
    try:
        try:
            return _DECODE(content)
        except msgspec.ValidationError:
            raise
        except msgspec.DecodeError:
            return _DECODE(mend_surrogates(content))
    except msgspec.ValidationError as error:
        raise MalformedError(f"is not a song's file: {error}") from error
    except (ValueError, RecursionError) as error:
        raise MalformedError(f"is not JSON in UTF-8: {error}") from error


def _weights(song: Song) -> list[int]:
    weights = [_WEIGHTS.get(tag.weight) for tag in song.tags]
    if None in weights:
        return [_weight(tag) for tag in song.tags]
    return weights  # type: ignore[return-value]  # None was looked for


def _weight(tag: Tag) -> int:
    text = str(tag.weight)
    if not (_NUMBER.fullmatch(text) and float(text) <= 100):
        what = f"the strength of tag {tag.tag[:40]!r} is {text[:20]!r}"
        raise MalformedError(f"{what}; expected a number from 0 to 100")
    return round(float(text))


def _similar_ids(song: Song) -> bytes:
    n = len(song.similars)
    ids = "".join([similar.id for similar in song.similars]).encode()
    # Of all of them at once, which takes a tenth of the time.
    is_sound = ids[::ID_LENGTH] == b"T" * n and ids[1::ID_LENGTH] == b"R" * n
    if is_sound and not ids.translate(None, ID_CHARACTERS):
        return ids
    bad = next(s.id for s in song.similars if not _PLACE.fullmatch(f"{s.id}.json"))
    raise MalformedError(f"a similar song is {bad!r}; expected TR and 16 letters and digits")


_DECODE = msgspec.json.Decoder(Song).decode
