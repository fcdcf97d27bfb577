"""What the Parquet tables were made from, and whether they are whole; read without reading them.

Stands apart from `tables`, so that what answers at once need not wait for pyarrow.
"""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

SCHEMA_VERSION = 1
MANIFEST_NAME = "manifest.json"
TABLES = ("playlists", "tracks", "artists", "albums", "entries")


class FileStamp(msgspec.Struct, frozen=True):
    """What a table's file is known by: its size in bytes and the SHA-256 of its content."""

    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """What the tables were made from, and what they hold.

    Parameters
    ----------
    input_name : str
        The input's file name, for people.
    input_sha256 : str
        Names the input's slices with their sizes and checks.
    counts : dict of str to int
        Rows of each table, and tallies of the ingest.
    files : dict of str to FileStamp
        One a table.
    schema_version : int
        Of these tables; other versions are built anew.
    own_sha256 : str
        Names people's own playlists and what was found out of their tracks; empty without any.
    dataset_rows : dict of str to int
        How many rows of each table, the first ones, are the dataset's; empty where all are.
    """

    input_name: str
    input_sha256: str
    counts: dict[str, int]
    files: dict[str, FileStamp]
    schema_version: int = SCHEMA_VERSION
    own_sha256: str = ""
    dataset_rows: dict[str, int] = {}


def table_path(tables_dir: Path, name: str) -> Path:
    """Where a table lies.

    Examples
    --------
    >>> table_path(Path("tables"), "tracks").name
    'tracks.parquet'
    """
    return tables_dir / f"{name}.parquet"


def read_manifest(tables_dir: Path) -> Manifest | None:
    """Read what tables of this version were made from.

    Parameters
    ----------
    tables_dir : Path
        Need not exist.

    Returns
    -------
    Manifest or None
        None without a readable manifest of `SCHEMA_VERSION`, and where a table's file is missing
        or does not have the size it was written with.
    """
    try:
        manifest = msgspec.json.decode((tables_dir / MANIFEST_NAME).read_bytes(), type=Manifest)
    except (OSError, ValueError):
        return None
    is_whole = are_there(tables_dir, TABLES, manifest.files)
    return manifest if is_whole and manifest.schema_version == SCHEMA_VERSION else None


def damage(tables_dir: Path) -> str | None:
    """Say what keeps tables of a dataset from being known for what they are.

    Parameters
    ----------
    tables_dir : Path
        Need not exist.

    Returns
    -------
    str or None
        Which file is amiss, and how; None where all are whole, where there are none, and where
        they held people's own playlists alone, which are kept elsewhere too.
    """
    path = tables_dir / MANIFEST_NAME
    try:
        content = path.read_bytes()
        version = msgspec.json.decode(content, type=_Version).schema_version
        if version != SCHEMA_VERSION:
            return f"{path} is of version {version} of the tables, not {SCHEMA_VERSION}"
        return _damaged_table(tables_dir, msgspec.json.decode(content, type=Manifest))
    except FileNotFoundError:
        has_tables = any(table_path(tables_dir, name).exists() for name in TABLES)
        return f"{path} is missing beside its tables" if has_tables else None
    except OSError as error:
        return f"{path} cannot be read: {error.strerror}"
    except ValueError:
        return f"{path} is damaged"


def own_playlists(tables_dir: Path) -> int:
    """Return how many of people's own playlists tables held when they were written.

    Parameters
    ----------
    tables_dir : Path
        Need not exist; of its files none but the manifest is looked at.

    Returns
    -------
    int
        0 without a readable manifest.
    """
    try:
        content = (tables_dir / MANIFEST_NAME).read_bytes()
        return msgspec.json.decode(content, type=_Counted).counts.get("own_playlists", 0)
    except (OSError, ValueError):
        return 0


class _Counted(msgspec.Struct):
    counts: dict[str, int] = {}


class _Version(msgspec.Struct):
    schema_version: int = SCHEMA_VERSION


def _damaged_table(tables_dir: Path, manifest: Manifest) -> str | None:
    if not manifest.input_sha256:
        return None
    for name in TABLES:
        stamp, path = manifest.files.get(name), table_path(tables_dir, name)
        if stamp is None:
            return f"{tables_dir / MANIFEST_NAME} does not name {path.name}"
        if not are_there(tables_dir, [name], {name: stamp}):
            return f"{path} is missing, or damaged: it should have {stamp.size:,} bytes"
    return None


def are_there(tables_dir: Path, names: Iterable[str], stamps: Mapping[str, FileStamp]) -> bool:
    """Say whether each table's file has the size that its stamp says."""
    try:
        sizes = {name: table_path(tables_dir, name).stat().st_size for name in names}
    except OSError:
        return False
    return sizes == {name: stamp.size for name, stamp in stamps.items()}


def fingerprint_of(manifest: Manifest) -> str:
    """Name the content of the tables by the hashes in their manifest."""
    return hash_texts(manifest.files[name].sha256 for name in TABLES)


def hash_texts(texts: Iterable[str]) -> str:
    """Return the SHA-256 of texts, a line each."""
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()
