"""Small inputs in the layout of the Million Song Dataset's last.fm files."""

import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow.parquet as pq

TABLES = ("lastfm_track", "lastfm_tag", "lastfm_similar")


def song_id(number: int) -> str:
    return f"TR{number:016d}"


def place(number: int) -> str:
    """Where a song's file lies, as published: in folders of the id's third to fifth letters."""
    name = song_id(number)
    return f"lastfm_train/{name[2]}/{name[3]}/{name[4]}/{name}.json"


def content(number: int, **changes: object) -> bytes:
    fields = {
        "artist": f"Artist {number % 3}",
        "timestamp": "2011-08-03 00:30:31.051080",
        "similars": [[song_id(number + 1), 0.75], [song_id(number + 1_000), 0.5]],
        "tags": [["Rock", "100"], ["Hip-Hop", "40"]],
        "track_id": song_id(number),
        "title": f"Title {number}",
    }
    return json.dumps(fields | changes).encode()


def files(numbers: Sequence[int]) -> dict[str, bytes]:
    return {place(number): content(number) for number in numbers}


def write_zip(path: Path, members: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for member, data in members.items():
            archive.writestr(zipfile.ZipInfo(member), data, zipfile.ZIP_DEFLATED)
    return path


def write_folder(path: Path, members: Mapping[str, bytes]) -> Path:
    for member, data in members.items():
        (path / member).parent.mkdir(parents=True, exist_ok=True)
        (path / member).write_bytes(data)
    return path


def rows(msd_dir: Path, table: str) -> list[dict[str, object]]:
    return pq.read_table(msd_dir / f"{table}.parquet").to_pylist()


def everything(msd_dir: Path) -> dict[str, bytes]:
    """The bytes of every file that stands in a folder."""
    return {path.name: path.read_bytes() for path in msd_dir.iterdir() if path.is_file()}


def tables(msd_dir: Path) -> dict[str, bytes]:
    """The bytes of the tables alone."""
    return {name: (msd_dir / f"{name}.parquet").read_bytes() for name in TABLES}
