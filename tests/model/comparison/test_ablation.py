from dataclasses import fields

import numpy as np
import pytest
from scipy.sparse import csr_array

from model.comparison.ablation import SOURCES, is_known, leave_out
from model.errors import InputError
from model.ragged import Ragged
from model.recommenders.base import Training

SAYS = {
    "tags": {"tags"},
    "similars": {"similars"},
    "audio": {"songs"},
    "titles": {"names", "titles"},
    "artists": {"artists", "artist_names"},
    "albums": {"albums", "album_names"},
}
"""Fields of the training that each source fills."""


@pytest.fixture
def train() -> Training:
    return Training(
        playlist_ids=np.array([3, 5]),
        names=["road", "sun"],
        num_followers=np.array([2, 9]),
        playlists=Ragged.of([[0, 1], [1, 2]]),
        songs=np.ones((3, 12)),
        artists=np.array([0, 0, 1]),
        albums=np.array([1, 1, 0]),
        titles=["Road", "Sun!"],
        artist_names=["A", "B"],
        album_names=["C", "D"],
        tags=csr_array(np.eye(3)),
        similars=csr_array(np.eye(3)[::-1]),
    )


def test_every_source_is_tried() -> None:
    assert set(SAYS) == set(SOURCES)


@pytest.mark.parametrize("source", SOURCES)
def test_only_what_the_source_says_is_left_out(train: Training, source: str) -> None:
    less = leave_out(train, source)
    changed = {
        one.name
        for one in fields(Training)
        if getattr(less, one.name) is not getattr(train, one.name)
    }
    assert changed == SAYS[source]


def test_what_is_left_out_is_unknown_afterwards(train: Training) -> None:
    for source in ("tags", "similars", "audio", "titles"):
        assert is_known(train, source)
        assert not is_known(leave_out(train, source), source)


def test_without_artists_no_two_songs_share_one(train: Training) -> None:
    less = leave_out(train, "artists")
    assert less.artists is not None
    assert len(set(less.artists.tolist())) == train.n_songs
    assert set(less.artist_names or []) == {""}


def test_nothing_is_left_out_without_a_source(train: Training) -> None:
    assert leave_out(train, None) is train


def test_an_unknown_source_is_refused(train: Training) -> None:
    with pytest.raises(InputError, match="'lyrics'; there are tags, similars, audio"):
        leave_out(train, "lyrics")
