import numpy as np

from model.ragged import Ragged
from model.recommenders.base import Training
from model.recommenders.chance import Chance


def test_lists_are_distinct_of_the_length_asked_for_and_without_seeds(training: Training) -> None:
    seeds = Ragged.of([[0], [1, 2], [], [85]])
    songs, _ = Chance().fit(training).recommend(seeds, n=np.array([5, 70, 0, 79]))
    assert songs.lengths.tolist() == [5, 70, 0, 79]
    for row in range(4):
        assert len(set(songs[row].tolist())) == len(songs[row])
        assert not set(songs[row].tolist()) & set(seeds[row].tolist())


def test_only_songs_of_the_training_part_are_drawn(training: Training) -> None:
    songs, _ = Chance().fit(training).recommend(Ragged.of([[0]]), n=500)
    assert set(songs[0].tolist()) == set(training.playlists.values.tolist()) - {0}


def test_a_draw_depends_on_seed_and_state_and_on_nothing_else(training: Training) -> None:
    chance = Chance().fit(training)
    alone, _ = chance.recommend(Ragged.of([[4]]), n=10)
    among, _ = chance.recommend(Ragged.of([[3], [4]]), n=10)
    other, _ = Chance(1).fit(training).recommend(Ragged.of([[4]]), n=10)
    assert alone[0].tolist() == among[1].tolist() != other[0].tolist()
