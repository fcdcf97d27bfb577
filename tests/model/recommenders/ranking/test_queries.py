from dataclasses import replace

import numpy as np

from model.challenge.categories import CATEGORIES
from model.ragged import Ragged
from model.recommenders.base import Training, part_of
from model.recommenders.ranking.queries import WAYS, is_hit, make_folds, sample


def made_up(n_playlists=60, length=30):
    rng = np.random.default_rng(0)
    lists = [rng.permutation(200)[:length] for _ in range(n_playlists)]
    return Training(
        playlist_ids=np.arange(n_playlists),
        names=["mix"] * n_playlists,
        num_followers=np.ones(n_playlists, dtype=np.int64),
        playlists=Ragged.of(lists),
        songs=np.zeros((200, 12)),
    )


def folds(train, **options):
    chosen = {
        "n_folds": 3,
        "most_queries": 1000,
        "random_state": 0,
        "ways": (CATEGORIES,),
    } | options
    return list(make_folds(train, **chosen))


def test_no_playlist_is_asked_about_that_was_learnt_from():
    train = made_up()
    whole = {frozenset(train.playlists[row].tolist()): row for row in range(60)}
    made = folds(train)
    assert sum(len(fold.seeds) for fold in made) > 0
    for fold in made:
        learnt = set(fold.train.playlist_ids.tolist())
        for row in range(len(fold.seeds)):
            shown = {*fold.seeds[row].tolist(), *fold.truth[row].tolist()}
            owner = next(number for songs, number in whole.items() if shown <= songs)
            assert owner not in learnt


def test_the_queries_are_no_more_than_wanted_in_each_way():
    assert sum(len(fold.seeds) for fold in folds(made_up(), most_queries=45)) <= 45
    once, each = folds(made_up()), folds(made_up(), ways=WAYS)
    n_once = len(once[0].seeds)
    assert len(each[0].seeds) == 2 * n_once + 20
    assert (each[0].seeds.lengths[2 * n_once :] <= 1).all()


def test_playlists_without_names_teach_as_many_questions_as_others():
    named, nameless = (
        folds(replace(made_up(), names=[name] * 60), ways=WAYS) for name in ("a", " ")
    )
    assert [len(fold.seeds) for fold in nameless] == [len(fold.seeds) for fold in named]
    assert {title for fold in nameless for title in fold.titles} == {""}


def test_the_titles_that_are_shown_are_those_of_the_playlists_and_the_others_are_hidden():
    train = replace(made_up(), names=[f"mix {row}" for row in range(60)])
    whole = {frozenset(train.playlists[row].tolist()): f"mix {row}" for row in range(60)}
    for fold in folds(train, ways=WAYS):
        n_shown = 0
        for title, seeds, truth in zip(fold.titles, fold.seeds, fold.truth, strict=True):
            shown = {*seeds.tolist(), *truth.tolist()}
            own = next(name for songs, name in whole.items() if shown <= songs)
            assert title in {"", own}
            # Without a title, at least five songs are given.
            assert title or len(seeds) >= 5
            n_shown += bool(title)
        assert 0.5 * len(fold.titles) < n_shown < len(fold.titles)


def test_playlists_of_one_song_over_and_over_make_no_folds():
    lists = Ragged.of([[row] * 30 for row in range(60)])
    assert folds(replace(made_up(), playlists=lists)) == []


def test_where_one_fold_has_all_that_is_wanted_it_alone_is_dealt():
    (fold,) = folds(made_up(), most_queries=20, n_folds=3)
    assert len(fold.train.playlists) == 40
    first, second = folds(made_up(), most_queries=21, n_folds=3)
    assert len(first.train.playlists) == len(second.train.playlists) == 40
    assert len(folds(made_up(), most_queries=41, n_folds=3)) == 3


def test_folds_that_are_not_needed_are_not_made():
    assert len(folds(made_up(), most_queries=60)) == 3
    first, second = folds(made_up(), most_queries=40)
    assert len(first.train.playlists) == len(second.train.playlists) == 40
    assert not set(first.train.playlist_ids) >= set(second.train.playlist_ids)


def test_of_many_playlists_one_fold_is_asked_about_and_the_others_learnt_from():
    (fold,) = folds(made_up(), most_queries=20)
    assert len(fold.train.playlists) == 40
    assert len(fold.seeds) <= 20


def test_too_few_playlists_or_too_short_ones_make_no_folds():
    assert folds(made_up(12)) == []
    assert folds(made_up(60, length=1)) == []
    assert folds(part_of(made_up(), np.arange(0))) == []


def test_a_hit_is_one_of_its_own_playlist():
    candidates, truth = Ragged.of([[1, 2], [], [2, 1], [0, 2]]), Ragged.of([[1], [2], [2], [1, 0]])
    assert is_hit(candidates, truth, 3).tolist() == [True, False, True, False, True, False]


def test_hits_are_always_kept_and_misses_stand_for_those_left_out():
    candidates = Ragged.of([list(range(1000)), [5]])
    hit = is_hit(candidates, Ragged.of([[0, 999], []]), 1000)
    kept, weights = sample(candidates, hit, first=100, rng=np.random.default_rng(0))
    assert kept[:100].all()
    assert kept[[999, 1000]].all()
    assert (weights[hit] == 1).all()
    assert (weights[:100] == 1).all()
    # The miss at place 400 is drawn with a probability of a quarter, so that it counts four times.
    assert weights[399] == 4
    assert abs(weights[kept].sum() - 1001) < 150
    assert kept[100:300].sum() > 2 * kept[800:].sum()
