import numpy as np
import pytest

from model.errors import InputError
from model.similarity.runs import cut_evenly


def test_runs_are_consecutive_and_of_about_equal_work() -> None:
    runs = cut_evenly(np.array([5, 1, 1, 1, 1, 1]), 2)
    assert runs == [(0, 1), (1, 6)]
    assert cut_evenly(np.array([3]), 3)[0][0] == 0
    assert cut_evenly(np.array([3]), 3)[-1][1] == 1


def test_less_than_one_shard_is_refused() -> None:
    with pytest.raises(InputError, match="0 shards"):
        cut_evenly(np.array([1]), 0)
