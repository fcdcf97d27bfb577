"""The two stages on small made-up tastes; what holds of all recommenders is in test_contract."""

from functools import partial
from typing import ClassVar

import numpy as np
from threadpoolctl import threadpool_info

from model.ragged import Ragged
from model.recommenders.base import Training, even_sample, part_of
from model.recommenders.blend import Blend, hits_on_top
from model.recommenders.neighbours import SimilarSongs
from model.recommenders.popularity import Popularity
from model.recommenders.ranker import Ranker
from model.recommenders.ranking.candidates import ask
from model.recommenders.ranking.facts import feature_names
from model.recommenders.ranking.features import Describer
from model.recommenders.ranking.retrievers import RETRIEVERS, FirstStage, Retriever
from model.recommenders.ranking.second_stage import SecondStage
from model.recommenders.ridge import KernelRidge

FEW = (Retriever("neighbours", SimilarSongs, 60), Retriever("popularity", Popularity, 60))
MARK = 199


def made_up(n_playlists=120):
    """Playlists of 20 songs of one of four tastes of 40; the last holds a song of its own."""
    rng = np.random.default_rng(2)
    lists = [rng.permutation(40)[:20] + 40 * (row % 4) for row in range(n_playlists)]
    lists[-1] = np.append(lists[-1], MARK)
    return Training(
        playlist_ids=np.arange(n_playlists),
        names=["mix"] * n_playlists,
        num_followers=np.ones(n_playlists, dtype=np.int64),
        playlists=Ragged.of(lists),
        songs=rng.random((200, 12)),
        artists=np.arange(200) // 10,
        albums=np.arange(200) // 5,
    )


def few_trees(n_trees=3):
    return SecondStage(n_trees=n_trees, min_leaf=5)


def test_it_learns_to_believe_neighbours_rather_than_popularity():
    ranker = Ranker(retrievers=FEW, second_stage=few_trees(10)).fit(made_up())
    assert ranker.is_ordered_
    songs, _ = ranker.recommend(Ragged.of([[0, 1, 2], [130]]), n=10)
    assert (songs[0] < 40).all()
    assert ((songs[1] >= 120) & (songs[1] < 160)).all()


def test_too_few_playlists_let_the_retrievers_vote():
    ranker = Ranker(retrievers=FEW).fit(part_of(made_up(), np.arange(6)))
    assert not ranker.is_ordered_
    assert len(ranker.recommend(Ragged.of([[0]]), n=10)[0][0]) == 10


def test_a_held_out_playlist_is_in_no_array_that_is_learnt():
    train = made_up()
    rest = part_of(train, np.arange(len(train.playlists) - 1))
    stage, describer = FirstStage().fit(rest), Describer().fit(rest)
    found = stage.find(Ragged.of([[0, 1], [MARK]]), ["mix", ""])
    assert not any(MARK in one.numbers for one in found)
    assert not describer.song_facts_[MARK, [0, 3]].any()
    assert MARK not in describer.similar_.numbers
    ranker = Ranker(retrievers=FEW, second_stage=few_trees()).fit(rest)
    assert MARK not in ranker.recommend(Ragged.of([[0]]), n=200)[0].values


class Watching(Popularity):
    """Notes how many threads products of matrices run in while it is fitted or asked."""

    seen: ClassVar[list[int]] = []

    def fit(self, train):
        self.seen.append(blas_threads())
        return super().fit(train)

    def recommend(self, seeds, *, n, title=None):
        self.seen.append(blas_threads())
        return super().recommend(seeds, n=n, title=title)


def blas_threads():
    return max(one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas")


def test_what_is_learnt_side_by_side_leaves_products_of_matrices_to_one_thread_each():
    Watching.seen.clear()
    before = blas_threads()
    retrievers = (*FEW, Retriever("ridge", KernelRidge, 60), Retriever("watching", Watching, 10))
    ranker = Ranker(retrievers=retrievers, second_stage=few_trees()).fit(made_up())
    assert set(Watching.seen) == {1}
    assert blas_threads() == before
    Watching.seen.clear()
    ranker.recommend(Ragged.of([[0, 1]] * 40), n=10)
    assert set(Watching.seen) == {1}
    assert blas_threads() == before


def test_every_feature_has_a_name():
    stage = FirstStage(FEW).fit(made_up())
    names = feature_names([retriever.name for retriever in FEW])
    query = ask(stage, Ragged.of([[0], []]), ["", "mix"])
    described = Describer().fit(made_up()).describe(query)
    assert described.shape == (len(query.candidates.values), len(names))
    of_all = set(feature_names([retriever.name for retriever in RETRIEVERS]))
    assert len(of_all) == len(names) + 3 * (len(RETRIEVERS) - len(FEW))


def test_the_blend_takes_weight_from_what_misleads():
    rows, hit = Ragged.of([[1, 2]] * 3), np.array([False, True] * 3)
    # The first retriever finds the hit alone, the second the miss: a tie, which the miss wins.
    places = np.array([[0, 1 / 61], [1 / 61, 0]] * 3)
    blend = Blend(retrievers=FEW)
    assert hits_on_top(rows, places.sum(axis=1), hit, np.ones(3, np.int64)) == 0
    weights = blend._climb(places, rows, hit, np.ones(3, np.int64), np.ones(2))
    assert weights[0] > weights[1]
    assert hits_on_top(rows, places @ weights, hit, np.ones(3, np.int64)) == 1


def test_the_blend_has_weights_for_each_range_of_seeds():
    blend = Blend(retrievers=FEW, n_rounds=1).fit(made_up())
    assert blend.weights_.shape == (6, 2)
    assert (blend.weights_ >= 0).all()


def test_hits_on_top_are_a_share_of_those_there_are():
    rows = Ragged.of([[1, 2], [3]])
    hit = np.array([True, False, True])
    assert hits_on_top(rows, np.array([0.0, 1.0, 5.0]), hit, np.array([1, 1])) == 0.5


def test_the_quota_of_a_retriever_is_what_becomes_candidates():
    retrievers = (Retriever("neighbours", partial(SimilarSongs, k=50), 3), FEW[1])
    stage = FirstStage(retrievers[:1]).fit(made_up())
    found = stage.find(Ragged.of([[0]]), [""])
    assert len(found[0].numbers) > 3
    assert stage.candidates(found)[0].tolist() == found[0].numbers[:3].tolist()


def test_of_many_playlists_an_even_sample_is_learnt_from():
    train = made_up()
    ranker = Ranker(retrievers=FEW, most_playlists=60, second_stage=few_trees()).fit(train)
    sampled = part_of(train, even_sample(120, 60))
    alone = Ranker(retrievers=FEW, second_stage=few_trees()).fit(sampled)
    assert ranker.fitted_on_.tolist() == train.playlist_ids.tolist()
    songs, scores = ranker.recommend(Ragged.of([[0, 1, 2], [130]]), n=10)
    same, level = alone.recommend(Ragged.of([[0, 1, 2], [130]]), n=10)
    assert songs.values.tolist() == same.values.tolist()
    assert scores.tolist() == level.tolist()
