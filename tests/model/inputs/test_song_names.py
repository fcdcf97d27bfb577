import pandas as pd
import pyarrow as pa
import pytest

from model.inputs.song_names import SongNames

ARTISTS = pd.Series(["Beyoncé", "Queen", "Beyonce", None, "夜", "Queen"], dtype=object)
TITLES = pd.Series(["Halo", "Halo!", "HALO", "Halo", "夜に駆ける", "♥"], dtype=object)
NAMES = SongNames.of(ARTISTS, TITLES)


def titles_of(*titles: str | None) -> list[list[int]]:
    codes = NAMES.find_titles(pa.array(titles, pa.string()))
    return [NAMES.by_title[code].tolist() if code >= 0 else [] for code in codes]


def pairs_of(*pairs: tuple[str | None, str | None]) -> list[list[int]]:
    artists, titles = zip(*pairs, strict=True)
    codes = NAMES.find_pairs(pa.array(artists, pa.string()), pa.array(titles, pa.string()))
    return [NAMES.by_pair[code].tolist() if code >= 0 else [] for code in codes]


def test_a_title_means_the_first_song_that_has_it_whoever_sings() -> None:
    assert titles_of("halo", "Ha-lo", "Helo") == [[0], [0], []]


def test_a_title_that_cleans_to_nothing_means_no_song() -> None:
    # As published, what is not ASCII is dropped.
    assert titles_of("夜に駆ける", "!!", "", None) == [[], [], [], []]


def test_artist_and_title_mean_all_songs_that_have_both() -> None:
    assert pairs_of(("BEYONCÉ", "halo"), ("queen", "Halo"), ("夜", "夜に駆ける")) == [
        [0, 2],
        [1],
        [4],
    ]


@pytest.mark.parametrize(
    "pair",
    [
        ("Queen", "夜に駆ける"),
        ("Nobody", "Halo"),
        (None, "Halo"),
        ("", "Halo"),
        ("Queen", "♥"),
        ("", ""),
    ],
)
def test_a_pair_that_no_song_has_means_none(pair: tuple[str | None, str | None]) -> None:
    assert pairs_of(pair) == [[]]


def test_there_may_be_no_songs_at_all() -> None:
    names = SongNames.of(pd.Series([], dtype=object), pd.Series([], dtype=object))
    assert names.find_pairs(pa.array(["a"]), pa.array(["b"])).tolist() == [-1]
    assert names.find_titles(pa.array(["b"])).tolist() == [-1]


def test_columns_that_were_read_in_chunks_are_names_like_others() -> None:
    artists, titles = (
        pd.Series(pd.array(pa.chunked_array([[one], [other]]), dtype="string[pyarrow]"))
        for one, other in [("Beyoncé", "Queen"), ("Halo", "Halo!")]
    )
    names = SongNames.of(artists, titles)
    assert names.find_titles(pa.array(["halo"])).tolist() == [0]
    assert names.by_pair.values.tolist() == [0, 1]
