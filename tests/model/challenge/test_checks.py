import pytest

from model.challenge.checks import SubmissionChecker, is_track_uri
from model.errors import InputError


def uris(first: int, n: int) -> list[str]:
    return [f"spotify:track:{number:022d}" for number in range(first, first + n)]


GOOD = uris(0, 500)


@pytest.fixture
def checker() -> SubmissionChecker:
    return SubmissionChecker({1: frozenset(uris(900, 2)), 2: frozenset()})


def test_500_different_tracks_for_each_playlist_are_accepted(checker: SubmissionChecker) -> None:
    checker.check("line 2", 2, GOOD)
    checker.check("line 3", 1, GOOD)
    checker.finish("file")


@pytest.mark.parametrize(
    ("pid", "tracks", "words"),
    [
        (3, GOOD, "line 5: pid 3 is not in the challenge set"),
        (1, GOOD[:-1], "line 5: pid 1 has 499 tracks; expected exactly 500"),
        (1, uris(0, 501), "pid 1 has 501 tracks"),
        (1, [*GOOD[:-1], GOOD[7]], f"pid 1 names {GOOD[7]} twice; expected 500 different"),
        (1, [*GOOD[:-1], uris(901, 1)[0]], "pid 1 names its own seed spotify:track:0*901"),
        (1, [*GOOD[:-1], ""], "track 500 of pid 1 is ''; expected spotify:track: and 22"),
        (1, ["spotify:track:abc", *GOOD[1:]], "track 1 of pid 1 is 'spotify:track:abc'"),
    ],
)
def test_anything_else_is_refused(
    checker: SubmissionChecker, pid: int, tracks: list[str], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        checker.check("line 5", pid, tracks)


def test_a_playlist_that_comes_twice_is_refused_with_both_places(
    checker: SubmissionChecker,
) -> None:
    checker.check("line 2", 1, GOOD)
    with pytest.raises(InputError, match="line 9: pid 1 is that of line 2 too"):
        checker.check("line 9", 1, uris(0, 500))


def test_the_seeds_of_another_playlist_are_allowed(checker: SubmissionChecker) -> None:
    checker.check("line 2", 2, uris(600, 500))


def test_missing_playlists_are_counted_and_the_first_is_named(checker: SubmissionChecker) -> None:
    with pytest.raises(InputError, match="file: 2 playlists are missing, the first with pid 1"):
        checker.finish("file")


@pytest.mark.parametrize(
    "uri",
    [
        "spotify:track:" + "0" * 21,
        "spotify:track:" + "0" * 23,
        "spotify:track:" + "0" * 21 + "-",
        "spotify:track:" + "é" * 22,
        "spotify:album:" + "0" * 22,
        "spotify:track:" + "0" * 22 + "\n",
        "0" * 22,
    ],
)
def test_what_only_looks_like_a_track_is_none(uri: str) -> None:
    assert not is_track_uri(uri)
