from dataclasses import replace

import numpy as np

from model.library.lists import Lists
from model.library.songs import Library, Neighbours
from model.making import scores
from model.making.reasons import FromPlaylist, Reason, reasons, together
from model.making.sparse import Scored


def why(library: Library, song: int, *seeds: int) -> list[str]:
    given = np.array(seeds)
    near = scores.similar_playlists(library, given)
    found: tuple[Reason, ...] = reasons(library, np.array([song]), given, near)[0]
    return [str(reason) for reason in found]


def test_reasons_are_what_the_tables_say(library: Library) -> None:
    # Songs 0 and 2 share playlist 0 alone, "Chill Vibes" of 3,021 followers; both are tagged.
    assert why(library, 2, 0) == [
        "plays together with Creep in 1 playlist",
        "from “Chill Vibes”, 3,021 followers",
        "shares the tags sad, shoegaze",
        "same artist",
    ]


def test_an_album_says_more_than_an_artist(library: Library) -> None:
    assert why(library, 2, 1)[-1] == "same album, OK Computer"


def test_the_seed_that_shares_most_playlists_is_named(library: Library) -> None:
    # Song 1 shares playlists 0, 1 and 4 with song 0, and 1 and 2 with song 4.
    assert why(library, 1, 4, 0)[0] == "plays together with Creep in 3 playlists"


def test_the_playlist_with_most_followers_is_named(library: Library) -> None:
    assert why(library, 1, 4)[1] == "from “Road Trip 2016”, 40 followers"


def test_unknown_followers_are_passed_over() -> None:
    assert str(FromPlaylist("my own", 0)) == "from “my own”"


def test_what_shares_nothing_is_said_to_be_popular(library: Library) -> None:
    assert why(library, 4, 6) == ["popular: 2 playlists hold it"]
    assert why(library, 8, 6) == ["popular: 0 playlists hold it"]


def test_a_pair_that_is_no_neighbour_is_counted_beside_one_that_is(library: Library) -> None:
    # Song 1 is no neighbour of song 0, as where others of a popular song are nearer.
    lists, scores = library.neighbours.lists, library.neighbours.scores
    owners = np.repeat(np.arange(len(lists)), np.diff(lists.indptr))
    kept = (owners != 0) | (lists.values != 1)
    indptr = np.searchsorted(owners[kept], np.arange(len(lists) + 1))
    fewer = Neighbours(Lists(indptr, lists.values[kept]), scores[kept])
    # Song 1 shares playlists 0, 1 and 4 with song 0, and 1 and 2 with song 4.
    found = why(replace(library, neighbours=fewer), 1, 4, 0)
    assert found[0] == "plays together with Creep in 3 playlists"


def test_every_pair_is_counted(library: Library) -> None:
    # Song 4 stands in playlists 1 and 2, song 3 in 0 alone; nobody holds song 8.
    counts = together(library, np.array([1, 3, 8]), np.array([0, 4]))
    assert counts.tolist() == [[3, 2], [1, 0], [0, 0]]


def test_no_seeds_share_nothing(library: Library) -> None:
    nothing = Scored(np.empty(0, np.int64), np.empty(0))
    found = reasons(library, np.array([0]), np.empty(0, np.int64), nothing)
    assert str(found[0][0]) == "popular: 4 playlists hold it"
