"""Neighbours, playlists, artists, titles and names on a handful of playlists, by hand."""

from dataclasses import replace

import numpy as np
import pytest

from model.ragged import Ragged
from model.recommenders.artists import ArtistSongs
from model.recommenders.base import Training
from model.recommenders.names import NamedSongs
from model.recommenders.neighbours import SimilarSongs
from model.recommenders.playlists import SimilarPlaylists
from model.recommenders.titles import TitleNeighbours
from model.similarity.weighting import COUNT

TRAIN = Training(
    playlist_ids=np.arange(4),
    names=["rock", "rock", "sleep", "party"],
    num_followers=np.ones(4, dtype=np.int64),
    playlists=Ragged.of([[0, 1, 2], [0, 1, 3], [4, 5], [5, 6, 0]]),
    songs=np.zeros((8, 12)),
    artists=np.array([0, 0, 1, 1, 2, 2, 3, 3]),
    albums=np.array([0, 1, 2, 2, 3, 3, 4, 4]),
    titles=["Rock!!", "ROCK", "Sleep 💤", "Party"],
    artist_names=["Abba", "Blur", "Moby", "Dido"],
    album_names=["Gold", "Waterloo", "Parklife", "Play", "No Angel"],
)


def best(recommender, seeds, *, n, title=None):
    songs, scores = recommender.fit(TRAIN).recommend(
        Ragged.of([seeds]), n=n, title=None if title is None else [title]
    )
    return songs[0].tolist(), scores.tolist()


def test_neighbours_sum_counts_over_the_different_seeds():
    # With 0: 1 twice, 2, 3, 5 and 6 once; with 1: 2 and 3 once. A seed named twice counts once.
    assert best(SimilarSongs(COUNT), [0, 1, 0], n=4) == ([2, 3, 5, 6], [2, 2, 1, 1])


def test_neighbours_need_as_many_common_playlists_as_asked():
    songs, scores = best(SimilarSongs(COUNT, min_count=2), [0], n=2)
    assert (songs, scores) == ([1, 5], [2, 0])


def test_playlists_that_share_more_and_rarer_songs_count_more():
    songs, _ = best(SimilarPlaylists(), [1, 2], n=3)
    # Playlist 0 holds both seeds, playlist 1 one of them: 0 is in both, 3 in the second alone.
    assert songs[:2] == [0, 3]


def test_playlists_may_be_compared_by_artists():
    # Song 7 is in no playlist, but its artist's song 6 is in the last.
    assert set(best(SimilarPlaylists("artists"), [7], n=3)[0]) == {0, 5, 6}


def test_without_artists_or_albums_the_most_popular_songs_answer():
    bare = replace(TRAIN, artists=None, albums=None)
    for made in (SimilarPlaylists("albums"), ArtistSongs()):
        songs, scores = made.fit(bare).recommend(Ragged.of([[2]]), n=2)
        assert songs[0].tolist() == [0, 1]
        assert not scores.any()


def test_other_songs_of_the_seeds_artist_come_first():
    assert best(ArtistSongs(), [4], n=1)[0] == [5]
    assert best(ArtistSongs(reach=0.0, albums=1.0), [2], n=1)[0] == [3]


def test_songs_of_playlists_of_that_name_come_first():
    songs, scores = best(TitleNeighbours(), [], n=4, title="rock")
    assert songs == [0, 1, 2, 3]
    assert scores[0] == scores[1] > scores[2] == scores[3] > 0
    assert set(best(TitleNeighbours(), [], n=2, title="💤")[0]) == {4, 5}


def test_a_name_that_names_an_artist_or_album_gives_their_songs():
    assert set(best(NamedSongs(), [], n=2, title="This is: Moby")[0]) == {4, 5}
    assert best(NamedSongs(), [], n=1, title="waterloo")[0] == [1]


@pytest.mark.parametrize("title", ["", "!!", "q", "x" * 400, "🦄"])
def test_a_name_that_is_like_none_gives_the_most_popular_songs(title):
    for made in (TitleNeighbours(), NamedSongs()):
        assert best(made, [], n=2, title=title) == ([0, 1], [0, 0])
