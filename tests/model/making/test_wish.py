from dataclasses import replace

import pytest

from model.errors import InputError
from model.library.songs import Library
from model.making.playlist import make_playlist
from model.making.wish import DEFAULT_METHOD, DEFAULT_SHARE, METHODS, Wish, check_sense


def test_a_wish_is_a_blend_that_nothing_tilts_unless_it_says_so() -> None:
    assert Wish((3,)) == Wish(
        seeds=(3,),
        n=50,
        title="",
        method="blend",
        share=0.2,
        diversity=0.0,
        popularity=0.0,
        excluded_artists=(),
        random_state=None,
    )
    assert (DEFAULT_METHOD, DEFAULT_SHARE) == ("blend", 0.2)


def test_each_method_that_can_be_wished_for_makes_a_list(library: Library) -> None:
    assert METHODS == ("blend", "neighbours", "playlists", "titles", "popularity")
    for method in METHODS:
        made = make_playlist(library, Wish((0,), n=1, title="road trip", method=method))
        # Song 1 shares most playlists with song 0, both of the name hold it, and four in all.
        assert [pick.song.number for pick in made.picks] == [1]


def test_equal_wishes_are_one_wish() -> None:
    wish = Wish((1, 2), title="road trip")
    assert len({wish, replace(wish), replace(wish, n=3)}) == 2


@pytest.mark.parametrize("method", ["playlists", "neighbours:cosine", "als", "artists"])
def test_what_reads_no_titles_needs_a_song(method: str) -> None:
    with pytest.raises(InputError, match=f"{method} needs a song to go by, for it reads no ti"):
        check_sense(method, has_songs=False, has_title=True)
    check_sense(method, has_songs=True, has_title=False)


@pytest.mark.parametrize("method", ["titles", "names"])
def test_what_goes_by_titles_alone_needs_one(method: str) -> None:
    with pytest.raises(InputError, match=f"{method} needs a --title"):
        check_sense(method, has_songs=True, has_title=False)


@pytest.mark.parametrize("method", ["titles", "names", "blend", "blend:fitted", "popularity"])
def test_a_title_alone_will_do_for_the_others(method: str) -> None:
    check_sense(method, has_songs=False, has_title=True)
