"""The challenge set: playlists to be continued, as the organisers wrote them down."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import IO, Annotated

import msgspec

from model.challenge.catalogue import Catalogue
from model.challenge.categories import category_of
from model.challenge.cutting import Challenge
from model.challenge.files import decode_json, first_line, read_json
from model.errors import InputError
from model.ragged import IntArray

EXPECTED = 'a challenge set: {"playlists": [{"pid": 1, "tracks": [{"track_uri": "…"}]}]}'

_OWN_HEAD = re.compile(rb'\{"date":"[^"]*","version":"v1","playlists":\[\n')
"""The first line that `write_challenge_set` writes; nobody else's has these blanks and line end."""

Pid = Annotated[int, msgspec.Meta(ge=0, lt=10**18)]


class GivenTrack(msgspec.Struct):
    """What is looked at of an entry that is given; without `pos` the order of the file counts."""

    track_uri: str
    pos: int | None = None
    artist_uri: str | None = None


class _GivenPlaylist(msgspec.Struct):
    pid: Pid
    tracks: list[GivenTrack]
    name: str | None = None


class _File(msgspec.Struct):
    playlists: list[msgspec.Raw]


@dataclass(frozen=True, slots=True)
class Asked:
    """A playlist to be continued.

    Parameters
    ----------
    pid : int
    title : str or None
        None where none is given; an empty one is none.
    tracks : tuple of GivenTrack
        Entries that are given, in the order of their positions.
    """

    pid: int
    title: str | None
    tracks: tuple[GivenTrack, ...]

    @property
    def uris(self) -> list[str]:
        """URI of each entry."""
        return [one.track_uri for one in self.tracks]

    @property
    def category(self) -> int:
        """Number of its category, 1 ... 10, or `categories.OTHER`."""
        places = [row if one.pos is None else one.pos for row, one in enumerate(self.tracks)]
        return category_of(places, has_title=self.title is not None)


def read_challenge_set(path: Path) -> list[Asked]:
    """Read a challenge set, gzipped or not, in the order of the file.

    Raises
    ------
    InputError
        If it is no challenge set, is empty, or names a playlist twice.
    """
    playlists = read_json(path, _File, expected=EXPECTED).playlists
    asked = [_read(raw, f"{path}, playlist {n}") for n, raw in enumerate(playlists, start=1)]
    if not asked:
        msg = f"{path} holds no playlist; expected {EXPECTED}"
        raise InputError(msg)
    check_pids(path, [one.pid for one in asked])
    return asked


def check_pids(path: Path, pids: Sequence[int]) -> None:
    """Refuse a file that names a playlist twice.

    Raises
    ------
    InputError
        Naming the first one.
    """
    first: dict[int, int] = {}
    for number, pid in enumerate(pids, start=1):
        if first.setdefault(pid, number) != number:
            msg = (
                f"{path}, playlist {number}: pid {pid} is that of playlist {first[pid]} too; "
                "expected a different one for each"
            )
            raise InputError(msg)


def write_challenge_set(
    file: IO[bytes], cut: Challenge, pids: IntArray, catalogue: Catalogue, *, date: str
) -> None:
    """Write a challenge set in the organisers' format, a playlist a line.

    Parameters
    ----------
    file : binary file
    cut : Challenge
    pids : ndarray, shape (n_playlists,)
    catalogue : Catalogue
        Of the songs.
    date : str
    """
    head = msgspec.json.encode({"date": date, "version": "v1"})
    file.write(head[:-1] + b',"playlists":[\n')
    for number, playlist in enumerate(_playlists(cut, pids, catalogue)):
        file.write((b",\n" if number else b"") + msgspec.json.encode(playlist))
    file.write(b"\n]}\n")


def is_own_set(path: Path) -> bool:
    """Whether `write_challenge_set` wrote a file, rather than the organisers or somebody else."""
    return _OWN_HEAD.fullmatch(first_line(path)) is not None


def _read(raw: msgspec.Raw, where: str) -> Asked:
    one = decode_json(raw, _GivenPlaylist, where=where, expected=EXPECTED)
    places = [number if track.pos is None else track.pos for number, track in enumerate(one.tracks)]
    order = sorted(range(len(places)), key=places.__getitem__)
    title = one.name if one.name is not None and one.name.strip() else None
    return Asked(one.pid, title, tuple(one.tracks[number] for number in order))


def _playlists(cut: Challenge, pids: IntArray, catalogue: Catalogue) -> Iterator[dict[str, object]]:
    described = catalogue.describe(cut.seeds.values)
    about = zip(
        pids.tolist(),
        cut.titles,
        pairwise(cut.seeds.indptr.tolist()),
        cut.n_hidden.tolist(),
        strict=True,
    )
    for row, (pid, title, (first, last), n_hidden) in enumerate(about):
        n_seeds = last - first
        named = zip(cut.positions[row].tolist(), described[first:last], strict=True)
        yield {
            **({} if title is None else {"name": title}),
            "num_holdouts": n_hidden,
            "pid": pid,
            "num_tracks": n_seeds + n_hidden,
            "tracks": [{"pos": position, **track} for position, track in named],
            "num_samples": n_seeds,
        }
