"""Whether hits come first, counted without putting anything in order: compiled, without checks."""

from model.compiling import compiled
from model.ragged import BoolArray, FloatArray, IntArray, SongArray


@compiled
def count_on_top(
    indptr: IntArray,
    numbers: SongArray,
    scores: FloatArray,
    hit: BoolArray,
    n_wanted: IntArray,
    counts: IntArray,
) -> None:
    """Count the hits among the best of each list; ties go to the lower number.

    Parameters
    ----------
    n_wanted : ndarray, shape (n_lists,)
        How many are the best.
    counts : ndarray, shape (n_lists,)
        What is written to.
    """
    for row in range(len(indptr) - 1):
        found = 0
        for line in range(indptr[row], indptr[row + 1]):
            if hit[line]:
                ahead = 0
                for other in range(indptr[row], indptr[row + 1]):
                    if scores[other] > scores[line] or (
                        scores[other] == scores[line] and numbers[other] < numbers[line]
                    ):
                        ahead += 1
                        if ahead == n_wanted[row]:
                            break
                found += ahead < n_wanted[row]
        counts[row] = found
