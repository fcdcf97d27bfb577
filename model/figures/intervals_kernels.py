"""Sums over rows drawn again and again: compiled, without checks."""

from model.compiling import compiled
from model.ragged import FloatArray, IntArray


@compiled
def sum_rows(rows: IntArray, values: FloatArray, sums: FloatArray) -> None:
    """Add the rows with these numbers to the sums of the columns, in this order.

    A product of matrices would do, but its last digits depend on the library and its threads.
    """
    for row in rows:
        for column in range(len(sums)):
            sums[column] += values[row, column]
