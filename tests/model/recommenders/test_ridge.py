from dataclasses import replace

import numpy as np
import pytest

from model.ragged import Ragged
from model.recommenders.base import Training, part_of
from model.recommenders.ridge import KernelRidge

LISTS = [[0, 1, 2], [1, 2, 3], [3, 4]]


def made_up():
    return Training(
        playlist_ids=np.arange(3),
        names=["a", "b", "c"],
        num_followers=np.ones(3, dtype=np.int64),
        playlists=Ragged.of(LISTS),
        songs=np.zeros((6, 12)),
    )


def weights_by_hand(seed):
    """k (K + 2 I)^-1 of one seed, all dense: cosines of rows, with idf log(1 + 3 / n)."""
    held = np.zeros((3, 6))
    for row, own in enumerate(LISTS):
        held[row, own] = 1
    idf = np.log1p(3 / np.maximum(held.sum(0), 1)) * (held.sum(0) > 0)
    rows = held * idf / np.linalg.norm(held * idf, axis=1, keepdims=True)
    return rows[:, seed] @ np.linalg.inv(rows @ rows.T + 2 * np.eye(3)), held, idf


SONGS_ALONE = {"songs": 1.0, "albums": 0.0, "artists": 0.0, "title": 0.0, "regularisation": 2.0}


@pytest.mark.parametrize("rarity", [0.0, -0.3, 2.0])
def test_songs_alone_are_scored_by_the_formula(rarity):
    ridge = KernelRidge(**SONGS_ALONE, rarity=rarity).fit(made_up())
    songs, scores = ridge.recommend(Ragged.of([[1]]), n=3)
    weights, held, idf = weights_by_hand(1)
    expected = weights @ held * np.where(idf > 0, idf, 1) ** rarity
    order = [song for song in np.argsort(-expected) if song != 1 and expected[song] > 0][:3]
    assert songs[0].tolist()[: len(order)] == order
    assert np.allclose(scores[: len(order)], expected[order], atol=1e-6)


@pytest.mark.parametrize("seed", [1, 3])
@pytest.mark.parametrize("sharing", [0.0, 0.7, 1.0])
def test_a_song_gets_its_share_of_what_is_predicted_of_its_artist(sharing, seed):
    train = replace(made_up(), artists=np.array([0, 0, 1, 1, 2, 2]))
    options = {"targets": ("artists",), "sharing": sharing, "rarity": -0.5}
    ridge = KernelRidge(**SONGS_ALONE, **options).fit(train)
    seeds = Ragged.of([[seed]])
    (found,) = ridge.find_each(seeds, [""], np.array([9]), taken=seeds)
    weights, _, _ = weights_by_hand(seed)
    # Songs of the artists in each list, and lists that know each artist: 2, 3 and 1 of 3.
    counts = np.array([[2, 1, 0], [1, 2, 0], [0, 1, 1]])
    of_artists = weights @ np.sqrt(counts) * np.log1p(3 / np.array([2, 3, 1])) ** -0.5
    # Songs 0 and 1 have one and two of the three entries of their artist; song 5 is in no list.
    shares = {0: 1 / 3, 1: 2 / 3, 2: 2 / 4, 3: 2 / 4, 4: 1}
    expected = {song: of_artists[song // 2] * share**sharing for song, share in shares.items()}
    del expected[seed]
    assert dict(zip(found.numbers.tolist(), found.weights.tolist(), strict=True)) == pytest.approx(
        {song: score for song, score in expected.items() if score > 0}, rel=1e-5
    )


def test_a_name_alone_finds_the_songs_of_its_playlist():
    train = made_up()
    ridge = KernelRidge(title=1.0).fit(train)
    songs, _ = ridge.recommend(Ragged.of([[]]), n=2, title=["c"])
    assert sorted(songs[0].tolist()) == [3, 4]


def test_of_many_playlists_a_sample_is_used():
    ridge = KernelRidge(most_playlists=2).fit(made_up())
    assert ridge.kernel_.vectors_.shape == (2, 2)
    songs, _ = ridge.recommend(Ragged.of([[0]]), n=4)
    assert sorted(songs[0].tolist()) == [1, 2, 3, 4]


def test_a_playlist_left_out_changes_no_array():
    train = made_up()
    rest = KernelRidge().fit(part_of(train, np.array([0, 1])))
    assert rest.kernel_.vectors_.shape == (2, 2)
    assert 4 not in rest.recommend(Ragged.of([[3]]), n=6)[0].values


def test_several_targets_are_answered_each_as_alone():
    train = replace(made_up(), artists=np.array([0, 0, 1, 1, 2, 2]))
    both = KernelRidge(targets=("songs", "artists")).fit(train)
    seeds, titles, limits = Ragged.of([[1], [4]]), ["", ""], np.array([3, 3])
    answers = both.find_each(seeds, titles, limits, taken=seeds)
    for target, found in zip(both.targets, answers, strict=True):
        alone = KernelRidge(targets=(target,)).fit(train).find(seeds, titles, limits)
        assert found.numbers.tolist() == alone.numbers.tolist()
        assert found.weights.tolist() == alone.weights.tolist()
    assert answers[0].weights.tolist() != answers[1].weights.tolist()
    (first,) = both.find_each(seeds, titles, limits, taken=seeds, most=1)
    assert first.weights.tolist() == answers[0].weights.tolist()


def test_what_is_not_wanted_may_be_other_songs_than_the_seeds():
    ridge = KernelRidge().fit(made_up())
    seeds, limits = Ragged.of([[1, 2]]), np.array([9])
    (found,) = ridge.find_each(seeds, [""], limits, taken=Ragged.of([[2]]))
    usual = ridge.find(seeds, [""], limits)
    assert 1 in found.numbers
    assert 2 not in found.numbers
    assert [song for song in found.numbers.tolist() if song != 1] == usual.numbers.tolist()


def test_groups_share_out_to_the_songs_of_most_playlists():
    train = replace(made_up(), artists=np.array([0, 0, 0, 1, 1, 1]))
    ridge = KernelRidge(targets=("artists",), most_songs=2).fit(train)
    songs, scores = ridge.recommend(Ragged.of([[0]]), n=4)
    # Songs 1, 2 and 3 are held twice; of these the first two get a share of their artist's score.
    assert sorted(songs[0][scores > 0].tolist()) == [1, 2]


def test_a_song_that_stands_twice_in_a_playlist_is_predicted_once():
    twice = replace(made_up(), playlists=Ragged.of([[0, 1, 2, 1, 1], [1, 2, 3], [3, 4]]))
    by_name = KernelRidge(songs=0.0, albums=0.0, artists=0.0, title=1.0)
    seeds, limits = Ragged.of([[2]]), np.array([5])
    answers = [by_name.fit(train).find(seeds, ["a"], limits) for train in (made_up(), twice)]
    assert answers[1].numbers.tolist() == answers[0].numbers.tolist()
    assert answers[1].weights.tolist() == answers[0].weights.tolist()
