import numpy as np

from model.library.lists import Lists
from model.library.word_building import index_arrays, index_words, transposed


def test_words_ascend_and_list_the_names_that_hold_them() -> None:
    index = index_words(["no surprises", "creep", "no no creep"])
    assert list(index.words) == ["creep", "no", "surprises"]
    assert [index.holders[word].tolist() for word in range(3)] == [[1, 2], [0, 2], [0]]
    # Held once, however often a name says it.
    assert [sorted(index.held[name].tolist()) for name in range(3)] == [[1, 2], [0], [0, 1]]


def test_runs_of_letters_list_the_words_that_hold_them() -> None:
    index = index_words(["ab ac"])
    # With two borders before and one behind: ··a ·ab ab· and ··a ·ac ac·, so that five differ.
    assert len(index.grams) == 5
    assert np.all(np.diff(index.grams) > 0)
    lists = [index.gram_words[gram].tolist() for gram in range(5)]
    assert lists == [[0, 1], [0], [1], [0], [1]]


def test_lists_are_turned_into_those_that_hold_each_number() -> None:
    lists = Lists(np.array([0, 2, 2, 3]), np.array([3, 1, 3], dtype=np.int32))
    turned = transposed(lists, 5)
    assert turned.indptr.tolist() == [0, 0, 1, 1, 3, 3]
    assert turned.values.tolist() == [0, 0, 2]


def test_the_files_of_an_index_are_named_after_it() -> None:
    arrays = index_arrays(index_words(["creep"]), "songs")
    assert bytes(arrays["songs_words_letters"]) == b"creep"
    assert arrays["songs_holders_indptr"].tolist() == [0, 1]
    assert len(arrays["songs_grams"]) == len("creep") + 1
