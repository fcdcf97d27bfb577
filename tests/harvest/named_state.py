"""States that hold songs and tracks of given names."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from harvest.manifests import table_path
from harvest.sources.msd_tables import MSD_SCHEMAS, MsdCounts, MsdManifest
from harvest.table_writer import stamps
from harvest.tables import SCHEMAS
from tests.harvest.msd_files import song_id

Names = Sequence[tuple[str | None, str | None]]


def _write(folder: Path, name: str, schema: pa.Schema, columns: dict[str, list[object]]) -> None:
    length = len(next(iter(columns.values()), []))
    arrays = [pa.array(columns.get(field.name, [0] * length), field.type) for field in schema]
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(arrays, schema=schema), table_path(folder, name))


def _write_tables(folder: Path, tracks: Names) -> None:
    artists = list(dict.fromkeys(artist for artist, _ in tracks))
    numbers = range(len(tracks))
    found = {
        "tracks": {
            "track_id": list(numbers),
            "track_uri": [f"spotify:track:{n:022d}" for n in numbers],
            "spotify_id": [f"{n:022d}" for n in numbers],
            "track_name": [title for _, title in tracks],
            "artist_id": [artists.index(artist) for artist, _ in tracks],
        },
        "artists": {
            "artist_id": list(range(len(artists))),
            "artist_uri": [f"spotify:artist:{n:022d}" for n in range(len(artists))],
            "artist_name": artists,
        },
    }
    for name, schema in SCHEMAS.items():
        _write(folder, name, schema, found.get(name, {}))


def _write_msd(folder: Path, songs: Names) -> None:
    columns = {
        "track_id": list(range(len(songs))),
        "msd_id": [song_id(number) for number in range(len(songs))],
        "artist": [artist for artist, _ in songs],
        "title": [title for _, title in songs],
        "timestamp": [None] * len(songs),
    }
    for name, schema in MSD_SCHEMAS.items():
        _write(folder, name, schema, columns if name == "lastfm_track" else {})
    counts = MsdCounts(len(songs), len(songs), 0, 0, 0, 0, 0)
    manifest = MsdManifest([], counts, [], [], stamps(folder, MSD_SCHEMAS))
    (folder / "manifest.json").write_bytes(msgspec.json.encode(manifest))


def write_state(state: Path, songs: Names, tracks: Names) -> Path:
    """Write songs and tracks of these (artist, title)."""
    _write_msd(state / "msd", songs)
    _write_tables(state / "tables", tracks)
    return state
