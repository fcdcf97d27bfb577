"""``state/msd`` -> the Million Song dump's tags and similars, by the rows of our own tracks."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec
import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from model.errors import InputError
from model.inputs.parquet import column_names, opened, read_columns
from model.ragged import BoolArray, IntArray, Ragged

MSD_VERSION = 1
ROWS_AT_A_TIME = 1 << 20
_MATCH_COLUMNS = ["msd_track_id", "track_id", "spotify_id"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class MsdMatches:
    """Which of our tracks are which songs of the dump.

    Parameters
    ----------
    folder : Path
        ``state/msd``.
    tracks : Ragged, n_songs lists
        Rows of ``tracks.parquet`` of each song; songs above have none.
    """

    folder: Path
    tracks: Ragged

    def are_matched(self, songs: IntArray) -> BoolArray:
        """Which of these songs, shape (n,), are tracks of ours; numbers may be any."""
        known = (songs >= 0) & (songs < len(self.tracks))
        known[known] = self.tracks.lengths[songs[known]] > 0
        return known


class _Stamp(msgspec.Struct):
    sha256: str


class _Manifest(msgspec.Struct):
    """What is looked at of ``manifest.json``."""

    files: dict[str, _Stamp]
    schema_version: int


class _MatchManifest(msgspec.Struct):
    """What is looked at of ``match_manifest.json``."""

    made_from: dict[str, str]


def read_matches(state: Path, spotify_ids: "pd.Series[str]") -> MsdMatches | None:
    """Read which of our tracks the dump knows.

    Parameters
    ----------
    state : Path
    spotify_ids : Series of str, length n_tracks
        Of ``tracks.parquet``.

    Returns
    -------
    MsdMatches or None
        None where `why_absent` says why.

    Raises
    ------
    InputError
        If the matches are unreadable, or of other tables than those that are there.
    """
    if why_absent(state):
        return None
    folder = state / "msd"
    _check_manifests(folder)
    found = _read(folder / "matches.parquet", _MATCH_COLUMNS)
    songs, tracks = (found[name].to_numpy() for name in _MATCH_COLUMNS[:2])
    _check_rows(folder, songs, tracks, len(spotify_ids))
    ids = found["spotify_id"].to_pandas().to_numpy()
    if not _same_texts(spotify_ids.to_numpy()[tracks], ids):
        raise _stale(folder, "the matches are of other tables of tracks")
    order = np.lexsort((tracks, songs))
    n_songs = int(songs.max(initial=-1)) + 1
    return MsdMatches(folder, Ragged.grouped(songs[order].astype(np.int64), tracks[order], n_songs))


def why_absent(state: Path) -> str:
    """Say what is lacking of the dump and its matches, and what to do; empty if nothing is.

    Examples
    --------
    >>> why_absent(Path("/nowhere"))
    'no Million Song dump in /nowhere/msd (`harvest msd PATH`, then `harvest match`)'
    """
    folder = state / "msd"
    if not (folder / "manifest.json").is_file():
        return f"no Million Song dump in {folder} (`harvest msd PATH`, then `harvest match`)"
    if not (folder / "match_manifest.json").is_file():
        return f"the Million Song dump in {folder} is not matched with our tracks (`harvest match`)"
    return ""


def tag_batches(
    matches: MsdMatches,
) -> Iterator[tuple[IntArray, pa.DictionaryArray, NDArray[np.float64]]]:
    """Read the tags of songs that match: song, tag and weight of each row.

    Raises
    ------
    InputError
        If the table is unreadable.
    """
    path, columns = matches.folder / "lastfm_tag.parquet", ["track_id", "tag", "weight"]
    for batch in _batches(path, columns):
        songs = _whole(batch["track_id"])
        keep = matches.are_matched(songs)
        tags = batch["tag"].filter(pa.array(keep))
        yield songs[keep], tags.dictionary_encode(), _number(batch["weight"])[keep]


def similar_batches(
    matches: MsdMatches,
) -> Iterator[tuple[IntArray, IntArray, NDArray[np.float64]]]:
    """Read the similar songs of songs that match: song, similar song and match of each row.

    Raises
    ------
    InputError
        If the table is unreadable.
    """
    path, columns = matches.folder / "lastfm_similar.parquet", ["track_id", "similar_id", "match"]
    for batch in _batches(path, columns):
        songs = _whole(batch["track_id"])
        keep = matches.are_matched(songs)
        yield songs[keep], _whole(batch["similar_id"])[keep], _number(batch["match"])[keep]


def _check_manifests(folder: Path) -> None:
    """Refuse tables of another version, and matches of other tables of the dump."""
    manifest = _decode(folder / "manifest.json", _Manifest)
    if manifest.schema_version != MSD_VERSION:
        msg = (
            f"the tables in {folder} are of version {manifest.schema_version}, this program reads "
            f"{MSD_VERSION}; run `harvest msd PATH` again"
        )
        raise InputError(msg)
    made_from = _decode(folder / "match_manifest.json", _MatchManifest).made_from
    stamp = manifest.files.get("lastfm_track")
    if stamp is None or made_from.get("lastfm_track") != stamp.sha256:
        raise _stale(folder, "the matches are of other tables of the dump")


def _check_rows(folder: Path, songs: IntArray, tracks: IntArray, n_tracks: int) -> None:
    if not len(tracks):
        return
    if tracks.min() < 0 or tracks.max() >= n_tracks or songs.min() < 0:
        raise _stale(folder, "the matches name rows that our tables lack")


def _same_texts(some: NDArray[np.object_], others: NDArray[np.object_]) -> bool:
    """Compare texts of which some may be absent."""
    return pd.Series(some).fillna("").equals(pd.Series(others).fillna(""))


def _batches(path: Path, columns: list[str]) -> Iterator[pa.RecordBatch]:
    try:
        with opened(path) as file:
            _check_columns(path, file.schema_arrow.names, columns)
            yield from file.iter_batches(ROWS_AT_A_TIME, columns=columns)
    except (OSError, pa.ArrowException) as error:
        raise _unreadable(path, error) from error


def _read(path: Path, columns: list[str]) -> pa.Table:
    try:
        _check_columns(path, column_names(path), columns)
        return read_columns(path, columns)
    except (OSError, pa.ArrowException) as error:
        raise _unreadable(path, error) from error


def _check_columns(path: Path, present: list[str], columns: list[str]) -> None:
    missing = [name for name in columns if name not in present]
    if missing:
        msg = f"{path} lacks column {', '.join(missing)}; run `harvest msd PATH` again"
        raise InputError(msg)


def _whole(values: pa.Array) -> IntArray:
    """Whole numbers; what is unknown becomes one that no song has."""
    numbers: IntArray = values.cast(pa.int64()).fill_null(-1).to_numpy(zero_copy_only=False)
    return numbers


def _number(values: pa.Array) -> NDArray[np.float64]:
    numbers: NDArray[np.float64] = values.cast(pa.float64()).to_numpy(zero_copy_only=False)
    return numbers


def _decode(path: Path, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> InputError:
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    remedy = "harvest match" if "match" in path.name else "harvest msd PATH"
    return InputError(f"cannot read {path} ({reason}); run `{remedy}` again")


def _stale(folder: Path, what: str) -> InputError:
    return InputError(f"{what}, in {folder}; run `harvest match` again")
