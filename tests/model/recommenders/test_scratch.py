import threading

import numpy as np

from model.recommenders.scratch import zeros


def test_a_thread_is_given_the_same_memory_again_for_the_same_use():
    first = zeros("one", 100, np.int32)
    assert np.shares_memory(first, zeros("one", 40, np.int32))
    assert not np.shares_memory(first, zeros("other", 100, np.int32))


def test_more_than_there_is_is_made_anew():
    zeros("growing", 3, np.float64)
    assert zeros("growing", 9, np.float64).tolist() == [0.0] * 9


def test_no_other_thread_is_given_that_memory():
    given = []

    def ask():
        given.append(zeros("one", 100, np.int32))

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert not np.shares_memory(zeros("one", 100, np.int32), given[0])
