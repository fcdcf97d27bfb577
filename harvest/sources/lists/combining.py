"""The dataset's tables and people's own playlists -> `state/tables`.

The dataset's rows come first in every table, so that own playlists can be added, changed or
resolved by copying those rows, without reading the dataset again.
"""

import hashlib
import shutil
from collections import Counter
from collections.abc import Collection, Mapping
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harvest.errors import InputError
from harvest.manifests import Manifest, damage, read_manifest
from harvest.sources.lists import collection
from harvest.sources.lists.collection import Own, one_row_a_track
from harvest.sources.lists.copying import Copy, copy_dataset
from harvest.sources.lists.pieces import PLAYLISTS, key_of
from harvest.sources.lists.repeats import are_repeats
from harvest.sources.lists.resolved import Resolved, key_of_track, read_resolved
from harvest.sources.mpd_merge import Merger
from harvest.sources.mpd_slice import PLAYLIST_FIELDS, SliceTables
from harvest.table_writer import finish_publishing, publish, stamps, writers, writing
from harvest.tables import COMBINING_NAME, MADE_UP, SCHEMAS

COMMAND = "harvest playlists"


def combine(state: Path) -> Manifest | None:
    """Bring `state/tables` up to the dataset, the own playlists and what was found out of these.

    Parameters
    ----------
    state : Path
        Holds `tables` and `playlists`, either of which may be absent.

    Returns
    -------
    Manifest or None
        Of the tables, which are left as they are where nothing has changed; None without any.

    Raises
    ------
    StorageError
        The tables cannot be written; those that exist are untouched.
    StateInUse
        Somebody else writes them.
    InputError
        What is kept of own playlists is damaged or lost, or the dataset's tables are damaged.
    """
    tables_dir, folder = state / "tables", state / collection.FOLDER
    _finish(folder)
    manifest = read_manifest(tables_dir)
    kept = collection.own_fingerprint(folder)
    if not kept and (manifest is None or not manifest.own_sha256):
        collection.read_own(folder)  # of tables that are damaged too it says whether any are lost
        return manifest
    with writing(tables_dir, command=COMMAND):
        manifest = _known(tables_dir)
        own = collection.read_own(folder)
        resolved = read_resolved(state, own.tracks)
        wanted = _fingerprint(kept, resolved)
        if manifest and manifest.own_sha256 == wanted:
            return manifest
        return _rebuild(tables_dir, manifest, _with(own, resolved), own_sha256=wanted)


def require_own(state: Path) -> None:
    """Refuse to make the tables anew where own playlists that are in them could not be put back.

    Raises
    ------
    InputError
        What is kept of these is damaged or lost.
    StateInUse, StorageError
        As for `combine`.
    """
    folder = state / collection.FOLDER
    _finish(folder)
    collection.read_own(folder)


def _finish(folder: Path) -> None:
    if collection.is_half_replaced(folder):
        with writing(folder, command=COMMAND):
            collection.finish(folder)


def require_whole(tables_dir: Path) -> None:
    """Refuse tables that would lose the dataset's rows if own playlists were put into them.

    Parameters
    ----------
    tables_dir : Path
        Need not exist.

    Raises
    ------
    InputError
        They are damaged, or of another version.
    StateInUse
        Somebody else writes them.
    """
    if damage(tables_dir):
        with writing(tables_dir, command=COMMAND):
            _known(tables_dir)


def _known(tables_dir: Path) -> Manifest | None:
    """Return the manifest of tables held for writing; without one nobody knows the dataset's rows.

    Own playlists alone are no loss: they are kept in a folder of their own.
    """
    finish_publishing(tables_dir)
    if what := damage(tables_dir):
        raise InputError(
            f"{what}; run `harvest mpd PATH` again, or delete {tables_dir} if the dataset was "
            "never in it"
        )
    return read_manifest(tables_dir)


