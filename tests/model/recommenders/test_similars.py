import numpy as np
from scipy.sparse import csr_array

from model.ragged import Ragged
from model.recommenders.base import Training
from model.recommenders.similars import ServiceSimilars


def made_up(similars):
    return Training(
        playlist_ids=np.arange(2),
        names=["a", "b"],
        num_followers=np.ones(2, dtype=np.int64),
        playlists=Ragged.of([[0, 1, 2], [2, 3]]),
        songs=np.zeros((5, 12)),
        similars=similars,
    )


# Of five songs, the last is in no playlist.
MATCHES = np.zeros((5, 5))
MATCHES[0, 1], MATCHES[2, 0], MATCHES[0, 4], MATCHES[3, 1] = 0.5, 0.25, 1, 0.75
SIMILARS = csr_array(MATCHES)


def test_songs_that_either_names_as_similar_count_by_match_and_playlists():
    songs, scores = ServiceSimilars().fit(made_up(SIMILARS)).recommend(Ragged.of([[0]]), n=3)
    assert songs[0].tolist() == [1, 2, 3]
    # Song 2 is in two playlists; of song 3 nothing is said, and song 4 is in none.
    assert np.allclose(scores, [0.5, 0.25 * np.sqrt(2), 0], atol=1e-6)


def test_matches_of_several_seeds_are_summed():
    songs, scores = ServiceSimilars().fit(made_up(SIMILARS)).recommend(Ragged.of([[0, 3]]), n=2)
    assert songs[0].tolist() == [1, 2]
    assert np.allclose(scores, [1.25, 0.25 * np.sqrt(2)], atol=1e-6)


def test_where_nothing_is_known_the_most_popular_songs_answer():
    for similars in (None, csr_array((5, 5))):
        songs, _ = ServiceSimilars().fit(made_up(similars)).recommend(Ragged.of([[1]]), n=2)
        assert songs[0].tolist() == [2, 0]
