import numpy as np
import pytest

from model.ragged import Ragged
from model.recommenders.ranking.credit import CREDIT, REACH, with_credit


def test_an_artists_first_song_is_worth_more_by_what_all_its_songs_promise():
    rows, artists = Ragged.of([[0, 1, 2]]), np.array([5, 5, 7])
    worth = with_credit(rows, np.array([3.0, 2.0, 1.0]), np.array([0.2, 0.1, 0.1]), artists)
    both, alone = 1 - np.exp(-REACH * 0.3), 1 - np.exp(-REACH * 0.1)
    assert both < 0.2
    assert alone < 0.1
    assert np.allclose(worth, [0.2, 0.1, 0.1])
    worth = with_credit(rows, np.array([3.0, 2.0, 1.0]), np.array([0.2, 0.2, 0.2]), artists)
    both = 1 - np.exp(-REACH * 0.4)
    assert np.allclose(worth, [0.2 + CREDIT * max(both - 0.2, 0), 0.2, 0.2])


def test_a_new_artist_may_overtake_another_song_of_the_same():
    songs = [*range(20), 20]
    artists = np.array([0] * 10 + [1] * 10 + [1])
    scores = np.array([-song for song in range(20)] + [-20.0])
    chances = np.array([0.3] * 10 + [0.2] * 10 + [0.2])
    worth = with_credit(Ragged.of([songs]), scores, chances, artists)
    # Ten songs of .3 and eleven of .2, dealt out in order.
    assert worth[0] == pytest.approx(0.3 + CREDIT * (1 - np.exp(-REACH * 3.0) - 0.3))
    assert worth[10] == pytest.approx(0.2 + CREDIT * (1 - np.exp(-REACH * 2.2) - 0.2))
    assert worth[11:] == pytest.approx(np.full(10, 0.2))
    assert worth[10] > worth[11]
    assert worth[10] > 0.2 + CREDIT * 0.3


def test_songs_of_unknown_artists_are_no_songs_of_one_artist():
    worth = with_credit(
        Ragged.of([range(12)]), -np.arange(12.0), np.full(12, 0.2), np.array([-1] * 6 + [0] * 6)
    )
    gained = 0.2 + CREDIT * (1 - np.exp(-REACH * 1.2) - 0.2)
    assert worth == pytest.approx([0.2] * 6 + [gained] + [0.2] * 5)


def test_chances_are_dealt_out_in_the_order_of_the_scores():
    unknown = np.full(3, -1)
    worth = with_credit(
        Ragged.of([[2, 0], [1]]), np.array([1.0, 9.0, 0.0]), np.array([0.4, 0.1, 0.3]), unknown
    )
    assert np.allclose(worth, [0.1, 0.4, 0.3])


def test_what_is_worth_the_same_stays_in_the_order_of_the_scores():
    worth = with_credit(
        Ragged.of([[0, 1, 2]]), np.array([1.0, 3.0, 2.0]), np.full(3, 0.5), np.full(3, -1)
    )
    assert np.argsort(-worth).tolist() == [1, 2, 0]


def test_what_a_song_is_worth_depends_on_its_own_list_alone_and_is_never_nothing():
    songs, chances = np.arange(600), np.logspace(-9, -320, 600)
    rows, scores = Ragged.of([songs] * 50), -np.arange(600.0)
    worth = with_credit(rows, np.tile(scores, 50), np.tile(chances, 50), songs % 7)
    alone = with_credit(Ragged.of([songs]), scores, chances, songs % 7)
    assert (worth.reshape(50, 600) == alone).all()
    assert (alone > 0).all()
    assert (np.diff(alone[-200:]) < 0).all()


def test_no_candidates_are_worth_nothing():
    assert with_credit(Ragged.of([[]]), np.empty(0), np.empty(0), np.empty(0, int)).tolist() == []
