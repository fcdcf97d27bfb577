import numpy as np

from model.library.songs import Library
from model.making.diversity import SAME_ARTIST, drawn, likeness, spread_out
from model.making.sparse import Scored


def test_likeness_is_the_cosine_of_playlists_or_that_of_one_artist(library: Library) -> None:
    alike = likeness(library, np.array([0, 2, 4]))
    # 0 and 2 are by one artist, 0 and 4 share 1 playlist: 1 / sqrt(4 * 2), shrunk to a sixth.
    np.testing.assert_allclose(alike[0], [0, SAME_ARTIST, 0.35355 / 6], atol=1e-4)
    np.testing.assert_array_equal(alike, alike.T)


def test_without_diversity_scores_alone_count() -> None:
    picked = spread_out(np.array([0.2, 0.9, 0.9]), np.ones((3, 3)), n=2, diversity=0.0)
    assert picked.tolist() == [1, 2]


def test_diversity_alone_takes_what_is_unlike() -> None:
    alike = np.array([[0, 0.1, 0.9], [0.1, 0, 0.5], [0.9, 0.5, 0]])
    # First the lowest place; then the least like 0; then what is left.
    assert spread_out(np.array([1.0, 0.5, 0.9]), alike, n=3, diversity=1.0).tolist() == [0, 1, 2]


def test_draws_favour_high_scores() -> None:
    found = Scored(np.arange(2), np.array([0.5, 1.0]))
    firsts = [int(drawn(found, seed).ranked()[0]) for seed in range(400)]
    # The odds are 1 to 2^3: 8 / 9 of 400 are 356, with a standard deviation of 6.3.
    assert 330 < sum(firsts) < 380
