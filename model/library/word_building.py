"""Names -> the arrays of an index of their words."""

from array import array
from collections.abc import Iterable

import numpy as np
from scipy.sparse import csr_array

from model.library.lists import Lists, Numbers
from model.library.texts import Texts
from model.library.words import WordIndex, word_grams


def index_words(names: Iterable[str]) -> WordIndex:
    """Index folded names, in order of rank.

    Parameters
    ----------
    names : iterable of str
        Words parted by spaces; taken one at a time.

    Examples
    --------
    >>> index = index_words(["creep radiohead", "creeping in", "no surprises radiohead"])
    >>> index.find(["radiohead"], n=9).tolist(), index.find(["cree"], n=9, is_open=True).tolist()
    ([0, 2], [0, 1])
    >>> [index.words[word] for word in index.near("radiohed", n=1)]
    ['radiohead']
    """
    numbers: dict[str, int] = {}
    values, ends = array("i"), array("q", [0])
    for name in names:
        values.extend({numbers.setdefault(word, len(numbers)) for word in name.split()})
        ends.append(len(values))
    words = sorted(numbers, key=lambda word: word.encode("utf-8", errors="replace"))
    place = np.empty(len(words), dtype=np.int32)
    place[[numbers[word] for word in words]] = np.arange(len(words), dtype=np.int32)
    held = Lists(np.array(ends, dtype=np.int64), place[np.array(values, dtype=np.int32)])
    grams, gram_words = _index_grams(words)
    return WordIndex(Texts.of(words), transposed(held, len(words)), held, grams, gram_words)


def index_arrays(index: WordIndex, name: str) -> dict[str, np.ndarray]:
    """Name an index's arrays as they are kept in files."""
    return {
        **index.words.arrays(f"{name}_words"),
        **index.holders.arrays(f"{name}_holders"),
        **index.held.arrays(f"{name}_held"),
        f"{name}_grams": index.grams,
        **index.gram_words.arrays(f"{name}_gram_words"),
    }


def transposed(lists: Lists, n_numbers: int) -> Lists:
    """Turn lists of different numbers into the lists that hold each number, ascending."""
    ones = np.ones(len(lists.values), dtype=np.bool_)
    made = csr_array((ones, lists.values, lists.indptr), shape=(len(lists), n_numbers))
    turned = csr_array(made.T.tocsr())
    return Lists(turned.indptr.astype(np.int64), turned.indices.astype(np.int32, copy=False))


def _index_grams(words: list[str]) -> tuple[Numbers, Lists]:
    codes = [word_grams(word) for word in words]
    lengths = np.array([len(one) for one in codes], dtype=np.int64)
    owners = np.repeat(np.arange(len(words), dtype=np.int32), lengths)
    flat = np.concatenate(codes) if codes else np.empty(0, dtype=np.int64)
    order = np.argsort(flat, kind="stable")
    grams, starts = np.unique(flat[order], return_index=True)
    return grams, Lists(np.append(starts, len(flat)).astype(np.int64), owners[order])
