from pathlib import Path

import numpy as np
import pytest

from model.library.recipes import find_shelf
from model.library.songs import Library
from model.making.fitted import open_fitted, scored_by
from model.making.playlist import make_playlist
from model.making.wish import Wish
from model.ragged import Ragged
from model.recommenders.base import Training
from model.recommenders.nucleus import Nucleus
from model.stages.fitted import make_fitted


def test_a_fitted_recommender_makes_lists_with_reasons(small_state: Path, library: Library) -> None:
    shelf = find_shelf(small_state)
    assert shelf is not None
    fitted = make_fitted(small_state, shelf, "artists", say=lambda _: None)
    recommend = open_fitted(fitted.folder)
    scored = recommend(Wish((1,), method="artists"))
    assert (np.diff(scored.numbers) > 0).all()
    assert (scored.scores > 0).all()
    made = make_playlist(library, Wish((1,), n=1, method="artists"), recommend=recommend)
    # Of Radiohead, the artist of song 1; 0 is in more playlists than 2.
    assert made.picks[0].song.artist == "Radiohead"
    assert "same artist" in " ".join(map(str, made.picks[0].reasons))


@pytest.mark.parametrize("title", ["", "nothing is called so"])
def test_songs_that_only_fill_up_are_left_to_the_maker(small_state: Path, title: str) -> None:
    shelf = find_shelf(small_state)
    assert shelf is not None
    fitted = make_fitted(small_state, shelf, "titles", say=lambda _: None)
    assert len(open_fitted(fitted.folder)(Wish((1,), title=title, method="titles"))) == 0


def test_the_studys_generator_makes_a_list_of_the_length_that_is_wished_for() -> None:
    train = Training(
        playlist_ids=np.arange(3),
        names=["", "", ""],
        num_followers=np.array([1, 1, 90]),
        playlists=Ragged.of([[0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 5], [6, 7, 8]]),
        songs=np.zeros((9, 12)),
    )
    generator = Nucleus(n_clusters=1, playlists_per_cluster=1, min_count=2).fit(train)
    listed = scored_by(generator, Wish((0,), n=4)).ranked().tolist()
    # Of four songs, two by similarity and two of the playlist with most followers.
    assert listed[:2] == [1, 2]
    assert set(listed[2:4]) < {6, 7, 8}
    # What a longer list has stands in where some of these are not wanted.
    assert sorted(listed) == [1, 2, 3, 4, 5, 6, 7, 8]
