"""The tables that `harvest mpd` would make of `synthetic_mpd`'s playlists, and audio features."""

import hashlib
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from synthetic_catalogue import Catalogue, Ids, Rows, joined
from synthetic_playlists import Playlists

from harvest.emulator.catalogue.features import COLUMNS, make_features
from harvest.jobs.importing import import_features
from harvest.manifests import Manifest
from harvest.table_writer import TableWriter, publish, stamps, writers, writing
from harvest.tables import SCHEMAS, SCRATCH_NAME

PROVIDER = "synthetic"

_WHOLE = ("key", "mode", "duration_ms", "time_signature")
_TYPES = {name: pa.int64() if name in _WHOLE else pa.float64() for name in COLUMNS}
_PAGE_ROWS = 100_000
_TALLIES = (
    "mended_slices",
    "other_version_slices",
    "duplicate_playlists",
    "num_tracks_mismatches",
)


def write_tables(state: Path, catalogue: Catalogue, slices: Iterator[Playlists]) -> Rows:
    """Write the tables; return the tracks of the catalogue in order of their new ids."""
    tables_dir = state / "tables"
    with writing(tables_dir):
        scratch = tables_dir / SCRATCH_NAME
        scratch.mkdir(exist_ok=True)
        with writers(scratch) as opened:
            numbering = _Numbering(catalogue, opened)
            for made in slices:
                numbering.add(made)
        rows = {name: writer.rows for name, writer in opened.items()}
        name = f"synthetic playlists, seed {catalogue.seed}"
        made_from = f"{name}, {catalogue.n_tracks} tracks, {rows['playlists']} playlists"
        digest = hashlib.sha256(made_from.encode()).hexdigest()
        counts = rows | dict.fromkeys(_TALLIES, 0)
        publish(scratch, tables_dir, Manifest(name, digest, counts, stamps(scratch)))
        shutil.rmtree(scratch)
    return np.concatenate(numbering.tracks)


class _Numbering:
    """Gives ids in order of first appearance, as `harvest mpd` does, and writes what is new."""

    def __init__(self, catalogue: Catalogue, opened: Mapping[str, TableWriter]) -> None:
        self._catalogue = catalogue
        self._opened = opened
        self._track_ids = np.full(catalogue.n_tracks, -1, np.int32)
        self._artist_ids = np.full(len(catalogue.artist_edges) - 1, -1, np.int32)
        self._album_ids = np.full(int(catalogue.album_of[-1]) + 1, -1, np.int32)
        self.tracks: list[Rows] = []

    def add(self, made: Playlists) -> None:
        n_before = self._opened["playlists"].rows
        self._add_tracks(made.rows)
        self._append(
            "playlists",
            playlist_id=n_before + np.arange(len(made.names)),
            pid=made.pids,
            name=made.names,
            description=made.descriptions,
            collaborative=made.is_collaborative,
            modified_at=made.modified_at,
            num_tracks=made.lengths,
            num_followers=made.followers,
            num_edits=made.edits,
            **made.counts(self._catalogue),
        )
        track_ids = self._track_ids[made.rows]
        self._append("entries", playlist_id=n_before + made.owner, pos=made.pos, track_id=track_ids)

    def _add_tracks(self, rows: Rows) -> None:
        catalogue = self._catalogue
        new = _number(self._track_ids, rows, self._opened["tracks"].rows)
        artists, albums = catalogue.artist_of[new], catalogue.album_of[new]
        self._add_names("artist", artists, self._artist_ids, catalogue.names_of_artists)
        self._add_names("album", albums, self._album_ids, catalogue.album_names)
        ids = catalogue.spotify_ids("track", new)
        self._append(
            "tracks",
            track_id=self._track_ids[new],
            track_uri=joined("spotify:track:", ids),
            spotify_id=ids,
            track_name=catalogue.track_names(new),
            artist_id=self._artist_ids[artists],
            album_id=self._album_ids[albums],
            duration_ms=catalogue.duration_ms(new),
        )
        self.tracks.append(new)

    def _add_names(
        self, kind: str, numbers: Ids, ids: Ids, names: Callable[[Ids], pa.Array]
    ) -> None:
        new = _number(ids, numbers, self._opened[f"{kind}s"].rows)
        uris = joined(f"spotify:{kind}:", self._catalogue.spotify_ids(kind, new))
        columns = {f"{kind}_id": ids[new], f"{kind}_uri": uris, f"{kind}_name": names(new)}
        self._append(f"{kind}s", **columns)

    def _append(self, name: str, /, **columns: object) -> None:
        schema = SCHEMAS[name]
        arrays = [pa.array(columns[field.name]).cast(field.type) for field in schema]
        self._opened[name].append(pa.Table.from_arrays(arrays, schema=schema))


def _number(ids: Ids, found: Ids | Rows, start: int) -> Ids | Rows:
    """Give numbers from `start` to what has none yet, as it first appears; return that."""
    unknown = found[ids[found] < 0]
    distinct, first = np.unique(unknown, return_index=True)
    new = distinct[np.argsort(first)]
    ids[new] = np.arange(start, start + len(new), dtype=np.int32)
    return new


def write_features(state: Path, catalogue: Catalogue, tracks: Rows) -> None:
    """Make up audio features around each genre's, in order of track id, and import them."""
    path = state / "audio_features.parquet"
    starts = range(0, len(tracks), _PAGE_ROWS)
    pages = (_page(catalogue, tracks[start : start + _PAGE_ROWS]) for start in starts)
    schema = pa.schema([("spotify_id", pa.string()), *((name, _TYPES[name]) for name in COLUMNS)])
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for page in pages:
            writer.write_table(page.cast(schema))
    import_features(state, [path], provider=PROVIDER, overwrite=True)


def _page(catalogue: Catalogue, rows: Rows) -> pa.Table:
    known = rows[catalogue.is_measured(rows)]
    ids = catalogue.spotify_ids("track", known).to_pylist()
    artists = catalogue.spotify_ids("artist", catalogue.artist_of[known]).to_pylist()
    durations = catalogue.duration_ms(known).astype(np.int64)
    values = make_features(ids, artists, catalogue.sound_of(known), durations)
    return pa.table({"spotify_id": ids} | {name: values[name] for name in COLUMNS})
