from math import log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.errors import InputError
from model.ragged import Ragged
from model.settings import WEIGHTINGS, WeightingName
from model.similarity.cooccurrence import find_similar
from model.similarity.interactions import Interactions
from model.similarity.weighting import Weighting

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
        Weighting("pearson")


@pytest.mark.parametrize(
    "options",
    [
        {"shrinkage": -1.0},
        {"shrinkage": float("nan")},
        {"shrinkage": float("inf")},
        {"damping": 1.1},
        {"k1": -0.1},
        {"k1": float("inf")},
        {"b": 1.5},
    ],
)
def test_numbers_out_of_range_are_refused(options: dict[str, float]) -> None:
    expected = "expected shrinkage and k1 of 0 or more, damping and b from 0 to 1"
    with pytest.raises(InputError, match=expected):
        Weighting("bm25", **options)


@pytest.mark.parametrize(("damping", "expected"), [(0.0, 2.0), (0.75, 2 / 6**0.75), (1.0, 2 / 6)])
def test_damping_makes_popular_songs_weigh_less(damping: float, expected: float) -> None:
    # Two playlists hold songs 0 and 1, which stand in three and in two.
    assert scores(Weighting("cosine", damping=damping))[0, 1] == pytest.approx(expected, rel=1e-6)


@given(st.lists(st.sets(st.integers(0, 5), max_size=6), max_size=9), st.floats(0, 5))
def test_every_weighting_agrees_with_its_formula_worked_out_pair_by_pair(
    lists: list[set[int]], shrinkage: float
) -> None:
    held = Interactions.of(Ragged.of([sorted(one) for one in lists]), 6)
    for name in WEIGHTINGS:
        weighting = Weighting(name, shrinkage=shrinkage)
        found = find_similar(held, k=6, weighting=weighting)
        pairs = zip(found.lists.owners.tolist(), found.songs.tolist(), strict=True)
        for (one, two), score in zip(pairs, found.scores.tolist(), strict=True):
            assert score == pytest.approx(plain_score(lists, one, two, weighting), rel=1e-5)


def plain_score(lists: list[set[int]], one: int, two: int, weighting: Weighting) -> float:
    n = {song: sum(song in held for held in lists) for song in range(6)}
    both = sum({one, two} <= held for held in lists)
    n_held = sum(count > 0 for count in n.values())
    idf2 = [log((1 + n_held) / (1 + len(held))) ** 2 for held in lists]

    def summed(songs: set[int]) -> float:
        # Whole multiples of 1 / 2^24, so that sums are the same in any order.
        return sum(round(w * 2**24) / 2**24 for w, x in zip(idf2, lists, strict=True) if songs <= x)

    def damped(song: int) -> float:
        mean = sum(n.values()) / n_held
        return 2.2 / (1.2 * (0.25 + 0.75 * n[song] / mean) + 1)

    norm = sqrt(summed({one}) * summed({two}))
    score = {
        "count": float(both),
        "cosine": both / sqrt(n[one] * n[two]),
        "jaccard": both / (n[one] + n[two] - both),
        "tf-idf": summed({one, two}) / norm if norm else 0.0,
        "bm25": summed({one, two}) * damped(one) * damped(two),
    }[weighting.name]
    return score * both / (both + weighting.shrinkage)
