"""The made-up catalogue, written in the layout of the Million Playlist Dataset (MPD)."""

import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from harvest.emulator import DEFAULT_PLAYLISTS, DEFAULT_SEED
from harvest.emulator.catalogue.playlists import MPD_MULTI_FOLLOWER_SHARE, Playlist, make_playlists
from harvest.emulator.catalogue.songs import Songs, make_songs
from harvest.errors import InputError, StorageError
from harvest.whole_files import whole

_MADE_ON = "2017-12-03 08:41:42.057563"
_ZIP_TIME = (2017, 12, 3, 8, 41, 42)
_FIRST_MODIFIED_S = 1_300_000_000
_MARK = "Made up by `harvest catalogue`; not the Million Playlist Dataset."
"""The comment of a zip, or a file beside the slices: what lacks it may be somebody's own copy."""
_MARK_NAME = "MADE_UP.txt"


def write_mpd(
    path: Path,
    *,
    n_playlists: int = DEFAULT_PLAYLISTS,
    seed: int = DEFAULT_SEED,
    slice_size: int = 1_000,
    multi_follower_share: float = MPD_MULTI_FOLLOWER_SHARE,
) -> None:
    """Write made-up playlists in the MPD's own layout.

    Parameters
    ----------
    path : Path
        A name ending in ``.zip`` becomes one zip file; any other becomes a folder. Either holds
        ``data/mpd.slice.<first>-<last>.json``.
    n_playlists : int
        How many playlists, at least 1.
    seed : int
        Same seed and sizes, same bytes.
    slice_size : int
        Playlists a slice, at least 1.
    multi_follower_share : float
        Share of playlists with more than one follower, 0 … 1.

    Raises
    ------
    InputError
        If a size is not positive or the share not within 0 … 1, or if there is something at `path`
        that was not made up.
    StorageError
        If `path` cannot be written.
    """
    _check(n_playlists, slice_size, multi_follower_share)
    songs = make_songs(n_playlists=n_playlists, seed=seed)
    playlists = make_playlists(
        songs, n_playlists=n_playlists, seed=seed, multi_follower_share=multi_follower_share
    )
    slices = _slices(songs, playlists, slice_size)
    try:
        _check_place(path)
        if path.suffix == ".zip":
            _write_zip(path, slices)
        else:
            _write_folder(path, slices)
    except OSError as error:
        reason = error.strerror or str(error)
        raise StorageError(f"{path}: cannot write the catalogue: {reason}") from error


def _check(n_playlists: int, slice_size: int, multi_follower_share: float) -> None:
    if n_playlists < 1 or slice_size < 1:
        message = f"playlists ({n_playlists}) and slice size ({slice_size}) must be at least 1"
        raise InputError(message)
    if not 0.0 <= multi_follower_share <= 1.0:
        message = f"the share with several followers is {multi_follower_share}, not within 0 … 1"
        raise InputError(message)


def _check_place(path: Path) -> None:
    """Refuse to write over the dataset itself, which a slip for `harvest mpd` would name."""
    if path.suffix == ".zip":
        is_free = not path.exists() or _comment(path) == _MARK
    else:
        is_free = not (path / "data").exists() or (path / _MARK_NAME).exists()
    if not is_free:
        raise InputError(
            f"{path} is there already, and was not made up; name another place, or delete it"
        )


def _comment(path: Path) -> str:
    """Return the comment of a zip, nothing of what is none or a damaged one."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.comment.decode(errors="replace")
    except (zipfile.BadZipFile, IsADirectoryError):
        return ""


def _slices(
    songs: Songs, playlists: Iterator[Playlist], slice_size: int
) -> Iterator[tuple[str, bytes]]:
    first = 0
    while batch := list(islice(playlists, slice_size)):
        last = first + len(batch) - 1
        content = {
            "info": {"generated_on": _MADE_ON, "slice": f"{first}-{last}", "version": "v1"},
            "playlists": [_playlist(songs, made, first + row) for row, made in enumerate(batch)],
        }
        encoded = msgspec.json.format(msgspec.json.encode(content), indent=4)
        yield f"data/mpd.slice.{first}-{last}.json", encoded
        first = last + 1


def _playlist(songs: Songs, made: Playlist, pid: int) -> dict[str, Any]:
    rows = made.rows
    return {
        "name": made.name,
        "collaborative": "true" if pid % 43 == 0 else "false",
        "pid": pid,
        "modified_at": _FIRST_MODIFIED_S + 86_400 * (pid * 7_919 % 2_400),
        "num_tracks": len(rows),
        "num_albums": len(set(songs.album_of[rows].tolist())),
        "num_followers": made.followers,
        "tracks": [_track(songs, row, pos) for pos, row in enumerate(rows.tolist())],
        "num_edits": 1 + len(rows) // 3 + pid % 5,
        "duration_ms": int(songs.duration_ms[rows].sum()),
        "num_artists": len(set(songs.artist_of[rows].tolist())),
    } | ({"description": f"Made up: {made.name.strip()}"} if pid % 53 == 0 else {})


def _track(songs: Songs, row: int, pos: int) -> dict[str, Any]:
    artist, album = int(songs.artist_of[row]), int(songs.album_of[row])
    return {
        "pos": pos,
        "artist_name": songs.artist_names[artist],
        "track_uri": f"spotify:track:{songs.ids[row]}",
        "artist_uri": f"spotify:artist:{songs.artist_ids[artist]}",
        "track_name": songs.titles[row],
        "album_uri": f"spotify:album:{songs.album_ids[album]}",
        "duration_ms": int(songs.duration_ms[row]),
        "album_name": songs.album_names[album],
    }


def _write_zip(path: Path, slices: Iterator[tuple[str, bytes]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole(path) as file, zipfile.ZipFile(file, "w") as archive:
        for name, content in slices:
            entry = zipfile.ZipInfo(name, date_time=_ZIP_TIME)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED, compresslevel=1)
        archive.comment = _MARK.encode()


def _write_folder(path: Path, slices: Iterator[tuple[str, bytes]]) -> None:
    path.mkdir(parents=True, exist_ok=True)
    (path / _MARK_NAME).write_text(f"{_MARK}\n", encoding="utf-8")
    for former in path.glob("data/mpd.slice.*.json"):
        former.unlink()
    for name, content in slices:
        target = path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
