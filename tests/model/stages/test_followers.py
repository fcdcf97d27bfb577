import numpy as np
import pytest

from model.followers import FollowerRegression
from model.stages.corpus import open_corpus
from model.stages.followers import make_comparison, open_comparison, open_regression
from model.stages.materials import Materials
from model.stages.split import open_split
from model.stages.workspace import Workspace

Made = tuple[Workspace, Materials]


@pytest.mark.parametrize("log_target", [False, True])
def test_an_opened_regression_predicts_as_the_fitted_one(holdout: Made, log_target: bool) -> None:
    _, materials = holdout
    X, split = materials.features.array("features"), open_split(materials.split)
    followers = open_corpus(materials.corpus).num_followers.astype(float)
    fitted = FollowerRegression(log_target=log_target).fit(X[split.train], followers[split.train])
    opened = open_regression(materials.followers, log_target=log_target)
    np.testing.assert_array_equal(opened.predict(X), fitted.predict(X))


def test_all_models_are_compared_once(holdout: Made) -> None:
    workspace, m = holdout
    first = make_comparison(workspace, m.corpus, m.split, m.features)
    again = make_comparison(workspace, m.corpus, m.split, m.features)
    assert (first.is_new, again.is_new) == (True, False)
    comparison = open_comparison(again)
    assert {"median", "linear_raw", "linear_log"} <= set(comparison.scores["model"])
    assert comparison.calibration["n"].gt(0).all()
