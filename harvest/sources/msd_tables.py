"""The tables of the Million Song Dataset's last.fm files, and of matches: schema and manifests.

The columns and their units stand in `docs/data.md`. Tables that have a manifest are whole and
belong together.
"""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import msgspec
import pyarrow as pa

from harvest.manifests import MANIFEST_NAME, FileStamp, are_there

MSD_FOLDER = "msd"  # under the state directory
MSD_SCHEMA_VERSION = 1
MALFORMED_NAME = "malformed.csv"
MATCH_SCHEMA_VERSION = 1
MATCHES_NAME, AMBIGUOUS_NAME = "matches.parquet", "ambiguous.csv"
MATCH_MANIFEST_NAME = "match_manifest.json"

_INT16, _INT32, _FLOAT32, _STRING = pa.int16(), pa.int32(), pa.float32(), pa.string()


def _schema(**types: pa.DataType) -> pa.Schema:
    nullable = {"artist", "title", "timestamp"}
    return pa.schema([pa.field(name, of, name in nullable) for name, of in types.items()])


MSD_SCHEMAS: Mapping[str, pa.Schema] = MappingProxyType(
    {
        "lastfm_track": _schema(
            track_id=_INT32, msd_id=_STRING, artist=_STRING, title=_STRING, timestamp=_STRING
        ),
        "lastfm_tag": _schema(track_id=_INT32, tag=_STRING, clean_tag=_STRING, weight=_INT16),
        "lastfm_similar": _schema(track_id=_INT32, similar_id=_INT32, match=_FLOAT32),
    }
)


class MsdInput(msgspec.Struct, frozen=True):
    """One zip or folder that was read.

    Parameters
    ----------
    name : str
        Of the file or folder, for people.
    files : int
        How many files of songs it holds, malformed ones too.
    sha256 : str
        Names the files with their sizes and checks (CRC-32 in a zip, time of change in a folder).
    """

    name: str
    files: int
    sha256: str


class MsdCounts(msgspec.Struct, frozen=True):
    """What was found.

    Parameters
    ----------
    files : int
        All of them.
    songs : int
        Distinct songs with a file of their own; these have the first numbers.
    named_only : int
        Distinct ids that others name as similar, and that have no file.
    tags, similars : int
        Rows of these tables.
    duplicates : int
        Files left out because their song had been met.
    malformed : int
        Files left out because they could not be read.
    """

    files: int
    songs: int
    named_only: int
    tags: int
    similars: int
    duplicates: int
    malformed: int


class MsdManifest(msgspec.Struct, frozen=True):
    """What the tables were made from, and what they hold.

    Parameters
    ----------
    inputs : list of MsdInput
        In the order given.
    counts : MsdCounts
    top_tags : list of (tag, rows)
        The most frequent tags, cleaned, with the rows that have them.
    first_malformed : list of str
        The first files that could not be read, and why; `malformed.csv` has all.
    files : dict of str to FileStamp
        One a table.
    schema_version : int
        Of these tables; other versions are built anew.
    """

    inputs: list[MsdInput]
    counts: MsdCounts
    top_tags: list[tuple[str, int]]
    first_malformed: list[str]
    files: dict[str, FileStamp]
    schema_version: int = MSD_SCHEMA_VERSION


class StepCounts(msgspec.Struct, frozen=True):
    """What a step came to.

    Parameters
    ----------
    tracks, songs : int
        Matched tracks; distinct songs among their matches.
    ambiguous : int
        Tracks that were left undecided.
    passed_over : int
        Tracks whose artist has too many titles to compare.
    """

    tracks: int
    songs: int
    ambiguous: int
    passed_over: int


class MatchManifest(msgspec.Struct, frozen=True):
    """What the matches were made from, and what they hold.

    Parameters
    ----------
    made_from : dict of str to str
        Hashes of the inputs' content.
    threshold : float
        Of the fuzzy step.
    songs, tracks : int
        Those that have names.
    matched_songs : int
        Distinct songs that some track matches.
    steps : dict of str to StepCounts
        In order.
    files : dict of str to FileStamp
    schema_version : int
    """

    made_from: dict[str, str]
    threshold: float
    songs: int
    tracks: int
    matched_songs: int
    steps: dict[str, StepCounts]
    files: dict[str, FileStamp]
    schema_version: int = MATCH_SCHEMA_VERSION


def read_msd_manifest(msd_dir: Path) -> MsdManifest | None:
    """Read what tables of this version were made from.

    Parameters
    ----------
    msd_dir : Path
        Need not exist.

    Returns
    -------
    MsdManifest or None
        None without a readable manifest of `MSD_SCHEMA_VERSION`, and where a table's file is
        missing or does not have the size it was written with.
    """
    try:
        manifest = msgspec.json.decode((msd_dir / MANIFEST_NAME).read_bytes(), type=MsdManifest)
    except (OSError, ValueError):
        return None
    is_whole = are_there(msd_dir, MSD_SCHEMAS, manifest.files)
    return manifest if is_whole and manifest.schema_version == MSD_SCHEMA_VERSION else None


def read_match_manifest(msd_dir: Path) -> MatchManifest | None:
    """Read what `harvest match` found; None without a readable manifest of this version.

    Parameters
    ----------
    msd_dir : Path
        Need not exist.
    """
    path = msd_dir / MATCH_MANIFEST_NAME
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=MatchManifest)
    except (OSError, ValueError):
        return None
    return manifest if manifest.schema_version == MATCH_SCHEMA_VERSION else None


def matched_from(tables_fingerprint: str, manifest: MsdManifest) -> dict[str, str]:
    """Name the content of what is matched, for `MatchManifest.made_from`.

    Parameters
    ----------
    tables_fingerprint : str
        Of the tables of playlists, from `tables.fingerprint`.
    manifest : MsdManifest
        Of the songs.
    """
    return {"tables": tables_fingerprint, "lastfm_track": manifest.files["lastfm_track"].sha256}
