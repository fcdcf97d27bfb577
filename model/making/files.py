"""A playlist -> the files that players and services read."""

import csv
import io
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from model.amounts import amount
from model.errors import InputError, StorageError
from model.library.songs import Song
from model.making.playlist import Playlist
from model.making.text import shown
from model.storage.outputs import check_output
from model.storage.whole_files import write_atomically

CSV_COLUMNS = ("place", "title", "artist", "album", "duration_ms", "uri", "why")
DEFAULT_TITLE = "A playlist of playlist-harvest"

_OF_SPOTIFY = "spotify:track:"
_ADDRESSES = "txt"
"""The format that holds no names."""


def check_outputs(paths: Sequence[Path], state: Path) -> None:
    """Refuse files of which one cannot be written, before any of them is.

    Raises
    ------
    InputError
        If one has no known format, no place, or is named twice, or belongs to the state.
    """
    seen: dict[str, Path] = {}
    for path in paths:
        format_of(path)
        check_output(path, state)
        first = seen.setdefault(os.path.realpath(path), path)
        if first is not path:
            msg = f"--output {path} is the same file as {first}: name it once"
            raise InputError(msg)


def write_playlists(paths: Sequence[Path], playlist: Playlist, *, with_seeds: bool = False) -> None:
    """Write a playlist to files, none of them where one would be empty; see `write_playlist`."""
    contents = [
        playlist_content(format_of(path), playlist, with_seeds=with_seeds) for path in paths
    ]
    for path, content in zip(paths, contents, strict=True):
        _write(path, content)


def write_playlist(path: Path, playlist: Playlist, *, with_seeds: bool = False) -> None:
    """Write a playlist in the format that the file's name ends in.

    Raises
    ------
    InputError
        If the name ends in none of `FORMATS`, or no song could be in the file.
    StorageError
        If it cannot be written.
    """
    write_playlists([path], playlist, with_seeds=with_seeds)


def _write(path: Path, content: bytes) -> None:
    try:
        write_atomically(path, lambda file: file.write(content))
    except OSError as error:
        msg = f"cannot write {path} ({error.strerror or error}); free space or rights are needed"
        raise StorageError(msg) from error


def format_of(path: Path) -> str:
    """Give the format that a file's name ends in, as "csv".

    Raises
    ------
    InputError
        If it is none of `FORMATS`.
    """
    suffix = path.suffix.lower().removeprefix(".")
    if suffix not in FORMATS:
        known = ", ".join(f".{one}" for one in FORMATS)
        msg = f"cannot tell a format by the name {shown(str(path))}: expected {known}"
        raise InputError(msg)
    return suffix


def playlist_content(suffix: str, playlist: Playlist, *, with_seeds: bool = False) -> bytes:
    """Give the bytes of a file in UTF-8, the same for the same playlist.

    Raises
    ------
    InputError
        If it would have no song, for all are known by their names alone.
    """
    rows = _rows(playlist, with_seeds=with_seeds)
    if suffix == _ADDRESSES and not any(spotify_uri(song) for song, _ in rows):
        raise _no_address()
    return FORMATS[suffix](playlist.wish.title, rows).encode("utf-8", errors="replace")


def left_out(suffix: str, playlist: Playlist, *, with_seeds: bool = False) -> str:
    """Say how many songs a file does not have, and why; empty where it has them all."""
    songs = [song for song, _ in _rows(playlist, with_seeds=with_seeds)]
    n_unknown = sum(not spotify_uri(song) for song in songs)
    if suffix != _ADDRESSES or not n_unknown:
        return ""
    words = "has no Spotify id and is" if n_unknown == 1 else "have no Spotify id and are"
    return f"{amount(n_unknown, 'song')} {words} left out"


def spotify_uri(song: Song) -> str:
    """Give the URI that Spotify knows a song by; empty for one that is known by its names alone.

    Examples
    --------
    >>> spotify_uri(Song(0, "Creep", "Radiohead", "", "name:track:fjOrbmxeakeo8Wy7fQ5M46", 0, 1))
    ''
    """
    return _one_line(song.uri) if song.uri.startswith(_OF_SPOTIFY) else ""


def _no_address() -> InputError:
    *others, last = (f".{one}" for one in FORMATS if one != _ADDRESSES)
    return InputError(
        f"a .{_ADDRESSES} holds Spotify addresses alone, and none of the songs has one: choose "
        f"{', '.join(others)} or {last}, which keep names"
    )


_Rows = Sequence[tuple[Song, str]]


def _rows(playlist: Playlist, *, with_seeds: bool) -> _Rows:
    seeds = [(song, "given") for song in playlist.seeds] if with_seeds else []
    return [*seeds, *((pick.song, "; ".join(map(str, pick.reasons))) for pick in playlist.picks)]


def _m3u8(title: str, rows: _Rows) -> str:
    """Write extended M3U: the length in whole seconds, −1 where it is unknown."""
    lines = ["#EXTM3U"]
    if title:
        lines.append(f"#PLAYLIST:{shown(title)}")
    for song, _ in rows:
        seconds = round(song.duration_ms / 1000) if song.duration_ms > 0 else -1
        lines.append(f"#EXTINF:{seconds},{_names(song)}")
        lines += [spotify_uri(song)] if spotify_uri(song) else _by_names(song)
    return "\n".join(lines) + "\n"


def _by_names(song: Song) -> list[str]:
    """Name a song that has no address, so that `harvest playlists` reads artist and title again."""
    # The artist says which dash parts the names; the path must not begin as a directive does.
    path = f"./{_names(song)}" if _names(song).startswith("#") else _names(song)
    return [f"#EXTART:{shown(song.artist)}", path]


def _names(song: Song) -> str:
    return f"{shown(song.artist)} - {shown(song.title)}"


def _jspf(title: str, rows: _Rows) -> str:
    """Write XSPF version 1 in JSON (https://xspf.org/jspf): lengths are in ms."""
    tracks = [_jspf_track(song, why) for song, why in rows]
    playlist = {"title": title or DEFAULT_TITLE, "track": tracks}
    return json.dumps({"playlist": playlist}, ensure_ascii=False, indent=2) + "\n"


def _jspf_track(song: Song, why: str) -> dict[str, Any]:
    places = [spotify_uri(song)] if spotify_uri(song) else []
    track: dict[str, Any] = {"location": places, "title": song.title, "creator": song.artist}
    if song.album:
        track["album"] = song.album
    if song.duration_ms > 0:
        track["duration"] = song.duration_ms
    return track | {"annotation": why}


def _csv(_title: str, rows: _Rows) -> str:
    """Write RFC 4180, with a header; an unknown length is empty."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(CSV_COLUMNS)
    for place, (song, why) in enumerate(rows, start=1):
        duration = song.duration_ms if song.duration_ms > 0 else ""
        names = map(_cell, (song.title, song.artist, song.album))
        writer.writerow([place, *names, duration, spotify_uri(song), why])
    return out.getvalue()


def _cell(name: str) -> str:
    return shown(name) if name else ""


def _txt(_title: str, rows: _Rows) -> str:
    """Write one URI a line: Spotify's own programs paste these into a playlist."""
    return "".join(f"{spotify_uri(song)}\n" for song, _ in rows if spotify_uri(song))


def _one_line(text: str) -> str:
    return "".join(text.split())


FORMATS: dict[str, Callable[[str, _Rows], str]] = {
    "m3u8": _m3u8,
    "jspf": _jspf,
    "csv": _csv,
    "txt": _txt,
}
"""What can be written, by the ending of the file's name."""
