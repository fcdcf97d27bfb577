import pytest

from model.errors import InputError
from model.recommenders.registry import NAMES, REGISTRY, VARIANTS, make_recommender


def test_every_name_makes_a_new_recommender_each_time():
    for name in NAMES:
        one, other = make_recommender(name), make_recommender(name)
        assert type(one) is type(other)
        assert one is not other


def test_neighbours_take_a_weighting_behind_a_colon():
    for variant, weighting in VARIANTS.items():
        assert make_recommender(f"neighbours:{variant}").weighting == weighting


@pytest.mark.parametrize("name", ["", "spotify", "neighbours:", "titles:bm25", "neighbours:x"])
def test_an_unknown_name_is_told_which_there_are(name):
    with pytest.raises(InputError, match=r"there are popularity, .*neighbours:bm25"):
        make_recommender(name)


def test_each_is_described_in_one_line():
    assert all(entry.about and "\n" not in entry.about for entry in REGISTRY.values())
