import numpy as np

from harvest.sources.id_kernels import number_words


def test_each_id_has_the_number_of_its_first_appearance_over_several_runs():
    rng = np.random.default_rng(1)
    words = rng.integers(0, 20, size=(400, 2)).astype(np.uint64)
    keys, slots = np.zeros((400, 2), np.uint64), np.full(1024, -1, np.int32)
    numbers = np.empty(400, np.int32)
    known = number_words(words[:100], keys, slots, 0, numbers[:100])
    known = number_words(words[100:], keys, slots, known, numbers[100:])
    expected: dict[tuple[int, ...], int] = {}
    assert numbers.tolist() == [
        expected.setdefault(tuple(word), len(expected)) for word in words.tolist()
    ]
    assert known == len(expected)
    assert keys[:known].tolist() == [list(word) for word in expected]
