from dataclasses import replace

from model.ragged import Ragged
from model.recommenders.playlists import SimilarPlaylists


def test_playlists_that_share_more_and_rarer_songs_count_more(best):
    songs, _ = best(SimilarPlaylists(), [1, 2], n=3)
    # Playlist 0 holds both seeds, playlist 1 one of them: 0 is in both, 3 in the second alone.
    assert songs[:2] == [0, 3]


def test_playlists_may_be_compared_by_artists(best):
    # Song 7 is in no playlist, but its artist's song 6 is in the last.
    assert sorted(best(SimilarPlaylists("artists"), [7], n=3)[0]) == [0, 5, 6]


def test_without_albums_to_compare_by_the_most_popular_songs_answer(handful):
    made = SimilarPlaylists("albums").fit(replace(handful, albums=None))
    songs, scores = made.recommend(Ragged.of([[2]]), n=2)
    assert songs[0].tolist() == [0, 1]
    assert not scores.any()
