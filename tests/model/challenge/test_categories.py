import pytest

from model.challenge.categories import CATEGORIES, OTHER, category_of


def test_the_ten_categories_are_those_of_the_challenge() -> None:
    given = [(one.n_seeds, one.has_title, one.is_random) for one in CATEGORIES]
    assert [one.number for one in CATEGORIES] == list(range(1, 11))
    assert given == [
        (0, True, False),
        (1, True, False),
        (5, True, False),
        (5, False, False),
        (10, True, False),
        (10, False, False),
        (25, True, False),
        (25, True, True),
        (100, True, False),
        (100, True, True),
    ]


@pytest.mark.parametrize(
    ("positions", "has_title", "number"),
    [
        ([], True, 1),
        ([0], True, 2),
        (range(5), True, 3),
        (range(5), False, 4),
        (range(25), True, 7),
        (range(1, 26), True, 8),
        (range(0, 200, 2), True, 10),
        ([], False, OTHER),
        ([3], True, OTHER),
        (range(25), False, OTHER),
    ],
)
def test_a_category_is_told_by_places_and_title(
    positions: list[int], has_title: bool, number: int
) -> None:
    assert category_of(positions, has_title=has_title) == number
