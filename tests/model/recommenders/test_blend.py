from dataclasses import dataclass, field
from functools import partial

import numpy as np
import pytest

from model.ragged import Ragged
from model.recommenders.base import Training
from model.recommenders.blend import Blend, hits_on_top
from model.recommenders.neighbours import SimilarSongs
from model.recommenders.popularity import Popularity
from model.recommenders.ranking.retrievers import Retriever
from model.similarity.weighting import COUNT

NEIGHBOURS = Retriever("neighbours", partial(SimilarSongs, COUNT), 10)


@dataclass
class Stubborn:
    """Recommends songs 0 and 1, whatever the seeds."""

    fitted_on_: np.ndarray = field(default_factory=lambda: np.arange(0))

    def fit(self, train):
        self.fitted_on_ = train.playlist_ids
        return self

    def recommend(self, seeds, *, n, title=None):
        return Ragged.of([[0, 1]] * len(seeds)), np.ones(2 * len(seeds))


def test_hits_behind_the_place_that_the_truth_reaches_do_not_count():
    rows = Ragged.of([[4, 5, 6], [1, 2]])
    hit = np.array([True, False, True, True, False])
    # 5, 6, 4 in this order: one of two; 2, 1: none of one.
    assert hits_on_top(rows, np.array([1.0, 3, 2, 0, 1]), hit, np.array([2, 1])) == 0.25


def test_what_has_the_same_score_is_taken_by_its_number():
    rows, hit = Ragged.of([[5, 4]]), np.array([True, False])
    assert hits_on_top(rows, np.zeros(2), hit, np.array([1])) == 0


def test_votes_of_too_few_playlists_to_weigh_methods_on_count_alike(handful):
    blend = Blend((Retriever("popularity", Popularity, 8), NEIGHBOURS)).fit(handful)
    assert blend.weights_.tolist() == [[1, 1]] * 6
    songs, scores = blend.recommend(Ragged.of([[1]]), n=3)
    # By popularity 0, 5, 2, 3, 4, 6; neighbours of 1: 0, 2, 3.
    assert songs[0].tolist() == [0, 2, 3]
    votes = np.array([1 / 61 + 1 / 61, 1 / 63 + 1 / 62, 1 / 64 + 1 / 63])
    assert scores == pytest.approx(votes, rel=1e-6)


def test_a_method_that_only_stands_in_the_way_of_hits_loses_its_vote():
    train = Training(
        playlist_ids=np.arange(40),
        names=["mix"] * 40,
        num_followers=np.ones(40, dtype=np.int64),
        playlists=Ragged.of([range(2, 10)] * 40),
        songs=np.zeros((10, 12)),
    )
    blend = Blend((Retriever("stubborn", Stubborn, 2), NEIGHBOURS), share=2).fit(train)
    assert blend.weights_.tolist() == [[0, 1]] * 6
    songs, _ = blend.recommend(Ragged.of([[2, 3]]), n=6)
    assert songs[0].tolist() == [4, 5, 6, 7, 8, 9]
