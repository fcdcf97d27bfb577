from dataclasses import replace

import numpy as np
import pytest

from model.ragged import Ragged
from model.recommenders import playlist_kernel
from model.recommenders.base import Training
from model.recommenders.playlist_kernel import PlaylistKernel

LISTS = [[0, 1], [1, 2], [3]]


def made_up(**known):
    train = Training(
        playlist_ids=np.arange(3),
        names=["calm", "calm", "loud"],
        num_followers=np.ones(3, dtype=np.int64),
        playlists=Ragged.of(LISTS),
        songs=np.zeros((4, 12)),
    )
    return replace(train, **known)


def kernel(songs=0.0, albums=0.0, artists=0.0, title=0.0, most_playlists=9):
    return PlaylistKernel(songs, albums, artists, title, 2.0, most_playlists)


def test_playlists_are_compared_by_the_cosine_of_their_songs():
    found = kernel(songs=1.0).fit(made_up()).compare(Ragged.of([[1, 1], [3], []]), [""] * 3)
    # Song 1 weighs log(1 + 3 / 2) in both playlists that hold it, each other song log(1 + 3).
    weight, other = np.log(2.5), np.log(4)
    cosine = weight / np.hypot(weight, other)
    assert found == pytest.approx(np.array([[cosine, cosine, 0], [0, 0, 1], [0, 0, 0]]))


@pytest.mark.parametrize("kind", ["songs", "albums", "artists"])
def test_a_song_that_a_playlist_repeats_counts_once_as_among_seeds(kind):
    groups = np.array([0, 0, 1, 1])
    repeating = Ragged.of([[0, 2, 2, 2], [1, 2], [3]])
    train = made_up(playlists=repeating, artists=groups, albums=groups)
    found = kernel(**{kind: 1.0}).fit(train).compare(repeating, [""] * 3)
    assert found.diagonal() == pytest.approx(np.ones(3))


def test_each_kind_adds_its_cosine_times_its_weight():
    train = made_up(artists=np.array([0, 0, 0, 1]), albums=np.array([0, 1, 1, -1]))
    seeds = Ragged.of([[2]])
    songs, artists, title = (
        kernel(**{kind: 1.0}).fit(train).compare(seeds, ["calm"])
        for kind in ("songs", "artists", "title")
    )
    assert artists.tolist() == [[1, 1, 0]]
    assert title == pytest.approx(np.array([[1, 1, 0]]))
    together = kernel(songs=2.0, artists=0.5, title=0.25).fit(train).compare(seeds, ["calm"])
    assert together == pytest.approx(2 * songs + artists / 2 + title / 4)


def test_what_is_unknown_is_like_nothing():
    found = kernel(albums=1.0, artists=1.0).fit(made_up()).compare(Ragged.of([[0, 3]]), ["calm"])
    assert found.tolist() == [[0, 0, 0]]


def test_few_playlists_are_weighed_as_ridge_regression_weighs_them():
    fitted, seeds = kernel(songs=1.0, title=0.5).fit(made_up()), Ragged.of([[0], [3, 1], []] * 30)
    among = fitted.compare(Ragged.of(LISTS), ["calm", "calm", "loud"])
    asked = fitted.compare(seeds, ["loud"] * 90)
    weights = fitted.weigh(seeds, ["loud"] * 90)
    assert weights == pytest.approx(asked @ np.linalg.inv(among + 2 * np.eye(3)), abs=1e-6)


def test_of_many_playlists_what_differs_least_is_taken_for_its_mean(monkeypatch):
    monkeypatch.setattr(playlist_kernel, "RANK", 1)
    fitted, seeds = kernel(songs=1.0).fit(made_up()), Ragged.of([[0, 2], [3]])
    values, vectors = np.linalg.eigh(fitted.compare(Ragged.of(LISTS), [""] * 3))
    values[:2] = values[:2].mean()
    expected = fitted.compare(seeds, ["", ""]) @ (vectors / (values + 2)) @ vectors.T
    assert fitted.weigh(seeds, ["", ""]) == pytest.approx(expected, abs=1e-6)


def test_of_many_playlists_an_even_sample_is_kept():
    fitted = kernel(songs=1.0, most_playlists=2).fit(made_up())
    assert fitted.kept_.tolist() == [0, 2]
    assert fitted.compare(Ragged.of([[3]]), [""]) == pytest.approx(np.array([[0, 1]]))
