"""Every figure by a case worked out by hand, under both definitions."""

from math import log2

import numpy as np
import pytest
from sklearn.metrics import ndcg_score

from model.challenge.definitions import DEFINITIONS, Definition
from tests.model.challenge import reference_figures as figures
from tests.model.reference_figures import clicks

NONE = np.empty(0, dtype=np.int64)

# Songs 0 … 9; artists 0 (songs 0 1 2), 1 (3 4 5), 2 (6 7), 3 (8), unknown (9).
ARTISTS = np.array([0, 0, 0, 1, 1, 1, 2, 2, 3, -1])


@pytest.mark.parametrize(
    ("recommended", "truth", "rules", "code"),
    [
        # R = 4. Hit 0; misses 1 (artist 0), 4 and 5 (artist 1). Rules: artists 0 and 1.
        # Code: artist 0 by the miss 1, though song 0 is a hit; artist 1 once: the same.
        ([1, 4, 5, 0], [0, 3, 6, 2], (1 + 0.5) / 4, (1 + 0.5) / 4),
        # Hits alone: their artists count by the rules, beyond 1, and never by the code.
        ([0, 3], [0, 3], (2 + 0.5) / 2, 1.0),
        # Two hits by one artist: credited once.
        ([0, 1], [0, 1], (2 + 0.25) / 2, 1.0),
        # The song of the right artist comes at place 3 of R = 2: too late for either.
        ([8, 9, 1], [0, 3], 0.0, 0.0),
        # An artist that is not in the truth earns nothing, nor does an unknown one.
        ([8, 9], [0, 9], (1 + 0.0) / 2, 0.5),
        # R counts different songs: 2, so that the miss 2 at place 3 is too late.
        ([0, 8, 2], [0, 3, 3, 0], (1 + 0.25) / 2, 0.5),
        # Fewer songs than R are divided by R all the same.
        ([0], [0, 3, 6, 8], (1 + 0.25) / 4, 0.25),
        ([], [0], 0.0, 0.0),
    ],
)
def test_r_precision_credits_artists_as_each_definition_says(
    recommended: list[int], truth: list[int], rules: float, code: float
) -> None:
    listed, hidden = np.array(recommended, dtype=np.int64), np.array(truth)
    found = [
        figures.r_precision(listed, hidden, ARTISTS, definition=one) for one in ("rules", "code")
    ]
    assert found == pytest.approx([rules, code])


@pytest.mark.parametrize(
    ("recommended", "truth", "expected"),
    [([1, 4, 5, 0], [0, 3, 6, 2], 0.25), ([8, 0], [0], 0.0), ([0, 0, 3], [0, 3], 0.5)],
)
def test_r_precision_of_tracks_credits_no_artist(
    recommended: list[int], truth: list[int], expected: float
) -> None:
    found = figures.r_precision_tracks(np.array(recommended), np.array(truth))
    assert found == expected


@pytest.mark.parametrize(
    ("recommended", "truth", "rules", "code"),
    [
        # The best list there is.
        ([0, 1, 2], [2, 1, 0], 1.0, 1.0),
        # One hit of three to find, in front: the rules compare with that one hit alone.
        ([0, 8, 9], [0, 1, 2], 1.0, 1 / (1 + 1 / log2(3) + 1 / log2(4))),
        # Places 1 and 2 gain the same by the rules: 1 and 1 / log2 2.
        ([8, 0], [0], 1.0, 1 / log2(3)),
        # A hit at place 5 alone.
        ([5, 6, 7, 8, 0], [0, 1], 1 / log2(5), (1 / log2(6)) / (1 + 1 / log2(3))),
        ([8, 9], [0], 0.0, 0.0),
        # A second mention takes up no place: song 1 counts at place 2.
        ([8, 8, 1], [1], 1.0, 1 / log2(3)),
    ],
)
def test_ndcg_is_discounted_as_each_definition_says(
    recommended: list[int], truth: list[int], rules: float, code: float
) -> None:
    listed, hidden = np.array(recommended), np.array(truth)
    found = [figures.ndcg(listed, hidden, definition=one) for one in ("rules", "code")]
    assert found == pytest.approx([rules, code])


def test_ndcg_of_the_code_is_that_of_another_library() -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        listed, hidden = rng.permutation(700), rng.choice(700, 30, replace=False)
        relevance = np.isin(listed, hidden).astype(float)
        expected = ndcg_score([relevance], [np.arange(700, 0, -1)], k=500)
        found = figures.ndcg(listed, hidden, definition="code")
        assert found == pytest.approx(expected)


def test_the_ideal_list_is_500_songs_long_where_more_are_hidden() -> None:
    # 600 hidden, all 500 places are hits: nothing could be better.
    assert figures.ndcg(np.arange(500), np.arange(600), definition="code") == pytest.approx(1)
    assert figures.r_precision_tracks(np.arange(600), np.arange(600)) == 500 / 600


@pytest.mark.parametrize(("place", "expected"), [(1, 0), (10, 0), (11, 1), (500, 49), (501, 51)])
def test_clicks_are_refreshes_of_ten_songs(place: int, expected: int) -> None:
    listed = np.arange(1, 601)
    assert clicks(listed, np.array([place])) == expected


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_an_empty_truth_gives_nan(definition: Definition) -> None:
    listed = np.array([1, 2])
    assert np.isnan(figures.r_precision(listed, NONE, ARTISTS, definition=definition))
    assert np.isnan(figures.r_precision_tracks(listed, NONE))
    assert np.isnan(figures.ndcg(listed, NONE, definition=definition))
    assert np.isnan(clicks(listed, NONE))


def test_an_empty_list_finds_nothing() -> None:
    assert figures.ndcg(NONE, np.array([1]), definition="rules") == 0
    assert figures.ndcg(NONE, np.array([1]), definition="code") == 0
    assert clicks(NONE, np.array([1])) == 51
