"""The study's published means, held against the formulas they were made by."""

import pytest

from model.figures.study import STUDY_MEANS


@pytest.mark.parametrize("place", STUDY_MEANS)
def test_the_metric_is_the_second_metric_and_the_difference(place: tuple[str, int]) -> None:
    means = STUDY_MEANS[place]
    # Each of the three is rounded to two digits.
    assert means["metric"] == pytest.approx(means["metric2"] + means["diff"], abs=0.0151)


def test_the_test_part_was_published_for_two_numbers_of_clusters_only() -> None:
    numbers: dict[str, list[int]] = {}
    for part, k in STUDY_MEANS:
        numbers.setdefault(part, []).append(k)
    every = [2, 10, 50, 100]
    assert numbers == {"train": every, "validation": every, "test": [2, 10]}
    assert STUDY_MEANS["validation", 50]["match"] == 6.49
