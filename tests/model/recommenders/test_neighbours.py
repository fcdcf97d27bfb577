from model.recommenders.neighbours import SimilarSongs
from model.similarity.weighting import COUNT


def test_neighbours_sum_counts_over_the_different_seeds(best):
    # With 0: 1 twice, 2, 3, 5 and 6 once; with 1: 2 and 3 once. A seed named twice counts once.
    assert best(SimilarSongs(COUNT), [0, 1, 0], n=4) == ([2, 3, 5, 6], [2, 2, 1, 1])


def test_neighbours_need_as_many_common_playlists_as_asked(best):
    songs, scores = best(SimilarSongs(COUNT, min_count=2), [0], n=2)
    assert (songs, scores) == ([1, 5], [2, 0])


def test_songs_are_looked_for_among_the_k_most_similar_alone(best):
    assert best(SimilarSongs(COUNT, k=1), [0], n=2) == ([1, 5], [2, 0])
