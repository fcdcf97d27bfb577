from math import log, sqrt

import pytest

from model.errors import InputError
from model.ragged import Ragged
from model.similarity.cooccurrence import find_similar
from model.similarity.interactions import Interactions
from model.similarity.weighting import Weighting, WeightingName

# Song 0 stands in three playlists, 1 and 2 in two each, 3 in one; the catalogue has a song more.
LISTS = [[0, 1, 2], [0, 1], [0, 2, 3]]


def scores(weighting: Weighting) -> dict[tuple[int, int], float]:
    found = find_similar(Interactions.of(Ragged.of(LISTS), 5), k=5, weighting=weighting)
    pairs = zip(found.lists.owners.tolist(), found.songs.tolist(), strict=True)
    return dict(zip(pairs, found.scores.tolist(), strict=True))


def idf_squared(length: int) -> float:
    return log((1 + 4) / (1 + length)) ** 2  # Four songs stand in a playlist.


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("count", 2.0),
        ("cosine", 2 / sqrt(3 * 2)),
        ("jaccard", 2 / (3 + 2 - 2)),
        # Both stand in the playlists of 3 and of 2; song 0 in another of 3.
        (
            "tf-idf",
            (idf_squared(3) + idf_squared(2))
            / sqrt((2 * idf_squared(3) + idf_squared(2)) * (idf_squared(3) + idf_squared(2))),
        ),
        # Eight entries of four songs: two a song. Song 0 has 3, song 1 has 2.
        (
            "bm25",
            (idf_squared(3) + idf_squared(2))
            * (2.2 / (1.2 * (0.25 + 0.75 * 3 / 2) + 1))
            * (2.2 / (1.2 * (0.25 + 0.75 * 2 / 2) + 1)),
        ),
    ],
)
def test_a_score_is_what_its_formula_says(name: WeightingName, expected: float) -> None:
    assert scores(Weighting(name))[0, 1] == pytest.approx(expected, rel=1e-6)


def test_shrinkage_makes_few_playlists_weigh_less() -> None:
    plain, shrunk = scores(Weighting("cosine")), scores(Weighting("cosine", shrinkage=3.0))
    # Two playlists: 2 / (2 + 3); one: 1 / (1 + 3).
    assert shrunk[0, 1] == pytest.approx(plain[0, 1] * 0.4, rel=1e-6)
    assert shrunk[0, 3] == pytest.approx(plain[0, 3] * 0.25, rel=1e-6)


def test_bm25_without_k1_counts_all_songs_alike() -> None:
    alike = scores(Weighting("bm25", k1=0.0))
    assert alike[0, 3] == alike[2, 3] == pytest.approx(idf_squared(3), rel=1e-6)


def test_a_playlist_that_holds_every_song_says_nothing() -> None:
    held = Interactions.of(Ragged.of([[0, 1]]), 2)
    for name in ("tf-idf", "bm25"):
        found = find_similar(held, k=1, weighting=Weighting(name))
        assert found.counts.tolist() == [1, 1]
        assert found.scores.tolist() == [0.0, 0.0]


def test_an_unknown_name_is_refused_with_those_known() -> None:
    with pytest.raises(InputError, match="no weighting 'pearson'; expected one of count, cosine"):
        Weighting("pearson")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "options", [{"shrinkage": -1.0}, {"k1": -0.1}, {"b": 1.5}, {"shrinkage": float("nan")}]
)
def test_numbers_out_of_range_are_refused(options: dict[str, float]) -> None:
    with pytest.raises(InputError, match="expected shrinkage and k1 of 0 or more, b from 0 to 1"):
        Weighting("bm25", **options)
