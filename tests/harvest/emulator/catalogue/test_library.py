import json

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from harvest.emulator.catalogue.features import COLUMNS
from harvest.emulator.catalogue.library import from_tables, load_library
from harvest.emulator.catalogue.recordings import lookup_key
from harvest.emulator.catalogue.titles import base_title
from harvest.errors import InputError


@pytest.fixture
def tables(tmp_path):
    """Three tracks, the third without a Spotify id."""
    tracks = {
        "track_id": pa.array([0, 1, 2], pa.int32()),
        "track_uri": ["spotify:track:" + "A" * 22, "spotify:track:" + "B" * 22, "spotify:local:x"],
        "spotify_id": ["A" * 22, "B" * 22, None],
        "track_name": ["Moon", "Sun & Rain", "Tape"],
        "artist_id": pa.array([0, 1, 1], pa.int32()),
        "album_id": pa.array([0, 0, 0], pa.int32()),
        "duration_ms": pa.array([1_000, 2_000, 3_000], pa.int32()),
    }
    folder = tmp_path / "tables"
    folder.mkdir()
    parquet.write_table(pa.table(tracks), folder / "tracks.parquet")
    artists = {"artist_id": [0, 1], "artist_uri": ["x", "y"], "artist_name": ["Ana", "Bob/Cy"]}
    parquet.write_table(pa.table(artists), folder / "artists.parquet")
    albums = {"album_id": [0], "album_uri": ["z"], "album_name": ["First"]}
    parquet.write_table(pa.table(albums), folder / "albums.parquet")
    entries = {"track_id": pa.array([0, 1, 1], pa.int32())}
    parquet.write_table(pa.table(entries), folder / "entries.parquet")
    return folder


def test_tables_are_served_with_stable_features_and_their_popularity(tables):
    first, second = from_tables(tables), from_tables(tables)
    assert first.features == second.features
    assert set(first.features) == {"A" * 22, "B" * 22}
    assert json.loads(first.features["B" * 22])["duration_ms"] == 2_000
    assert first.popularity.tolist() == [1, 2, 0]
    assert first.row_of[lookup_key("bob/CY", "SUN & rain")] == 1


def test_with_a_features_file_exactly_those_features_are_served(tables, tmp_path):
    path = tmp_path / "features.csv"
    row = ",".join(["C" * 22] + ["0.5"] * 2 + ["1", "-7", "1"] + ["0.5"] * 5 + ["120", "9", "4"])
    path.write_text(f"id,{','.join(COLUMNS)}\n{row}\n")
    assert list(from_tables(tables, features=path).features) == ["C" * 22]


def test_with_a_tags_file_an_artist_it_lacks_has_no_tags(tables, tmp_path):
    path = tmp_path / "tags.csv"
    path.write_text("artist,tag,users\nANA,folk,5\n")
    assert from_tables(tables, tags=path).artist_tags == [(("folk", 100),), ()]


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_last_fm_may_know_the_plain_titles_of_tables_alone(share, tables):
    path = tables / "tracks.parquet"
    tracks = parquet.read_table(path)
    raw = ["Moon - Remastered 2011", "Sun & Rain (feat. Cy)", "Tape"]
    parquet.write_table(tracks.set_column(3, "track_name", [raw]), path)
    library = from_tables(tables, plain_share=share)
    known = raw if share == 0.0 else ["Moon", "Sun & Rain", "Tape"]
    assert library.lastfm_titles == known
    assert set(library.row_of) == {
        lookup_key(artist, title)
        for artist, title in zip(["Ana", "Bob/Cy", "Bob/Cy"], known, strict=True)
    }
    assert library.titles == raw


def test_missing_tables_are_named(tables, tmp_path):
    with pytest.raises(InputError, match=r"tracks\.parquet.*harvest mpd"):
        from_tables(tmp_path)
    (tables / "tracks.parquet").write_bytes(b"not parquet")
    with pytest.raises(InputError, match=r"tracks\.parquet"):
        from_tables(tables)


def test_the_catalogue_lacks_some_tracks_at_each_service(songs, library):
    assert 0 < len(library.features) < len(songs.ids)
    assert set(library.features) == set(np.array(songs.ids)[songs.on_spotify])
    names = [songs.artist_names[artist] for artist in songs.artist_of]
    is_decorated = np.array([base_title(title) != title for title in songs.titles])
    for row in np.flatnonzero(~songs.on_lastfm & is_decorated):
        assert library.row_of.get(lookup_key(names[row], songs.titles[row])) is None


def test_the_same_seed_and_size_serve_the_ids_of_the_written_catalogue(songs):
    assert load_library(n_playlists=60).ids == songs.ids
