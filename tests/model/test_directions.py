import pytest

from model.directions import HIGHER_IS_BETTER, LABELS, known_metric
from model.errors import InputError
from model.evaluate import METRICS


def test_every_figure_of_an_evaluation_has_a_name_and_a_direction() -> None:
    assert set(LABELS) == set(METRICS)
    assert set(METRICS) > HIGHER_IS_BETTER


def test_unknown_figures_are_refused_with_those_that_there_are() -> None:
    with pytest.raises(InputError, match=r"'f1' is none of the holdout protocol's: diff, "):
        known_metric("f1", "holdout")
    # The study's protocol knows one regression alone.
    assert known_metric("diff_raw", "holdout") == "diff_raw"
    with pytest.raises(InputError, match="diff_raw"):
        known_metric("diff_raw", "published")
