from functools import partial

import pytest

from model.ragged import Ragged
from model.recommenders.neighbours import SimilarSongs
from model.recommenders.popularity import Popularity
from model.recommenders.ranking.features import Describer
from model.recommenders.ranking.retrievers import (
    DEPTH,
    RETRIEVERS,
    RIDGE,
    SIMILAR,
    SMOOTH,
    FirstStage,
    Retriever,
)
from model.recommenders.ridge import KernelRidge
from model.similarity.weighting import COUNT


@pytest.fixture(scope="module")
def stage(handful):
    """Popularity with a quota of one song, neighbours with a quota of two."""
    neighbours = Retriever("neighbours", partial(SimilarSongs, COUNT), 2)
    return FirstStage((Retriever("popularity", Popularity, 1), neighbours)).fit(handful)


def test_every_retriever_has_a_name_of_its_own_and_finds_as_many_as_its_quota():
    names = [retriever.name for retriever in RETRIEVERS]
    assert sorted(set(names)) == sorted(names)
    assert all(0 < retriever.quota <= DEPTH for retriever in RETRIEVERS)


def test_each_retriever_gives_what_it_finds_without_the_back_off(stage):
    popular, similar = stage.find(Ragged.of([[1], []]), ["", ""])
    assert popular.lists[0].tolist() == [0, 5, 2, 3, 4, 6]
    assert popular.lists[1].tolist() == [0, 1, 5, 2, 3, 4, 6]
    assert similar.lists[0].tolist() == [0, 2, 3]
    assert similar.weights.tolist() == [2, 1, 1]
    assert similar.lists[1].tolist() == []


def test_candidates_are_the_different_songs_within_the_quotas(stage):
    found = stage.find(Ragged.of([[1], [5]]), ["", ""])
    candidates = stage.candidates(found)
    # Popular: 0. Of 1, 0 and 2 are neighbours; of 5, 0, 4 and 6, once each.
    assert candidates[0].tolist() == [0, 2]
    assert candidates[1].tolist() == [0, 4]


def test_retrievers_that_share_what_makes_them_are_fitted_as_one(handful):
    ridge = partial(KernelRidge, targets=("songs", "albums"))
    both = (Retriever("songs", ridge, 9), Retriever("albums", ridge, 9, answer=1))
    stage = FirstStage(both).fit(handful)
    assert len(stage.fitted_) == 1
    by_songs, by_albums = stage.find(Ragged.of([[1]]), ["rock"])
    for target, found in (("songs", by_songs), ("albums", by_albums)):
        (alone,) = (
            FirstStage((Retriever("alone", partial(KernelRidge, targets=(target,)), 9),))
            .fit(handful)
            .find(Ragged.of([[1]]), ["rock"])
        )
        assert found.numbers.tolist() == alone.numbers.tolist()


def test_a_second_question_takes_for_seeds_what_the_first_ones_found(handful):
    ridge = partial(KernelRidge, songs=1.0, albums=0.0, artists=0.0, title=0.0)
    first, again = Retriever("first", ridge, 9), Retriever("again", ridge, 9, feedback=True)
    neighbours = Retriever("neighbours", partial(SimilarSongs, COUNT), 9)
    stage = FirstStage((again, first, neighbours)).fit(handful)
    by_again, by_first, near = stage.find(Ragged.of([[6], []]), ["", ""])
    # Song 6 shares a playlist with 0 and 5 alone: as seeds, these bring the songs beside them.
    assert sorted(near.lists[0].tolist()) == [0, 5]
    assert sorted(by_first.lists[0].tolist()) == [0, 5]
    assert sorted(by_again.lists[0].tolist()) == [0, 1, 2, 3, 4, 5]
    # Nothing is found for nothing, and so there is nothing to ask anew with.
    assert by_again.lists.lengths[1] == by_first.lists.lengths[1] == 0


def test_a_second_question_alone_is_like_a_first_one(handful):
    ridge = partial(KernelRidge, title=1.0)
    answers = [
        FirstStage((Retriever("one", ridge, 9, feedback=feedback),))
        .fit(handful)
        .find(Ragged.of([[1], [5]]), ["", "rock"])[0]
        for feedback in (False, True)
    ]
    assert answers[0].numbers.tolist() == answers[1].numbers.tolist()


def test_only_what_can_pass_over_other_songs_than_seeds_is_asked_twice():
    assert {one.make for one in RETRIEVERS if one.feedback} <= {RIDGE, SMOOTH}


def test_similar_songs_are_those_of_the_retriever_or_unknown(handful):
    stage = FirstStage((Retriever("neighbours", SIMILAR, 9),)).fit(handful)
    similar = SIMILAR().fit(handful).similar_
    assert stage.similar_songs().numbers.tolist() == similar.numbers.tolist()
    assert Describer().fit(handful, stage.similar_songs()).similar_ is stage.similar_songs()
    assert Describer().fit(handful).similar_.weights.tolist() == similar.weights.tolist()
    without = FirstStage((Retriever("popularity", Popularity, 1),)).fit(handful)
    assert without.similar_songs() is None
