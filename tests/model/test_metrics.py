import numpy as np
import pytest

from model import metrics


def test_the_studys_metrics_add_up() -> None:
    # 1/5 + 20 = 20.2; 20.2 + 3 = 23.2.
    matches, distances, differences = np.array([5.0]), np.array([20.0]), np.array([3.0])
    assert metrics.metric2(matches, distances).tolist() == pytest.approx([20.2])
    assert metrics.metric(matches, distances, differences).tolist() == pytest.approx([23.2])


def test_a_negative_prediction_counts_as_no_followers_in_the_log_ratio() -> None:
    # |log((1 + 0) / (1 + 1))| = log 2
    ratio = metrics.followers_log_ratio(np.array([1.0]), np.array([-5.0]))
    assert ratio.tolist() == pytest.approx([np.log(2)])
