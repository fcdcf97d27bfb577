import shutil
from pathlib import Path

import numpy as np
import pytest

from model.challenge.catalogue import Catalogue
from model.errors import InputError


def test_every_song_and_playlist_has_its_name(catalogue: Catalogue) -> None:
    assert catalogue.uris[3] == f"spotify:track:{3:022d}"
    assert catalogue.artist_uris[catalogue.artists[9]] == "spotify:artist:2"
    assert (catalogue.pids[5], catalogue.titles[5], catalogue.titles[7]) == (5, "Mix 5", "")


def test_a_song_may_be_any_track_of_the_tables(long_state: Path) -> None:
    catalogue = Catalogue.read(long_state, np.array([8, 2]))
    assert catalogue.uris.tolist() == [f"spotify:track:{8:022d}", f"spotify:track:{2:022d}"]
    assert [one["track_name"] for one in catalogue.describe(np.array([1, 0, 1]))] == [
        "Song 2",
        "Song 8",
        "Song 2",
    ]


def test_songs_are_described_as_in_the_dataset(catalogue: Catalogue) -> None:
    assert catalogue.describe(np.array([9])) == [
        {
            "track_name": "Song 9",
            "track_uri": f"spotify:track:{9:022d}",
            "artist_uri": "spotify:artist:2",
            "artist_name": "Artist 2",
            "album_uri": "spotify:album:0",
            "album_name": "album",
            "duration_ms": 200_000,
        }
    ]


def test_a_table_that_cannot_be_read_is_named(long_state: Path, tmp_path: Path) -> None:
    state = Path(shutil.copytree(long_state, tmp_path / "state"))
    (state / "tables" / "albums.parquet").write_bytes(b"no table")
    with pytest.raises(InputError, match=r"cannot read .*albums.parquet .*run `harvest mpd PATH`"):
        Catalogue.read(state, np.arange(2))
