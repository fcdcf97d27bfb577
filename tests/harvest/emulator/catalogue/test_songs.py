import re

from harvest.emulator.catalogue.genres import GENRES
from harvest.emulator.catalogue.songs import make_songs


def test_ids_are_distinct_and_of_spotifys_form(songs):
    ids = songs.ids + songs.artist_ids + songs.album_ids
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch("[0-9A-Za-z]{22}", made) for made in ids)


def test_the_same_seed_gives_the_same_catalogue():
    assert make_songs(n_playlists=20, seed=5).ids == make_songs(n_playlists=20, seed=5).ids


def test_every_genre_has_artists_and_every_album_one_artist(songs):
    assert set(songs.genre_of.tolist()) == set(range(len(GENRES)))
    pairs = set(zip(songs.album_of.tolist(), songs.artist_of.tolist(), strict=True))
    assert len(pairs) == len(songs.album_names)


def test_a_few_tracks_are_unknown_to_each_service():
    songs = make_songs(n_playlists=1_500)
    assert 0.01 < 1 - songs.on_spotify.mean() < 0.06
    assert 0.01 < 1 - songs.on_lastfm.mean() < 0.12
