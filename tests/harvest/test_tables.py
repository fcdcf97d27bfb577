"""Reading the tables: pages of tracks, the fingerprint, and what is said of missing ones."""

import os

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from harvest.errors import InputError
from harvest.manifests import Manifest
from harvest.table_writer import publish, stamps, writers
from harvest.tables import SCHEMAS, fingerprint, iter_tracks

TRACKS = [
    ("a" * 22, "Track 0", 1),
    (None, "Local", 0),
    ("b" * 22, "Track 2", 0),
    ("c" * 22, "Track 3", 1),
]


def rows():
    tracks = [
        {
            "track_id": number,
            "track_uri": f"uri {number}",
            "spotify_id": spotify_id,
            "track_name": name,
            "artist_id": artist,
            "album_id": 0,
            "duration_ms": 1,
        }
        for number, (spotify_id, name, artist) in enumerate(TRACKS)
    ]
    artists = [
        {"artist_id": number, "artist_uri": f"uri {number}", "artist_name": f"Artist {number}"}
        for number in range(2)
    ]
    return {"tracks": tracks, "artists": artists}


def make(folder, **changes):
    folder.mkdir(parents=True, exist_ok=True)
    with writers(folder) as opened:
        for name, schema in SCHEMAS.items():
            content = (rows() | changes).get(name, [])
            opened[name].append(pa.Table.from_pylist(content, schema))
    return folder


@pytest.fixture
def tables_dir(tmp_path):
    scratch = make(tmp_path / "tables" / ".parts")
    publish(scratch, tmp_path / "tables", Manifest("mpd.zip", "abc", {}, stamps(scratch)))
    scratch.rmdir()
    return tmp_path / "tables"


def test_tracks_come_in_order_with_their_artists_and_without_null_ids(tables_dir):
    assert list(iter_tracks(tables_dir)) == [
        [
            ("a" * 22, "Artist 1", "Track 0"),
            ("b" * 22, "Artist 0", "Track 2"),
            ("c" * 22, "Artist 1", "Track 3"),
        ]
    ]


def test_pages_hold_no_more_rows_than_asked_and_are_never_empty(tables_dir):
    pages = list(iter_tracks(tables_dir, page_rows=1))
    assert [len(page) for page in pages] == [1, 1, 1]


def test_tables_without_tracks_give_no_page(tmp_path):
    assert list(iter_tracks(make(tmp_path, tracks=[], artists=[]))) == []


@pytest.mark.parametrize("read", [iter_tracks, fingerprint])
def test_missing_tables_say_which_command_makes_them(tmp_path, read):
    with pytest.raises(InputError, match=r"does not exist; run `harvest mpd PATH` first"):
        read(tmp_path / "none")


@pytest.mark.parametrize("read", [iter_tracks, fingerprint])
def test_half_replaced_tables_are_refused(tables_dir, read):
    (tables_dir / "manifest.json").unlink()
    (tables_dir / ".parts").mkdir()
    with pytest.raises(InputError, match="half replaced"):
        read(tables_dir)


def test_tables_are_served_while_an_ingest_is_under_way(tables_dir):
    (tables_dir / ".parts").mkdir()
    assert len(list(iter_tracks(tables_dir))) == 1


@pytest.mark.parametrize("table", ["tracks", "artists"])
def test_damaged_table_is_named(tables_dir, table):
    (tables_dir / f"{table}.parquet").write_bytes(b"not parquet at all")
    with pytest.raises(InputError, match=rf"{table}\.parquet is damaged: .*harvest mpd PATH"):
        list(iter_tracks(tables_dir))


def test_table_with_a_damaged_page_is_named(tables_dir):
    path = tables_dir / "tracks.parquet"
    content = bytearray(path.read_bytes())
    content[4 : len(content) // 3] = bytes(len(content) // 3 - 4)
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"tracks\.parquet is damaged"):
        list(iter_tracks(tables_dir))


def test_table_that_lacks_a_column_is_named(tables_dir):
    pq.write_table(pa.table({"track_id": [0]}), tables_dir / "tracks.parquet")
    with pytest.raises(InputError, match=r"tracks\.parquet is damaged"):
        list(iter_tracks(tables_dir))


def test_artist_that_does_not_exist_is_an_input_error(tmp_path):
    with pytest.raises(InputError, match=r"tracks\.parquet is damaged"):
        list(iter_tracks(make(tmp_path, artists=rows()["artists"][:1])))


def test_fingerprint_is_the_contents_own(tables_dir, tmp_path):
    other = make(tmp_path / "other" / ".parts")
    publish(other, tmp_path / "other", Manifest("elsewhere.zip", "xyz", {}, stamps(other)))
    assert fingerprint(tables_dir) == fingerprint(tmp_path / "other")


def test_fingerprint_changes_with_the_content(tables_dir):
    before = fingerprint(tables_dir)
    scratch = make(tables_dir / ".parts", tracks=rows()["tracks"][:2])
    publish(scratch, tables_dir, Manifest("mpd.zip", "abc", {}, stamps(scratch)))
    assert fingerprint(tables_dir) != before


def test_fingerprint_of_tables_without_manifest_follows_size_and_time(tables_dir):
    (tables_dir / "manifest.json").unlink()
    before = fingerprint(tables_dir)
    assert fingerprint(tables_dir) == before
    os.utime(tables_dir / "tracks.parquet", ns=(1, 1))
    assert fingerprint(tables_dir) != before


def test_columns_are_those_of_the_contract():
    columns = {name: schema.names for name, schema in SCHEMAS.items()}
    assert columns["entries"] == ["playlist_id", "pos", "track_id"]
    nullable = {field.name for schema in SCHEMAS.values() for field in schema if field.nullable}
    assert nullable == {"description", "spotify_id"}
