import pytest

from model.comparison.figures import METRICS as COMPARED
from model.errors import InputError
from model.evaluate import METRICS
from model.figures.directions import (
    HIGHER_IS_BETTER,
    LABELS,
    arrow,
    heading,
    known_metric,
    row_label,
)


def test_every_figure_of_an_evaluation_has_a_name_and_a_direction() -> None:
    assert set(LABELS) == {*METRICS, *COMPARED}
    assert set(LABELS) > HIGHER_IS_BETTER
    assert all(row_label(name).strip() for name in METRICS)


def test_of_what_is_compared_more_is_better_but_for_clicks() -> None:
    assert [arrow(name) for name in COMPARED] == ["↑", "↑", "↑", "↓", "↑"]
    assert [heading(name).splitlines() for name in COMPARED] == [
        ["R-prec. ↑", "+ artists"],
        ["R-prec. ↑", "tracks"],
        ["NDCG ↑"],
        ["clicks ↓"],
        ["recall ↑", "at 500"],
    ]


def test_unknown_figures_are_refused_with_those_that_there_are() -> None:
    with pytest.raises(InputError, match=r"'f1' is none of the holdout protocol's: diff, "):
        known_metric("f1", "holdout")
    # The study's protocol knows one regression alone.
    assert known_metric("diff_raw", "holdout") == "diff_raw"
    with pytest.raises(InputError, match="diff_raw"):
        known_metric("diff_raw", "published")
    with pytest.raises(InputError, match="r_precision_tracks"):  # A figure of the challenge alone.
        known_metric("r_precision_tracks", "holdout")
