from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array

from model.ragged import Ragged
from model.recommenders.numbering import Numbering
from model.recommenders.spreading import Weighted


def test_songs_of_most_playlists_come_first_and_ties_keep_their_order(handful):
    numbering = Numbering.by_popularity(handful)
    counts = handful.popularity()
    ordered = list(zip((-counts[numbering.catalogue]).tolist(), numbering.catalogue, strict=True))
    assert ordered == sorted(ordered)
    assert sorted(numbering.catalogue.tolist()) == list(range(8))


def test_all_that_is_known_of_a_song_goes_with_it(handful):
    weights = np.arange(64, dtype=np.float64).reshape(8, 8)
    known = replace(
        handful,
        songs=np.arange(96.0).reshape(8, 12),
        tags=csr_array(weights[:, :3]),
        similars=csr_array(weights),
    )
    numbering = Numbering.by_popularity(known)
    made = numbering.renumber(known)
    for song in range(8):
        own = numbering.own[song]
        assert made.songs[own].tolist() == known.songs[song].tolist()
        assert made.artists[own] == known.artists[song]
        assert made.albums[own] == known.albums[song]
        assert made.tags[[own]].toarray().tolist() == [weights[song, :3].tolist()]
        for other in range(8):
            assert made.similars[own, numbering.own[other]] == weights[song, other]
    for before, after in zip(known.playlists, made.playlists, strict=True):
        assert numbering.catalogue[after].tolist() == before.tolist()
    assert made.titles == known.titles


def test_where_nothing_is_known_of_songs_nothing_is_made_up(handful):
    plain = replace(handful, artists=None, albums=None)
    made = Numbering.by_popularity(plain).renumber(plain)
    assert (made.artists, made.albums, made.tags, made.similars) == (None, None, None, None)


def test_what_is_found_goes_back_to_the_catalogues_numbers(handful):
    numbering = Numbering.by_popularity(handful)
    lists = Ragged.of([[7, 0], [], [3]])
    found = Weighted.of(numbering.inward(lists), np.array([3.0, 2.0, 1.0]), 8)
    back = numbering.outward(found)
    assert [one.tolist() for one in back.lists] == [[7, 0], [], [3]]
    assert back.weights.tolist() == [3, 2, 1]
