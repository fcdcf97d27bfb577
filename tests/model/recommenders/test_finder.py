from dataclasses import dataclass, field

import numpy as np
import pytest

from model.errors import InputError
from model.ragged import Ragged
from model.recommenders.backoff import Backoff
from model.recommenders.finder import Finder
from model.recommenders.spreading import Weighted


@dataclass(slots=True)
class Knowing(Finder):
    """Knows song 3 for every playlist with a title, and notes what it is asked."""

    asked: list = field(default_factory=list)
    _backoff: Backoff = field(default_factory=lambda: Backoff(np.array([0, 1, 2, 3]), 5))

    def find(self, seeds, titles, limits):
        self.asked.append((titles, limits.tolist()))
        lists = Ragged.of([[3] if title else [] for title in titles])
        return Weighted.of(lists, np.full(len(lists.values), 0.5), 5)


def test_the_most_popular_songs_that_are_left_follow_what_is_found():
    songs, scores = Knowing().recommend(Ragged.of([[1], [0]]), n=3, title=["rain", None])
    assert [songs[row].tolist() for row in range(2)] == [[3, 0, 2], [1, 2, 3]]
    assert scores.tolist() == [0.5, 0, 0, 0, 0, 0]


def test_who_finds_is_given_titles_without_gaps_and_no_limit_above_the_songs_there_are():
    knowing = Knowing()
    knowing.recommend(Ragged.of([[], []]), n=np.array([2, 9]), title=["a", None])
    knowing.recommend(Ragged.of([[]]), n=1)
    assert knowing.asked == [(["a", ""], [2, 4]), ([""], [1])]


def test_a_song_of_no_catalogue_is_refused_before_anything_is_looked_for():
    knowing = Knowing()
    with pytest.raises(InputError, match="seed 5: expected the number of a song, from 0 to 4"):
        knowing.recommend(Ragged.of([[5]]), n=1)
    assert knowing.asked == []
