import numpy as np
import pytest

from model.library.songs import Library, inverse_frequency
from model.recommenders import holdings


def test_a_song_is_as_the_tables_have_it(library: Library) -> None:
    song = library.song(1)
    assert song == (
        *(1, "Karma Police", "Radiohead", "OK Computer", f"spotify:track:{1:022d}"),
        *(200_000, 4),
    )


def test_songs_are_ranked_by_the_playlists_that_hold_them(library: Library) -> None:
    # Held by 4, 4, 2, 1, 2, 1, 1, 1, 0 playlists; a song twice in one counts once.
    assert library.by_rank.tolist() == [0, 1, 2, 4, 3, 5, 6, 7, 8]
    assert library.n_playlists(np.arange(9)).tolist() == [4, 4, 2, 1, 2, 1, 1, 1, 0]


def test_playlists_and_holders_are_each_others_transpose(library: Library) -> None:
    pairs = {(row, song) for row in range(6) for song in library.playlists[row].tolist()}
    turned = {(row, song) for song in range(9) for row in library.holders[song].tolist()}
    assert pairs == turned
    assert library.playlists[2].tolist() == [1, 2, 4]


def test_tags_are_clean_and_the_weightiest_first(library: Library) -> None:
    names = library.portraits.tag_names
    assert [names[tag] for tag in library.portraits.tags[0]] == ["shoegaze", "sad"]
    assert [names[tag] for tag in library.portraits.tags[2]] == ["sad", "shoegaze"]
    assert not len(library.portraits.tags[4])  # Below the least weight.


def test_features_are_known_or_not(library: Library) -> None:
    known = ~np.isnan(library.portraits.features[:, 0])
    assert known.tolist() == [True, True, True, False, True, True, True, True, True]
    assert library.portraits.playlist_features[5, 0] != library.portraits.playlist_features[5, 0]
    # Energy of playlist 2: (0.5 + 0.5 + 0.1) / 3, songs once each.
    assert library.portraits.playlist_features[2, 1] == pytest.approx(1.1 / 3)


def test_inverse_frequency_is_that_of_the_recommenders() -> None:
    counts = np.array([0, 1, 5])
    np.testing.assert_array_equal(
        inverse_frequency(counts, 9), holdings.inverse_frequency(counts, 9)
    )
