"""What holds of every recommender there is."""

import os
from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

from model.errors import InputError
from model.making.wish import reads_titles
from model.ragged import Ragged
from model.recommenders.base import Recommender, Training, part_of
from model.recommenders.ranker import Ranker
from model.recommenders.ranking.second_stage import SecondStage
from model.recommenders.registry import NAMES, VARIANTS, make_recommender

N_PLAYLISTS, N_SONGS, UNKNOWN = 90, 150, 149
TITLES = ("", "a", "x" * 400, "😀🔥", "rock mix", "Artist 3")
ORDER_MATTERS = ("nucleus",)
"""Its clusters begin at playlists drawn by place; the stage sorts them beforehand."""


def make_training() -> Training:
    """90 playlists of 4 to 60 songs around three tastes; the last song is in none."""
    rng = np.random.default_rng(3)
    lists = []
    for row in range(N_PLAYLISTS):
        near = (row % 3) * 40 + (rng.random(rng.integers(4, 60)) ** 2 * 60).astype(int)
        lists.append(rng.permutation(np.unique(np.minimum(near, UNKNOWN - 1))))
    songs = rng.random((N_SONGS, 12))
    songs[::7] = np.nan
    tags = csr_array((rng.random((N_SONGS, 9)) < 0.2).astype(np.float32))
    titles = [f"{('Rock', 'Chill', 'Party!')[row % 3]} mix {row % 5}" for row in range(N_PLAYLISTS)]
    return Training(
        playlist_ids=np.arange(N_PLAYLISTS) * 3 + 5,
        names=[title.lower() for title in titles],
        num_followers=rng.integers(2, 50, N_PLAYLISTS),
        playlists=Ragged.of(lists),
        songs=songs,
        artists=np.arange(N_SONGS) // 5,
        albums=np.arange(N_SONGS) // 3,
        titles=titles,
        artist_names=[f"Artist {row}" for row in range(N_SONGS // 5)],
        album_names=[f"Album {row}" for row in range(N_SONGS // 3)],
        tags=tags,
    )


TRAIN = make_training()
SEEDS = Ragged.of(
    [[], [3], [44, 3, 3, 50], list(range(40, 70)), [UNKNOWN], [], [3], list(range(110))]
)
GIVEN = ["rock mix 1", *TITLES, ""]


@pytest.fixture(scope="module", params=[*NAMES, *(f"neighbours:{one}" for one in VARIANTS)])
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def fitted(name: str) -> Recommender:
    return made(name).fit(fittable(name))


def made(name: str) -> Recommender:
    """A ranker's trees beyond the first few cost time, and hold nothing that these do not."""
    recommender = make_recommender(name)
    if isinstance(recommender, Ranker):
        return replace(recommender, second_stage=SecondStage(n_trees=20))
    return recommender


def fittable(name: str) -> Training:
    """The study's generator needs every song's features."""
    return replace(TRAIN, songs=np.nan_to_num(TRAIN.songs)) if name == "nucleus" else TRAIN


def test_it_can_be_shown_before_it_has_learnt_anything(name):
    assert repr(made(name)) == repr(made(name))
    assert "_=" not in repr(made(name))


def test_lists_have_exactly_n_different_songs_and_no_seeds(fitted):
    for n in (0, 1, 30):
        songs, scores = fitted.recommend(SEEDS, n=n, title=GIVEN)
        assert songs.lengths.tolist() == [n] * len(SEEDS)
        assert len(scores) == len(songs.values)
        for row in range(len(SEEDS)):
            assert len(set(songs[row].tolist())) == n
            assert not set(songs[row].tolist()) & set(SEEDS[row].tolist())


def test_all_songs_of_the_training_playlists_are_given_where_more_are_wanted(fitted):
    songs, _ = fitted.recommend(SEEDS, n=N_SONGS * 2, title=GIVEN)
    held = set(TRAIN.playlists.values.tolist())
    for row in range(len(SEEDS)):
        assert set(songs[row].tolist()) == held - set(SEEDS[row].tolist())


def test_scores_never_ascend(fitted):
    songs, scores = fitted.recommend(SEEDS, n=40, title=GIVEN)
    steps = np.diff(scores)[songs.owners[1:] == songs.owners[:-1]]
    assert (steps <= 0).all()


def test_each_playlist_may_want_another_number(fitted):
    wanted = np.array([0, 5, 10, 1, 2, 3, 7, 4])
    songs, _ = fitted.recommend(SEEDS, n=wanted, title=GIVEN)
    assert songs.lengths.tolist() == wanted.tolist()


def test_the_same_is_given_again_and_by_another_of_its_kind(name, fitted):
    songs, scores = fitted.recommend(SEEDS, n=30, title=GIVEN)
    again, _ = fitted.recommend(SEEDS, n=30, title=GIVEN)
    other, marks = made(name).fit(fittable(name)).recommend(SEEDS, n=30, title=GIVEN)
    assert songs.values.tolist() == again.values.tolist() == other.values.tolist()
    assert scores.tolist() == marks.tolist()


def test_a_list_does_not_depend_on_what_else_is_asked(fitted):
    songs, _ = fitted.recommend(SEEDS, n=20, title=GIVEN)
    for row in (1, 3, 6):
        alone, _ = fitted.recommend(SEEDS.take(np.array([row])), n=20, title=[GIVEN[row]])
        assert alone[0].tolist() == songs[row].tolist()


def test_of_many_each_list_is_what_it_is_alone(fitted):
    rng = np.random.default_rng(7)
    seeds = Ragged.of([rng.permutation(UNKNOWN)[: rng.integers(6)] for _ in range(130)])
    titles = [GIVEN[row % len(GIVEN)] for row in range(130)]
    songs, scores = fitted.recommend(seeds, n=100, title=titles)
    for row in (1, 63, 64, 129):
        alone, own = fitted.recommend(seeds.take(np.array([row])), n=100, title=[titles[row]])
        of_song = np.zeros(N_SONGS)
        of_song[songs[row]] = scores[songs.indptr[row] : songs.indptr[row + 1]]
        # Sums may be rounded in another way: a song that scores the same may change places.
        assert own == pytest.approx(of_song[alone[0]], rel=1e-4, abs=1e-6)


def test_the_number_of_processors_changes_nothing(fitted, monkeypatch):
    rng = np.random.default_rng(8)
    seeds = Ragged.of([rng.permutation(UNKNOWN)[: rng.integers(6)] for _ in range(200)])
    answers = []
    for n_processors in (1, 3):
        monkeypatch.setattr(
            os, "sched_getaffinity", lambda _, n=n_processors: range(n), raising=False
        )
        songs, scores = fitted.recommend(seeds, n=60, title=["mix"] * 200)
        answers.append((songs.values.tolist(), scores.tolist()))
    assert answers[0] == answers[1]


def test_a_seed_that_is_no_song_is_refused(fitted):
    for seed in (-1, N_SONGS, 5_000_000):
        with pytest.raises(InputError, match=f"seed {seed}: expected the number of a song"):
            fitted.recommend(Ragged.of([[1], [2, seed]]), n=3)


def test_those_that_read_titles_are_told_from_those_that_need_a_song(name, fitted):
    songs, _ = fitted.recommend(Ragged.of([[], []]), n=20, title=["rock mix 1", "Artist 3"])
    is_read = songs[0].tolist() != songs[1].tolist()
    assert reads_titles(name) == is_read


def test_a_title_that_is_none_is_no_title(fitted):
    songs, _ = fitted.recommend(SEEDS, n=20, title=[None] * len(SEEDS))
    assert songs.values.tolist() == fitted.recommend(SEEDS, n=20)[0].values.tolist()


def test_numbers_of_songs_below_0_and_between_are_refused(fitted):
    for n in (-1, 5.5, np.array([1, -2] * 4)):
        with pytest.raises(InputError, match="songs wanted"):
            fitted.recommend(SEEDS, n=n)


def test_titles_of_other_playlists_are_refused(fitted):
    with pytest.raises(InputError, match="1 titles for 8 playlists"):
        fitted.recommend(SEEDS, n=3, title=["mix"])


def test_nothing_known_is_answered_without_a_title_too(fitted):
    songs, _ = fitted.recommend(SEEDS, n=30)
    assert songs.lengths.tolist() == [30] * len(SEEDS)
    nothing, scores = fitted.recommend(Ragged.of([]), n=30, title=[])
    assert (len(nothing), len(scores)) == (0, 0)


def test_the_order_of_the_training_playlists_changes_nothing(name, fitted):
    if name in ORDER_MATTERS:
        return
    train = fittable(name)
    shuffled = part_of(train, np.random.default_rng(1).permutation(len(train.playlists)))
    songs, _ = fitted.recommend(SEEDS, n=30, title=GIVEN)
    other, _ = made(name).fit(shuffled).recommend(SEEDS, n=30, title=GIVEN)
    assert songs.values.tolist() == other.values.tolist()


@pytest.mark.parametrize("name", ["playlists", "titles", "neighbours", "als", "ridge"])
def test_of_many_that_are_equally_near_the_order_of_training_does_not_choose(name):
    n = 300
    train = Training(
        playlist_ids=np.arange(n),
        names=[f"mix {row}" for row in range(n)],
        num_followers=np.ones(n, dtype=np.int64),
        playlists=Ragged.of([[0, 1 + row] for row in range(n)]),
        songs=np.zeros((n + 1, 12)),
    )
    shuffled = part_of(train, np.random.default_rng(1).permutation(n))
    lists = [
        made(name).fit(one).recommend(Ragged.of([[0]]), n=50, title=["mix"])[0]
        for one in (train, shuffled)
    ]
    assert lists[0].values.tolist() == lists[1].values.tolist()


def test_it_remembers_what_it_was_fitted_on(fitted):
    assert fitted.fitted_on_.tolist() == TRAIN.playlist_ids.tolist()


def test_a_song_of_no_training_playlist_is_never_recommended(fitted):
    songs, _ = fitted.recommend(SEEDS, n=N_SONGS, title=GIVEN)
    assert UNKNOWN not in songs.values


def test_no_playlists_at_all_teach_nothing(name):
    nothing = part_of(fittable(name), np.arange(0))
    if name == "popularity":
        assert not made(name).fit(nothing).recommend(SEEDS, n=3)[0].values.size
        return
    with pytest.raises(InputError, match=r"no (training )?playlists"):
        made(name).fit(nothing)


def test_three_playlists_are_enough_to_fit(name):
    if name == "nucleus":
        return
    small = part_of(fittable(name), np.arange(3))
    songs, _ = made(name).fit(small).recommend(SEEDS, n=2, title=GIVEN)
    assert (songs.lengths[:7] == 2).all()
