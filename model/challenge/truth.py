"""The truth of a challenge set: what was hidden of each playlist, in a file of its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import IO

import msgspec
import numpy as np

from model.challenge.catalogue import Catalogue
from model.challenge.categories import LABELS
from model.challenge.challenge_set import Asked, Pid, check_pids
from model.challenge.cutting import Challenge
from model.challenge.files import decode_json, first_line, read_json, shown
from model.errors import InputError
from model.ragged import IntArray, Ragged

EXPECTED = (
    "a truth file, as `model challenge --make` writes it: "
    '{"playlists": [{"pid": 1, "holdouts": [{"track_uri": "…"}]}]}'
)

_OWN_HEAD = b'{"playlists":[\n'


class HiddenTrack(msgspec.Struct):
    """A song that was hidden."""

    track_uri: str
    artist_uri: str | None = None


class HiddenPlaylist(msgspec.Struct):
    """What was hidden of a playlist; `seeds` are None where the file does not say."""

    pid: Pid
    holdouts: list[HiddenTrack]
    category: int | None = None
    seeds: list[str] | None = None


class _File(msgspec.Struct):
    playlists: list[msgspec.Raw]
    artists: dict[str, list[str]] = {}


@dataclass(frozen=True, slots=True)
class Truth:
    """What was hidden of every playlist, and who the songs are by.

    Parameters
    ----------
    playlists : tuple of HiddenPlaylist
    artist_of : dict of str to str
        Artist URI of each track URI that is known.
    has_all_artists : bool
        Whether every song by an artist of the truth is among these, so that a song that is not
        there earns no credit. Where it is false, credit may be missing.
    """

    playlists: tuple[HiddenPlaylist, ...]
    artist_of: dict[str, str]
    has_all_artists: bool


def read_truth(path: Path) -> Truth:
    """Read a truth file, gzipped or not.

    Raises
    ------
    InputError
        If it is none, is empty, or names a playlist twice.
    """
    file = read_json(path, _File, expected=EXPECTED)
    playlists = tuple(
        _read(raw, f"{path}, playlist {number}")
        for number, raw in enumerate(file.playlists, start=1)
    )
    if not playlists:
        msg = f"{path} holds no playlist; expected {EXPECTED}"
        raise InputError(msg)
    check_pids(path, [one.pid for one in playlists])
    artist_of = {track: artist for artist, tracks in file.artists.items() for track in tracks}
    for one in playlists:
        known = (track for track in one.holdouts if track.artist_uri is not None)
        artist_of.update((track.track_uri, str(track.artist_uri)) for track in known)
    return Truth(playlists, artist_of, has_all_artists=bool(file.artists))


def write_truth(file: IO[bytes], cut: Challenge, pids: IntArray, catalogue: Catalogue) -> None:
    """Write what was hidden, a playlist a line, and all songs of the artists concerned.

    The artists are there because a recommended song that is wrong earns credit for its artist.
    """
    file.write(_OWN_HEAD)
    for row, playlist in enumerate(_hidden(cut, pids, catalogue)):
        file.write((b",\n" if row else b"") + msgspec.json.encode(playlist))
    file.write(b'\n],\n"artists":{\n')
    for number, (artist, tracks) in enumerate(_songs_by_artist(cut, catalogue)):
        entry = msgspec.json.encode(artist) + b":" + msgspec.json.encode(tracks)
        file.write((b",\n" if number else b"") + entry)
    file.write(b"\n}}\n")


def is_own_truth(path: Path) -> bool:
    """Whether `write_truth` wrote a file."""
    return first_line(path) == _OWN_HEAD


def check_belongs(truth: Truth, asked: Sequence[Asked], *, path: Path, set_path: Path) -> None:
    """Refuse the truth of another challenge set.

    Raises
    ------
    InputError
        Naming the first playlist that only one of them holds, or whose seeds differ.
    """
    seeds = {one.pid: frozenset(one.uris) for one in asked}
    pids = {one.pid for one in truth.playlists}
    stranger = min(pids ^ seeds.keys(), default=None)
    if stranger is not None:
        where, other = (path, set_path) if stranger in pids else (set_path, path)
        msg = f"{path} is not the truth of {set_path}: pid {stranger} is in {where}, not in {other}"
        raise InputError(msg)
    for one in truth.playlists:
        if one.seeds is not None and frozenset(one.seeds) != seeds[one.pid]:
            odd = min(frozenset(one.seeds) ^ seeds[one.pid])
            msg = (
                f"{path} is not the truth of {set_path}: of pid {one.pid}, {shown(odd)} is a seed "
                "in one of them alone"
            )
            raise InputError(msg)


def _read(raw: msgspec.Raw, where: str) -> HiddenPlaylist:
    one = decode_json(raw, HiddenPlaylist, where=where, expected=EXPECTED)
    if one.category is not None and one.category not in LABELS:
        msg = f"{where}: category {one.category}; expected 1 ... {max(LABELS)}, or none"
        raise InputError(msg)
    if not all(track.track_uri for track in one.holdouts):
        msg = f"{where}: a hidden track has an empty track_uri; expected {EXPECTED}"
        raise InputError(msg)
    return one


def _hidden(cut: Challenge, pids: IntArray, catalogue: Catalogue) -> Iterator[HiddenPlaylist]:
    songs, uris = cut.truth.values, catalogue.uris
    artists = catalogue.artist_uris[catalogue.artists[songs]]
    held = list(zip(uris[songs].tolist(), artists.tolist(), strict=True))
    seeds = uris[cut.seeds.values].tolist()
    places, seed_places = pairwise(cut.truth.indptr.tolist()), pairwise(cut.seeds.indptr.tolist())
    about = zip(pids.tolist(), cut.categories.tolist(), places, seed_places, strict=True)
    for pid, category, (first, last), (first_seed, last_seed) in about:
        yield HiddenPlaylist(
            pid=pid,
            category=category,
            holdouts=[HiddenTrack(*one) for one in held[first:last]],
            seeds=seeds[first_seed:last_seed],
        )


def _songs_by_artist(cut: Challenge, catalogue: Catalogue) -> Iterator[tuple[str, list[str]]]:
    """Give each artist of the truth with the URIs of all songs by that artist."""
    n_artists = len(catalogue.artist_uris)
    wanted = np.zeros(n_artists, dtype=np.bool_)
    wanted[catalogue.artists[cut.truth.values]] = True
    by_artist = np.argsort(catalogue.artists, kind="stable")
    songs = Ragged.grouped(catalogue.artists[by_artist], by_artist, n_artists)
    for artist in np.flatnonzero(wanted).tolist():
        yield str(catalogue.artist_uris[artist]), catalogue.uris[songs[artist]].tolist()
