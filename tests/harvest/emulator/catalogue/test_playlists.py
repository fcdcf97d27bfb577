import numpy as np
import pytest

from harvest.emulator.catalogue.features import make_features
from harvest.emulator.catalogue.playlists import make_playlists
from harvest.emulator.catalogue.songs import make_songs


@pytest.fixture(scope="module")
def drawn():
    songs = make_songs(n_playlists=400, seed=1)
    return songs, list(make_playlists(songs, n_playlists=400, seed=1))


def test_most_entries_are_of_one_or_two_genres(drawn):
    songs, playlists = drawn
    shares = []
    for playlist in playlists:
        counts = np.sort(np.bincount(songs.genre_of[playlist.rows]))
        shares.append(counts[-2:].sum() / counts.sum())
    assert np.mean(shares) > 0.95


def test_songs_of_a_playlist_sound_alike(drawn):
    songs, playlists = drawn
    artists = [songs.artist_ids[row] for row in songs.artist_of]
    values = make_features(songs.ids, artists, songs.genre_of, songs.duration_ms)
    energy = np.array(values["energy"])
    within = np.mean([energy[playlist.rows].var() for playlist in playlists])
    assert within < 0.7 * energy.var()


def test_every_tail_track_occurs_once(drawn):
    songs, playlists = drawn
    plays = np.bincount(
        np.concatenate([playlist.rows for playlist in playlists]), minlength=len(songs.ids)
    )
    # A repeat within one playlist may add to a few of them.
    assert (plays[songs.is_tail] >= 1).all()
    assert (plays[songs.is_tail] == 1).mean() > 0.98


def test_some_playlists_hold_a_track_twice(drawn):
    _, playlists = drawn
    assert any(len(set(p.rows.tolist())) < len(p.rows) for p in playlists)
