import numpy as np

from model.library.songs import Library
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


def test_pairs_that_are_no_neighbours_are_counted_too(library: Library) -> None:
    songs, seeds = np.arange(9), np.array([0, 4])
    expected = [
        [len(set(library.holders[song]) & set(library.holders[seed])) for seed in (0, 4)]
        for song in range(9)
    ]
    found = together(library, songs, seeds)
    assert found.tolist()[:8] == [[0, 1], *expected[1:4], [1, 0], *expected[5:8]]


def test_no_seeds_share_nothing(library: Library) -> None:
    nothing = Scored(np.empty(0, np.int64), np.empty(0))
    found = reasons(library, np.array([0]), np.empty(0, np.int64), nothing)
    assert str(found[0][0]) == "popular: 4 playlists hold it"
