from dataclasses import replace
from math import log, sqrt

import pytest

from model.ragged import Ragged
from model.recommenders.playlists import SimilarPlaylists


def test_playlists_that_share_more_and_rarer_songs_count_more(best):
    songs, _ = best(SimilarPlaylists(), [1, 2], n=3)
    # Playlist 0 holds both seeds, playlist 1 one of them: 0 is in both, 3 in the second alone.
    assert songs[:2] == [0, 3]


def test_playlists_may_be_compared_by_artists(best):
    # Song 7 is in no playlist, but its artist's song 6 is in the last.
    assert sorted(best(SimilarPlaylists("artists"), [7], n=3)[0]) == [0, 5, 6]


def test_without_albums_to_compare_by_the_most_popular_songs_answer(handful):
    made = SimilarPlaylists("albums").fit(replace(handful, albums=None))
    songs, scores = made.recommend(Ragged.of([[2]]), n=2)
    assert songs[0].tolist() == [0, 1]
    assert not scores.any()


def scores_by_hand(train, seeds, groups, *, damping, sharpness, rarity):
    """The formula of the docstring, song by song; of `groups` playlists are compared."""
    lists = [set(one.tolist()) for one in train.playlists]

    def tf(songs, group):
        return sqrt(sum(groups[song] == group for song in songs))

    def idf(group, names):
        count = sum(group in {names[song] for song in one} for one in lists)
        return log(1 + len(lists) / count)

    def similarity(one):
        held = {groups[song] for song in one}
        norm = sqrt(sum((tf(one, group) * idf(group, groups)) ** 2 for group in held))
        both = held & {groups[song] for song in seeds}
        products = (tf(one, g) * tf(seeds, g) * idf(g, groups) ** 2 for g in both)
        return sum(products) / norm**damping

    def score(song):
        near = (similarity(one) ** sharpness for one in lists if song in one)
        return idf(song, range(train.n_songs)) ** rarity * sum(near)

    known = set().union(*lists) - set(seeds)
    scored = {song: score(song) for song in known}
    return {song: value for song, value in scored.items() if value > 0}


@pytest.mark.parametrize(
    ("level", "options"),
    [
        ("songs", {"damping": 0.5, "sharpness": 1.0, "rarity": 0.0}),
        ("songs", {"damping": 1.0, "sharpness": 1.7, "rarity": 0.6}),
        ("albums", {"damping": 0.3, "sharpness": 2.0, "rarity": 0.2}),
        ("artists", {"damping": 0.0, "sharpness": 0.5, "rarity": 1.0}),
    ],
)
def test_scores_are_those_of_the_formula_worked_out_song_by_song(handful, best, level, options):
    groups = {"songs": range(8), "albums": handful.albums, "artists": handful.artists}[level]
    expected = scores_by_hand(handful, [0, 2, 3, 5], list(groups), **options)
    songs, scores = best(SimilarPlaylists(level, **options), [0, 2, 3, 5], n=len(expected))
    assert dict(zip(songs, scores, strict=True)) == pytest.approx(expected, rel=1e-5)


def test_only_the_most_similar_playlists_count(best):
    # Of seeds 0, 1 and 5 the two of rock share two songs, the others one; with one of them alone
    # its one other song is found.
    songs, scores = best(SimilarPlaylists(k=1), [0, 1, 5], n=4)
    assert [score > 0 for score in scores] == [True, False, False, False]
    assert songs[0] in {2, 3}


def test_a_song_that_stands_twice_in_a_playlist_counts_once(handful):
    lists = [[0, 1, 2, 2, 0], [0, 1, 3], [4, 5], [5, 6, 0, 6]]
    twice = replace(handful, playlists=Ragged.of(lists))
    answers = [
        SimilarPlaylists("artists").fit(train).recommend(Ragged.of([seeds]), n=5)
        for train, seeds in ((handful, [0, 2]), (twice, [0, 2, 0]))
    ]
    assert answers[1][0].values.tolist() == answers[0][0].values.tolist()
    assert answers[1][1].tolist() == answers[0][1].tolist()
