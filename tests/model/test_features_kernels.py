import numpy as np

from model.features_kernels import aggregate_lists

SONGS = np.array([[1.0, -5.0], [2.0, -9.0], [6.0, -7.0]])
INDPTR, VALUES = np.array([0, 3, 3, 5]), np.array([0, 1, 2, 1, 1], dtype=np.int32)


def test_the_first_columns_are_averaged_and_the_others_are_maxima() -> None:
    features = np.full((3, 2), np.nan)
    aggregate_lists(INDPTR, VALUES, SONGS, 1, features)
    # (1 + 2 + 6) / 3 = 3 and max(-5, -9, -7); none; (2 + 2) / 2 and -9.
    assert features[[0, 2]].tolist() == [[3, -5], [2, -9]]
    assert np.isnan(features[1]).all()


def test_small_numbers_are_added_up_as_large_ones() -> None:
    # In 32 bits, 2^24 + 1 is 2^24.
    songs = np.array([[2.0**24], [1.0]], dtype=np.float32)
    features = np.empty((1, 1))
    aggregate_lists(np.array([0, 3]), np.array([0, 1, 1]), songs, 1, features)
    assert features[0, 0] == (2.0**24 + 2) / 3
