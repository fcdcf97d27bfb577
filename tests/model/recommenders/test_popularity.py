import numpy as np

from model.ragged import Ragged
from model.recommenders.base import Training
from model.recommenders.popularity import Popularity


def train_on(lists: list[list[int]], n_songs: int = 6) -> Training:
    return Training(
        playlist_ids=np.arange(len(lists)),
        names=[""] * len(lists),
        num_followers=np.ones(len(lists), dtype=np.int64),
        playlists=Ragged.of(lists),
        songs=np.zeros((n_songs, 12)),
    )


def test_songs_come_by_popularity_then_number_without_the_seeds() -> None:
    popularity = Popularity().fit(train_on([[3, 1], [3, 2], [3, 2], [1]]))
    songs, scores = popularity.recommend(Ragged.of([[3], []]), n=2)
    # 3 is in three playlists, 1 and 2 in two each.
    assert [songs[0].tolist(), songs[1].tolist()] == [[1, 2], [3, 1]]
    assert scores.tolist() == [2, 2, 3, 2]


def test_songs_that_no_playlist_holds_are_never_recommended() -> None:
    popularity = Popularity().fit(train_on([[0, 1]]))
    songs, _ = popularity.recommend(Ragged.of([[0]]), n=5)
    assert songs[0].tolist() == [1]
