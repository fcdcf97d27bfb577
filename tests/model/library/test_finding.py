import pytest

from model.library.finding import find_artist, find_song, find_uri, near_songs, search_songs
from model.library.songs import Library


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Radiohead - Creep", 0),
        ("radiohead – CREEP!", 0),
        ("Creep - TLC", 3),
        ("Creep", 0),
        ("The Beatles - Yesterday", 4),
        ("yoasobi - 夜に駆ける", 6),
        ("?", 7),
    ],
)
def test_songs_are_found_by_artist_and_title_however_they_are_spelt(
    library: Library, text: str, number: int
) -> None:
    found = find_song(library, text)
    assert found.is_exact
    assert found.song is not None
    assert found.song.number == number


def test_a_title_alone_is_the_song_of_most_playlists_and_others_are_named(library: Library) -> None:
    found = find_song(library, "creep")
    assert [song.artist for song in found.others] == ["TLC", "Radiohead"]


def test_a_misspelt_song_is_taken_where_nothing_else_is_near(library: Library) -> None:
    found = find_song(library, "Radiohaed - Karma Polic")
    assert not found.is_exact
    assert found.song is not None
    assert found.song.title == "Karma Police"


@pytest.mark.parametrize(
    "text",
    [
        "Radiohead - Karma Police - Remastered 2009",
        "Radiohead - Karma Police (Live at the BBC)",
        "Karma Police [Remastered] - Radiohead",
        "Karma Police (Remastered 2009)",
    ],
)
def test_a_version_that_is_not_there_stands_for_the_song(library: Library, text: str) -> None:
    found = find_song(library, text)
    assert found.song is not None
    assert (found.song.title, found.is_exact) == ("Karma Police", False)


def test_a_song_that_is_not_there_is_not_one_called_as_its_artist(library: Library) -> None:
    assert find_song(library, "Creep - Some Song").song is None


def test_words_that_a_sign_joins_or_parts_are_the_same(library: Library) -> None:
    for text in ("Radio Head - Karma-Police", "Karma-Police - Radio/Head"):
        found = find_song(library, text)
        assert found.song is not None
        assert found.song.title == "Karma Police"


def test_what_may_be_several_songs_is_asked_about(library: Library) -> None:
    found = find_song(library, "Beatles - Yesterdays")
    assert found.song is None
    assert found.others[0].artist == "The Beatles"


def test_what_is_like_no_song_has_no_suggestion(library: Library) -> None:
    assert find_song(library, "qqqq") == (None, False, ())


@pytest.mark.parametrize("text", ["", "   ", " - ", "\x00", "a" * 5000, "\ud800"])
def test_no_text_breaks_the_search(library: Library, text: str) -> None:
    find_song(library, text)
    assert len(search_songs(library, text, n=3)) <= 3


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("cre", [0, 3]),  # Song 5 is another version, yet has a title of its own: below.
        ("radiohead c", [0]),
        ("karma radio", [1]),
        ("夜", [6]),
    ],
)
def test_songs_are_found_while_they_are_typed(
    library: Library, text: str, numbers: list[int]
) -> None:
    found = [song.number for song in search_songs(library, text, n=9)]
    assert [number for number in found if number != 5] == numbers


def test_a_word_that_has_ended_goes_on_no_more(library: Library) -> None:
    assert [song.number for song in search_songs(library, "no surprises ", n=9)] == [2]
    assert search_songs(library, "surpr ", n=1)[0].number == 2  # By its spelling.


def test_the_nearest_spelling_comes_first(library: Library) -> None:
    (first, score), *_ = near_songs(library, "karma polise", n=3)
    assert first.title == "Karma Police"
    assert 55 <= score < 100


@pytest.mark.parametrize(
    "text",
    [
        f"spotify:track:{3:022d}",
        f"https://open.spotify.com/track/{3:022d}?si=x",
        f"https://open.spotify.com/intl-de/track/{3:022d}",
        f"open.spotify.com/track/{3:022d}",
        f"HTTPS://Open.Spotify.com/track/{3:022d}/",
        f" spotify:track:{3:022d}\n",
    ],
)
def test_songs_are_found_by_their_address(library: Library, text: str) -> None:
    assert find_uri(library, text) == 3


@pytest.mark.parametrize("text", ["", "spotify:track:", "zzz", f"spotify:track:{99:022d}"])
def test_an_unknown_address_is_nobodys(library: Library, text: str) -> None:
    assert find_uri(library, text) is None


def test_an_artist_is_known_in_any_spelling_or_those_alike_are_named(library: Library) -> None:
    assert find_artist(library, "RADIOHEAD!") == (True, ())
    assert find_artist(library, "Radiohed") == (False, ("Radiohead",))
    assert find_artist(library, "qqqqqqqqqqqq") == (False, ())
