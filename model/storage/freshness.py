"""Whether what was made is of the data that a state holds now; quick to import."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

_ENDING = ".parquet"
FEATURES, LASTFM, MSD = "audio_features", "lastfm", "msd"
"""By these names the marks of `inputs.harvest_marks` stand among hashes of tables."""


class _Stamp(msgspec.Struct):
    sha256: str


class _Manifest(msgspec.Struct):
    """What is looked at of ``tables/manifest.json``."""

    files: dict[str, _Stamp]


def table_hashes(state: Path) -> dict[str, str]:
    """Give the hash of each table by the name of its file, as `harvest` wrote it down.

    Nothing is read but the manifest; where it cannot be, or says nothing, there is none.
    """
    try:
        content = (state / "tables" / "manifest.json").read_bytes()
        files = msgspec.json.decode(content, type=_Manifest).files
    except (OSError, ValueError):
        return {}
    return {f"{name}{_ENDING}": stamp.sha256 for name, stamp in files.items()}


def tables_of(inputs: Mapping[str, str]) -> dict[str, str]:
    """Keep of the hashes of what something was made from those of tables, and marks of a harvest.

    Examples
    --------
    >>> tables_of({"tracks.parquet": "ab", "harvest.db": "cd"})
    {'tracks.parquet': 'ab'}
    """
    return {
        name: one
        for name, one in inputs.items()
        if name.endswith(_ENDING) or name in (FEATURES, LASTFM, MSD)
    }


def is_outdated(inputs: Mapping[str, str], now: Mapping[str, str]) -> bool:
    """Whether a table that something was made from, or what was harvested, is another one now.

    Parameters
    ----------
    inputs : mapping of str to str
        Hashes of what it was made from; of results from before these were written down, none.
    now : mapping of str to str
        See `table_hashes` and `inputs.harvest_marks`.

    Examples
    --------
    >>> is_outdated({"tracks.parquet": "ab", "harvest.db": "cd"}, {"tracks.parquet": "ef"})
    True
    >>> is_outdated({}, {"tracks.parquet": "ef"}), is_outdated({"tracks.parquet": "ab"}, {})
    (False, False)
    """
    return any(now.get(name, one) != one for name, one in inputs.items())
