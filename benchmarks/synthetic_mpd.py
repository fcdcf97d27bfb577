"""Write made-up playlists shaped like the Million Playlist Dataset (MPD), as many as asked.

    python benchmarks/synthetic_mpd.py --playlists 100000 --json mpd.zip   # or a folder
    python benchmarks/synthetic_mpd.py --playlists 1000000 --tables STATE --features
    python benchmarks/synthetic_mpd.py --compare STATE   # as many playlists beside real tables

`--json` writes slices in the dataset's own layout, `--tables` what `harvest mpd` makes of these,
byte for byte, in `STATE/tables`. `--features` makes up audio features too and takes them into
`STATE/harvest.db`, as `harvest import` does. The same seed gives the same; fewer playlists are the
first of more. `docs/decisions/0103-synthetic-dataset.md` compares it with the real dataset.
"""

import argparse
import json
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from synthetic_catalogue import N_TRACKS, Catalogue, Rows, joined, make_catalogue
from synthetic_likeness import compare
from synthetic_playlists import PlaylistMaker, Playlists
from synthetic_tables import write_features, write_tables

from harvest.manifests import table_path

_ZIP_TIME = (2017, 12, 3, 8, 41, 42)
_HEAD = """{
    "info": {
        "generated_on": "2017-12-03 08:41:42.057563",
        "slice": "%s",
        "version": "v1"
    },
    "playlists": [
"""


def main() -> None:
    """Write what the options ask for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--playlists", type=int, default=10_000, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    parser.add_argument("--catalogue", type=int, default=N_TRACKS, metavar="N", help="tracks")
    parser.add_argument("--json", type=Path, metavar="PATH", help="a zip, or else a folder")
    parser.add_argument("--tables", type=Path, metavar="STATE")
    parser.add_argument("--features", action="store_true", help="with --tables")
    parser.add_argument("--compare", type=Path, metavar="STATE", help="of real tables")
    options = parser.parse_args()
    if not (options.json or options.tables or options.compare):
        parser.error("nothing to do: give --json, --tables or --compare")
    catalogue = make_catalogue(options.seed, options.catalogue)
    if options.compare:
        compare_with(options.compare, catalogue)
    maker = PlaylistMaker(catalogue)
    if options.json:
        write_json(options.json, catalogue, maker.slices(options.playlists))
    if options.tables:
        tracks = write_tables(options.tables, catalogue, maker.slices(options.playlists))
        if options.features:
            write_features(options.tables, catalogue, tracks)


def compare_with(real: Path, catalogue: Catalogue) -> None:
    """Print figures of real tables beside those of as many playlists, followed as much."""
    followers = pq.read_table(table_path(real / "tables", "playlists"))["num_followers"]
    maker = PlaylistMaker(catalogue, min_followers=pc.min(followers).as_py())
    with tempfile.TemporaryDirectory(prefix="synthetic-") as name:
        made = Path(name)
        tracks = write_tables(made, catalogue, maker.slices(len(followers)))
        if (real / "harvest.db").exists():
            write_features(made, catalogue, tracks)
        compare(real, made)


# The dataset's own layout


def write_json(path: Path, catalogue: Catalogue, slices: Iterator[Playlists]) -> None:
    """Write slices into a zip or, under any other name, into a folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix != ".zip":
        for made in slices:
            target = path / _slice_name(made)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(slice_json(catalogue, made))
        return
    with zipfile.ZipFile(path, "w") as archive:
        for made in slices:
            entry = zipfile.ZipInfo(_slice_name(made), date_time=_ZIP_TIME)
            content = slice_json(catalogue, made)
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED, compresslevel=1)


def slice_json(catalogue: Catalogue, made: Playlists) -> bytes:
    """Put a slice together from columns, without an object a track."""
    texts = _entry_texts(catalogue, made)
    content = texts.buffers()[2].to_pybytes()
    offsets = np.frombuffer(texts.buffers()[1], np.int32)[: len(texts) + 1]
    ends = np.cumsum(made.lengths)
    bounds = offsets[np.concatenate([[0], ends])].tolist()
    counts = made.counts(catalogue)
    last = made.first + len(made.names) - 1
    pieces = [(_HEAD % f"{made.first}-{last}").encode()]
    for number in range(len(made.names)):
        head, foot = _around_tracks(made, counts, number)
        tracks = content[bounds[number] : bounds[number + 1] - len(",\n")]
        pieces += [b",\n" * (number > 0), head, tracks, foot]
    return b"".join([*pieces, b"\n    ]\n}"])


def _slice_name(made: Playlists) -> str:
    return f"data/mpd.slice.{made.first}-{made.first + len(made.names) - 1}.json"


def _entry_texts(catalogue: Catalogue, made: Playlists) -> pa.Array:
    """Return each entry's JSON object, with the comma behind it."""
    tracks, entry_of = np.unique(made.rows, return_inverse=True)
    artists, albums = catalogue.artist_of[tracks], catalogue.album_of[tracks]
    rest = joined(
        ',\n                    "artist_name": "',
        catalogue.names_of_artists(artists),
        '",\n                    "track_uri": "spotify:track:',
        catalogue.spotify_ids("track", tracks),
        '",\n                    "artist_uri": "spotify:artist:',
        catalogue.spotify_ids("artist", artists),
        '",\n                    "track_name": "',
        catalogue.track_names(tracks),
        '",\n                    "album_uri": "spotify:album:',
        catalogue.spotify_ids("album", albums),
        '",\n                    "duration_ms": ',
        pc.cast(pa.array(catalogue.duration_ms(tracks)), pa.string()),
        ',\n                    "album_name": "',
        catalogue.album_names(albums),
        '"\n                },\n',
    )
    pos = pc.cast(pa.array(made.pos), pa.string())
    head = '                {\n                    "pos": '
    return joined(head, pos, rest.take(pa.array(entry_of)))


def _around_tracks(made: Playlists, counts: Mapping[str, Rows], number: int) -> tuple[bytes, bytes]:
    pid = made.first + number
    head = {
        "name": made.names[number],
        "collaborative": "true" if made.is_collaborative[number] else "false",
        "pid": pid,
        "modified_at": int(made.modified_at[number]),
        "num_tracks": int(made.lengths[number]),
        "num_albums": int(counts["num_albums"][number]),
        "num_followers": int(made.followers[number]),
    }
    if made.descriptions[number]:
        head["description"] = made.descriptions[number]
    foot = {
        "num_edits": int(made.edits[number]),
        "duration_ms": int(counts["duration_ms"][number]),
        "num_artists": int(counts["num_artists"][number]),
    }
    opening = f'        {{\n{_lines(head)},\n            "tracks": [\n'
    closing = f"\n            ],\n{_lines(foot)}\n        }}"
    return opening.encode(), closing.encode()


def _lines(fields: Mapping[str, object]) -> str:
    return ",\n".join(f'            "{key}": {json.dumps(each)}' for key, each in fields.items())


if __name__ == "__main__":
    main()
