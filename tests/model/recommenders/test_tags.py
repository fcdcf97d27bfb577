import numpy as np
from scipy.sparse import csr_array

from model.ragged import Ragged
from model.recommenders.base import Training
from model.recommenders.tags import TagNeighbours, tag_vectors


def made_up(tags):
    return Training(
        playlist_ids=np.arange(1),
        names=["a"],
        num_followers=np.ones(1, dtype=np.int64),
        playlists=Ragged.of([[0, 1, 2]]),
        songs=np.zeros((4, 12)),
        tags=tags,
    )


TAGS = csr_array(np.array([[4, 0], [1, 1], [0, 9], [4, 0]], dtype=np.float64))


def test_songs_tagged_alike_come_first_and_unheld_ones_never():
    songs, scores = TagNeighbours().fit(made_up(TAGS)).recommend(Ragged.of([[0]]), n=3)
    assert songs[0].tolist() == [1, 2]
    # Song 1 has both tags alike: its vector is (1, 1) / sqrt 2. Song 2 shares none.
    assert np.allclose(scores, [np.sqrt(0.5), 0])


def test_vectors_have_length_one_or_none():
    lengths = np.sqrt((tag_vectors(made_up(TAGS)) ** 2).sum(axis=1))
    assert np.allclose(np.asarray(lengths).ravel(), 1)
    assert tag_vectors(made_up(None)).nnz == 0


def test_how_rare_a_tag_is_counts_once_by_the_weight_that_it_comes_with():
    vectors = tag_vectors(made_up(csr_array(np.array([[3.0, 4.0], [3, 0], [3, 0], [3, 0]]))))
    assert np.allclose(vectors.toarray()[0], [0.6, 0.8])


def test_without_tags_the_most_popular_songs_answer():
    songs, _ = TagNeighbours().fit(made_up(None)).recommend(Ragged.of([[1]]), n=2)
    assert songs[0].tolist() == [0, 2]
