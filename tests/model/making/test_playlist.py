import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.errors import InputError
from model.library.recipes import NEIGHBOURS, SHRINKAGE, WEIGHTING
from model.library.songs import Library
from model.making import scores
from model.making.playlist import Playlist, make_playlist
from model.making.sparse import Scored
from model.making.wish import METHODS, Wish
from model.ragged import Ragged
from model.recommenders.base import Training
from model.recommenders.neighbours import SimilarSongs
from model.recommenders.playlists import SimilarPlaylists
from model.similarity.weighting import Weighting
from model.stages.library import make_shelf


def numbers(playlist: Playlist) -> list[int]:
    return [pick.song.number for pick in playlist.picks]


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory, made_up: Any) -> Library:
    """300 playlists of 600 songs, four to an artist."""
    state: Path = made_up.write_state(
        tmp_path_factory.mktemp("large"), *made_up.make_catalogue(n_playlists=300, n_songs=600)
    )
    return Library.open(make_shelf(state, say=lambda _: None))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("diversity", [0.0, 0.7])
def test_a_list_has_as_many_different_songs_as_asked_for_and_no_seed(
    large: Library, method: Any, diversity: float
) -> None:
    wish = Wish(seeds=(3, 40), n=30, title="genre", method=method, diversity=diversity)
    chosen = numbers(make_playlist(large, wish))
    assert len(chosen) == len(set(chosen)) == 30
    assert not {3, 40} & set(chosen)


def training(library: Library) -> Training:
    lists = Ragged(np.asarray(library.playlists.indptr), np.asarray(library.playlists.values))
    n = len(lists)
    return Training(
        playlist_ids=np.arange(n),
        names=[""] * n,
        num_followers=np.ones(n, dtype=np.int64),
        playlists=lists,
        songs=np.zeros((library.n_songs, 12)),
    )


def test_similar_songs_are_scored_as_the_recommender_that_is_measured(large: Library) -> None:
    seeds = np.array([3, 40, 41])
    judged = SimilarSongs(Weighting(WEIGHTING, shrinkage=SHRINKAGE), k=NEIGHBOURS).fit(
        training(large)
    )
    songs, expected = judged.recommend(Ragged.of([seeds]), n=50)
    found = scores.similar_songs(large, seeds)
    score_of = dict(zip(found.numbers.tolist(), found.scores.tolist(), strict=True))
    known = [(song, one) for song, one in zip(songs[0].tolist(), expected, strict=True) if one]
    assert len(known) == 50
    np.testing.assert_allclose(
        [score_of[song] for song, _ in known], [one for _, one in known], 1e-5
    )


def test_songs_of_similar_playlists_are_scored_as_the_recommender_that_is_measured(
    large: Library,
) -> None:
    seeds = np.array([3, 40, 41])
    judged = SimilarPlaylists(k=scores.SIMILAR_PLAYLISTS, damping=scores.DAMPING)
    songs, expected = judged.fit(training(large)).recommend(Ragged.of([seeds]), n=50)
    found = scores.songs_of(large, scores.similar_playlists(large, seeds))
    score_of = dict(zip(found.numbers.tolist(), found.scores.tolist(), strict=True))
    got = [score_of[song] for song in songs[0].tolist()]
    np.testing.assert_allclose(got, expected, 1e-5)


def test_the_same_wish_gives_the_same_list_and_another_seed_another(large: Library) -> None:
    wish = Wish(seeds=(3, 40), n=20, random_state=1)
    first = numbers(make_playlist(large, wish))
    random.seed(5)
    assert numbers(make_playlist(large, wish)) == first
    assert numbers(make_playlist(large, replace(wish, random_state=2))) != first


def test_diversity_lists_more_artists(large: Library) -> None:
    wish = Wish(seeds=(3, 40), n=40)
    artists = [
        len({pick.song.artist for pick in make_playlist(large, one).picks})
        for one in (wish, replace(wish, diversity=0.8))
    ]
    assert artists[1] > artists[0]


def test_popularity_tips_the_list(large: Library) -> None:
    held = [
        np.mean(
            [
                pick.song.n_playlists
                for pick in make_playlist(large, Wish((3, 40), n=20, popularity=one)).picks
            ]
        )
        for one in (-1.0, 0.0, 1.0)
    ]
    assert held[0] < held[1] < held[2]


def test_artists_that_are_not_wanted_are_left_out(large: Library) -> None:
    wish = Wish(seeds=(3, 40), n=30)
    unwanted = make_playlist(large, wish).picks[0].song.artist
    playlist = make_playlist(large, replace(wish, excluded_artists=(unwanted.upper() + "!",)))
    assert len(playlist.picks) == 30
    assert unwanted not in {pick.song.artist for pick in playlist.picks}


def test_a_seed_on_another_release_is_no_recommendation(library: Library) -> None:
    # Song 5 is "Creep - Remastered", by the artist of song 0.
    assert 5 not in numbers(make_playlist(library, Wish(seeds=(0,), n=9)))


def test_what_few_songs_go_with_is_filled_with_popular_ones(library: Library) -> None:
    playlist = make_playlist(library, Wish(seeds=(6,), n=9))
    # Song 6 shares a playlist with songs 0 and 3; of the others, 8 is in no playlist, and 5 is 0
    # on another release.
    assert numbers(playlist)[:2] == [3, 0]
    assert numbers(playlist)[2:] == [1, 2, 4, 7]
    assert str(playlist.picks[2].reasons[0]) == "popular: 4 playlists hold it"


def test_a_title_alone_takes_songs_of_playlists_of_that_name(library: Library) -> None:
    playlist = make_playlist(library, Wish(seeds=(), n=2, title="Road  TRIP!"))
    # The two playlists called so both hold songs 1 and 4.
    assert numbers(playlist) == [1, 4]
    assert str(playlist.picks[0].reasons[0]) == "from “Road Trip 2016”, 40 followers"


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (Wish(seeds=()), "nothing to go by"),
        (Wish(seeds=(), title="zzz"), "no playlist is called 'zzz'"),
        (Wish(seeds=(1,), method="titles"), "titles needs a --title"),
    ],
)
def test_a_wish_that_says_nothing_is_refused(library: Library, wish: Wish, words: str) -> None:
    with pytest.raises(InputError, match=words):
        make_playlist(library, wish)


def test_a_list_of_no_song_at_all_is_refused(library: Library) -> None:
    everybody = tuple(library.artists)
    with pytest.raises(InputError, match="no other song can be found for this: name other songs"):
        make_playlist(library, Wish(seeds=(0,), excluded_artists=everybody))


def test_scores_keep_the_best_and_ties_go_to_the_lower_number() -> None:
    found = Scored(np.array([2, 4, 6, 8]), np.array([1.0, 3.0, 1.0, 2.0]))
    assert found.best(3).numbers.tolist() == [2, 4, 8]
    assert found.ranked().tolist() == [4, 8, 2, 6]
    assert found.scaled(6.0).scores.tolist() == [2.0, 6.0, 2.0, 4.0]
