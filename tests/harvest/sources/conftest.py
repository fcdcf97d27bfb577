"""Small inputs in the layout of the Million Playlist Dataset."""

import json
import zipfile
from pathlib import Path

import pyarrow.parquet as pq

TABLES = ("playlists", "tracks", "artists", "albums", "entries")


class MpdFactory:
    """Writes slices of the dataset under a temporary folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def track(self, number: int, **changes: object) -> dict[str, object]:
        artist, album = number % 3, number % 5
        return {
            "pos": 0,
            "artist_name": f"Artist {artist}",
            "track_uri": f"spotify:track:{number:022d}",
            "artist_uri": f"spotify:artist:{artist:022d}",
            "track_name": f"Track {number}",
            "album_uri": f"spotify:album:{album:022d}",
            "duration_ms": 1000 * number,
            "album_name": f"Album {album}",
        } | changes

    def playlist(self, pid: int, numbers: list[int], **changes: object) -> dict[str, object]:
        return {
            "pid": pid,
            "name": f"Playlist {pid}",
            "collaborative": "false",
            "modified_at": 1_500_000_000,
            "num_tracks": len(numbers),
            "num_albums": 2,
            "num_artists": 3,
            "num_followers": 4,
            "num_edits": 5,
            "duration_ms": 6,
            "tracks": [self.track(number, pos=pos) for pos, number in enumerate(numbers)],
        } | changes

    def slice(self, playlists: list[dict[str, object]], version: str = "v1") -> bytes:
        return json.dumps({"info": {"version": version}, "playlists": playlists}).encode()

    def slices(self, count: int, size: int = 10) -> dict[str, bytes]:
        """So many slices of `size` playlists each, which share some of their tracks."""
        return {
            f"data/mpd.slice.{first}-{first + size - 1}.json": self.slice(
                [
                    self.playlist(pid, [(pid * 7 + step * step) % 97 for step in range(12)])
                    for pid in range(first, first + size)
                ]
            )
            for first in range(0, count * size, size)
        }

    def zip(self, members: dict[str, bytes], name: str = "mpd.zip") -> Path:
        path = self.root / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, content in members.items():
                archive.writestr(zipfile.ZipInfo(member), content, zipfile.ZIP_DEFLATED)
        return path

    def folder(self, members: dict[str, bytes], name: str = "mpd") -> Path:
        for member, content in members.items():
            path = self.root / name / member
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return self.root / name

    def rows(self, tables_dir: Path, table: str) -> list[dict[str, object]]:
        return pq.read_table(tables_dir / f"{table}.parquet").to_pylist()

    def content(self, tables_dir: Path) -> dict[str, bytes]:
        """The bytes of every file that stands in a folder of tables."""
        return {path.name: path.read_bytes() for path in tables_dir.iterdir() if path.is_file()}

    def tables(self, tables_dir: Path) -> dict[str, bytes]:
        """The bytes of the tables alone."""
        return {name: (tables_dir / f"{name}.parquet").read_bytes() for name in TABLES}
