"""Expected figures are worked out from the table of `small_state`."""

from math import log, sqrt

import numpy as np
import pytest

from model.library.songs import Library
from model.making import scores
from model.making.sparse import Scored
from model.making.wish import Wish

NOTHING = np.empty(0, dtype=np.int64)


def by_number(found: Scored) -> dict[int, float]:
    return dict(zip(found.numbers.tolist(), found.scores.tolist(), strict=True))


def test_playlists_that_hold_a_rare_seed_among_few_songs_are_most_similar(
    library: Library,
) -> None:
    # Six playlists; four hold each of songs 0 and 1, two each of songs 2 and 4.
    often, rare = log(1 + 6 / 4), log(1 + 6 / 2)
    found = scores.similar_playlists(library, np.array([4]))
    assert by_number(found) == pytest.approx(
        {
            1: rare**2 / sqrt(sqrt(2 * often**2 + rare**2)),
            2: rare**2 / sqrt(sqrt(often**2 + 2 * rare**2)),
        }
    )
    assert by_number(scores.similar_playlists(library, NOTHING)) == {}


def test_songs_have_the_sum_of_their_playlists(library: Library) -> None:
    found = scores.songs_of(library, Scored(np.array([1, 2]), np.array([2.0, 3.0])))
    assert by_number(found) == {0: 2.0, 1: 5.0, 2: 3.0, 4: 5.0}


def test_playlists_are_named_by_all_words_in_any_case_most_followers_first(
    library: Library,
) -> None:
    assert scores.named_playlists(library, "ROAD trip").tolist() == [2, 1]
    assert scores.named_playlists(library, "chill").tolist() == [0, 4]
    assert scores.named_playlists(library, "road chill").tolist() == []
    assert by_number(scores.songs_named(library, np.array([2, 1]))) == {0: 1, 1: 2, 2: 1, 4: 2}


def test_popular_songs_are_those_that_playlists_hold(library: Library) -> None:
    assert by_number(scores.popular_songs(library, 3)) == {0: 4, 1: 4, 2: 2}
    assert 8 not in by_number(scores.popular_songs(library, 9))


def test_a_blend_gives_a_title_a_tenth_of_the_songs(library: Library) -> None:
    # Playlist 3 alone holds song 6, with songs 0 and 3.
    near = scores.similar_playlists(library, np.array([6]))
    wish = Wish((6,), title="road trip", share=0.0)
    found = scores.score(library, wish, near, np.array([2, 1]))
    expected = {0: 1 + 0.05, 1: 0.1, 2: 0.05, 3: 1.0, 4: 0.1, 6: 1.0}
    assert by_number(found) == pytest.approx(expected)


def test_popularity_is_favoured_or_disfavoured_by_its_power() -> None:
    found = Scored(np.array([3, 4]), np.array([1.0, 2.0]))
    assert scores.tilted(found, np.array([0, 3]), -0.5).scores.tolist() == [2.0, 2.0]
    assert scores.tilted(found, np.array([0, 3]), 0.0) is found