def _fingerprint(kept: str, resolved: Mapping[str, Resolved]) -> str:
    digest = hashlib.sha256(kept.encode())
    for asked in sorted(resolved):
        digest.update(repr((asked, resolved[asked])).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _with(own: Own, resolved: Mapping[str, Resolved]) -> Own:
    """Put in what was found out; a track that got its id may be one that is there already."""
    if not resolved:
        return own
    rows = [
        row | found.changes() if (found := resolved.get(key_of_track(row["track_uri"]))) else row
        for row in own.tracks.to_pylist()
    ]
    tracks = pa.Table.from_pylist(rows, collection.SCHEMAS["tracks"])
    return _known_anew(one_row_a_track(Own(own.playlists, tracks, own.entries, own.files)))


def _known_anew(own: Own) -> Own:
    """Give each playlist the key that its tracks have now: it may be one that another has."""
    uris = np.array(own.tracks["track_uri"].to_pylist(), object)
    uris = uris[own.entries["track"].to_numpy()]
    names = own.playlists["name"].to_pylist()
    ends = np.searchsorted(own.entries["playlist"].to_numpy(), np.arange(len(names)), "right")
    tracks = np.split(uris, ends[:-1])
    keys = [key_of(name, each) for name, each in zip(names, tracks, strict=True)]
    place = PLAYLISTS.get_field_index("by_uris")
    column = pa.array(keys, pa.int64())
    playlists = own.playlists.set_column(place, PLAYLISTS.field("by_uris"), column)
    return Own(playlists, own.tracks, own.entries, own.files)


def _rebuild(tables_dir: Path, manifest: Manifest | None, own: Own, *, own_sha256: str) -> Manifest:
    scratch = tables_dir / COMBINING_NAME
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    try:
        rows = _dataset_rows(manifest)
        with writers(scratch) as opened:
            merger = Merger(opened)
            own = collection.without(own, are_repeats(own))
            copy = Copy(own)
            if manifest and any(rows.values()):
                copy_dataset(tables_dir, rows, merger, opened, copy)
            left = collection.without(own, copy.are_there())
            new_tracks = merger.add(_slice(left), parse_again=partial(_again, left))
        totals = {name: writer.rows for name, writer in opened.items()}
        counts = (manifest.counts if manifest else {}) | totals | _open_ends(new_tracks)
        new = Manifest(
            manifest.input_name if manifest else "",
            manifest.input_sha256 if manifest else "",
            counts | {"own_playlists": left.playlists.num_rows},
            stamps(scratch),
            own_sha256=own_sha256,
            dataset_rows=rows,
        )
        publish(scratch, tables_dir, new)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return new


def _dataset_rows(manifest: Manifest | None) -> dict[str, int]:
    if manifest is None:
        return dict.fromkeys(SCHEMAS, 0)
    return manifest.dataset_rows or {name: manifest.counts[name] for name in SCHEMAS}


def _slice(own: Own) -> SliceTables:
    playlists = own.playlists.select([field.name for field in PLAYLIST_FIELDS])
    return SliceTables(playlists, own.tracks, own.entries, Counter())


def _again(own: Own, *, known_pids: Collection[int]) -> SliceTables:
    """Leave out playlists whose number another one has, as happens once in many lives."""
    is_known = np.array([pid in known_pids for pid in own.playlists["pid"].to_pylist()], np.bool_)
    return _slice(collection.without(own, is_known))


def _open_ends(tracks: pa.Table) -> dict[str, int]:
    """Count the tracks that lack their id, and those that lack a name.

    What the dataset has of a track is there already, its name too.
    """
    is_made_up = pc.starts_with(tracks["track_uri"], MADE_UP)
    is_nameless = pc.or_(*(pc.equal(tracks[name], "") for name in ("track_name", "artist_name")))
    return {
        "without_id": pc.sum(is_made_up).as_py() or 0,
        "without_name": pc.sum(is_nameless).as_py() or 0,
    }
