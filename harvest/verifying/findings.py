"""What checks of a state found, and those of its Parquet tables against their manifests."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from harvest import tables
from harvest.errors import InputError
from harvest.manifests import MANIFEST_NAME, FileStamp, Manifest, own_playlists
from harvest.sources.lists import collection
from harvest.sources.msd_tables import (
    AMBIGUOUS_NAME,
    MATCH_MANIFEST_NAME,
    MATCHES_NAME,
    MSD_FOLDER,
    MSD_SCHEMAS,
    matched_from,
    read_match_manifest,
    read_msd_manifest,
)
from harvest.table_writer import stamp, stamps

SALVAGE = (
    "bring back a copy, or take what is sound to a new state: "
    "`harvest export --format csv`, then `harvest import` with another --state"
)
_REBUILD = "run `harvest mpd PATH` again"
_REREAD = "run `harvest msd PATH` again"
_REMATCH = "run `harvest match` again"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found.

    Attributes
    ----------
    check : str
        What has to hold.
    offenders : int
        Rows, files or parts of the file for which it does not.
    examples : tuple of str
        The first few of them: track ids, or words about what is no track.
    remedy : str
        What to do where there are any.
    """

    check: str
    offenders: int = 0
    examples: tuple[str, ...] = ()
    remedy: str = SALVAGE


def parquet_findings(state: Path) -> tuple[Finding, ...]:
    """Hold the Parquet tables of a state against their manifests; nothing where there are none."""
    return (*_table_findings(state), *_own_findings(state), *_song_findings(state))


def _table_findings(state: Path) -> Iterator[Finding]:
    """Compare the Parquet tables, where there are any, with what the manifest says of them."""
    tables_dir = state / "tables"
    if not _is_any_there(tables_dir, MANIFEST_NAME, _files_of(tables.SCHEMAS)):
        return
    check = "tables: files as in manifest.json"
    try:
        odd = _odd_tables(tables_dir)
    except (InputError, OSError, ValueError) as error:
        yield Finding(check, 1, (str(error),), _REBUILD)
    else:
        yield Finding(check, len(odd), odd, _REBUILD)


def _own_findings(state: Path) -> Iterator[Finding]:
    """Compare what is kept of own playlists with its manifest; tables may tell that it is lost."""
    folder = state / collection.FOLDER
    is_kept = _is_any_there(folder, MANIFEST_NAME, _files_of(collection.SCHEMAS))
    if not is_kept and not own_playlists(state / "tables"):
        return
    check = "playlists: files as in manifest.json"
    try:
        odd = collection.odd_files(folder)
    except (OSError, ValueError) as error:
        yield Finding(check, 1, (str(error),), collection.REMEDY)
    else:
        yield Finding(check, len(odd), odd, collection.REMEDY)


def _song_findings(state: Path) -> Iterator[Finding]:
    """Compare the Million Song Dataset's tables and the matches with their manifests."""
    msd_dir = state / MSD_FOLDER
    names = _files_of(MSD_SCHEMAS)
    if _is_any_there(msd_dir, MANIFEST_NAME, names):
        yield _stamped(msd_dir, MANIFEST_NAME, names, remedy=_REREAD)
    names = [MATCHES_NAME, AMBIGUOUS_NAME]
    if _is_any_there(msd_dir, MATCH_MANIFEST_NAME, names):
        yield _stamped(msd_dir, MATCH_MANIFEST_NAME, names, remedy=_REMATCH)
        yield _of_present_tables(state)


def _files_of(names: Iterable[str]) -> list[str]:
    return [f"{name}.parquet" for name in names]


def _is_any_there(directory: Path, manifest: str, names: Iterable[str]) -> bool:
    """Say whether a file is there, or the manifest that is left where all files are lost."""
    return any((directory / name).exists() for name in (manifest, *names))


def _stamped(directory: Path, manifest: str, names: list[str], *, remedy: str) -> Finding:
    """Compare files with what a manifest beside them says."""
    check = f"{directory.name}: files as in {manifest}"
    try:
        said = msgspec.json.decode((directory / manifest).read_bytes(), type=_Stamps).files
        # Tables are named there, other files with their suffix.
        wanted = {name: said.get(name) or said.get(name.removesuffix(".parquet")) for name in names}
        odd = tuple(name for name in names if stamp(directory / name) != wanted[name])
    except (OSError, ValueError) as error:
        return Finding(check, 1, (str(error),), remedy)
    return Finding(check, len(odd), odd, remedy)


def _of_present_tables(state: Path) -> Finding:
    """Say whether the matches were made from the tables that are there."""
    check = "msd: matches are of the tables that are there"
    songs = read_msd_manifest(state / MSD_FOLDER)
    matches = read_match_manifest(state / MSD_FOLDER)
    if songs is None or matches is None:
        return Finding(check, 1, ("a manifest is missing, or not of its tables",), _REMATCH)
    try:
        present = matched_from(tables.fingerprint(state / "tables"), songs)
    except InputError as error:
        return Finding(check, 1, (str(error),), _REMATCH)
    odd = tuple(name for name in present if present[name] != matches.made_from.get(name))
    return Finding(check, len(odd), odd, _REMATCH)


def _odd_tables(tables_dir: Path) -> tuple[str, ...]:
    """Return the names of the files that are not what they were when they were written.

    Of tables without a manifest, which `harvest mpd` did not make, nothing says what they were.
    """
    tables.fingerprint(tables_dir)  # refuses tables that are missing or half replaced
    path = tables_dir / MANIFEST_NAME
    if not path.exists():
        return ()
    manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    found = stamps(tables_dir)
    return tuple(name for name, stamp in found.items() if manifest.files.get(name) != stamp)


class _Stamps(msgspec.Struct):
    """What is looked at of a manifest."""

    files: dict[str, FileStamp]
