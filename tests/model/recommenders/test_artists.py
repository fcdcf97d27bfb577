from dataclasses import replace

from model.ragged import Ragged
from model.recommenders.artists import ArtistSongs


def test_other_songs_of_the_seeds_artist_come_first(best):
    assert best(ArtistSongs(), [4], n=1)[0] == [5]


def test_other_songs_of_the_seeds_album_may_stand_alone(best):
    assert best(ArtistSongs(reach=0.0, albums=1.0), [2], n=1)[0] == [3]


def test_without_artists_and_albums_the_most_popular_songs_answer(handful):
    made = ArtistSongs().fit(replace(handful, artists=None, albums=None))
    songs, scores = made.recommend(Ragged.of([[2]]), n=2)
    assert songs[0].tolist() == [0, 1]
    assert not scores.any()
