import numpy as np
import pytest

from model.challenge.assigning import Pool, assign
from model.challenge.categories import CATEGORIES


def pool_of(lengths: list[int], titled: list[bool]) -> Pool:
    counts = np.array(lengths)
    return Pool(
        rows=np.arange(len(lengths)),
        lengths=counts,
        n_distinct=counts,
        is_titled=np.array(titled),
        categories=np.zeros(len(lengths), dtype=np.int64),
    )


def assigned(pool: Pool, quota: int) -> tuple[list[int], frozenset[int]]:
    """How many playlists each category has, and which lack titles."""
    lacking = assign(pool, CATEGORIES, quota, np.random.default_rng(0))
    return np.bincount(pool.categories, minlength=11)[1:].tolist(), lacking


@pytest.mark.parametrize(
    ("n_titled", "titled", "untitled"),
    [
        (0, 0, 35),
        (7, 0, 35),
        (20, 2, 35),  # eight categories give a title: two each
        (280, 35, 35),  # just enough: 70 without one for the two that give none
        (279, 34, 35),
        (340, 35, 35),  # ten without one, and what the others leave over is lent
        (350, 35, 35),
    ],
)
def test_categories_share_the_titles_that_there_are(
    n_titled: int, titled: int, untitled: int
) -> None:
    sizes, lacking = assigned(pool_of([200] * 350, [row < n_titled for row in range(350)]), 35)
    assert sizes == [titled if one.has_title else untitled for one in CATEGORIES]
    short = {one.number for one in CATEGORIES if one.has_title} if titled < 35 else set()
    assert lacking == short


def test_categories_without_a_title_leave_titled_playlists_to_the_others() -> None:
    pool = pool_of([200] * 350, [row < 280 for row in range(350)])
    assigned(pool, 35)
    assert np.isin(pool.categories[280:], [4, 6]).all()


def test_untitled_playlists_that_are_too_short_make_all_categories_smaller_alike() -> None:
    sizes, _ = assigned(pool_of([200] * 80 + [5] * 20, [row < 80 for row in range(100)]), 10)
    assert sizes == [8] * 10


def test_what_is_too_short_is_not_called_short_of_titles() -> None:
    sizes, lacking = assigned(pool_of([50] * 100, [True] * 100), 10)
    assert sizes == [10] * 8 + [0, 0]
    assert not lacking
