"""How often each tag occurs, over many chunks."""

import pyarrow as pa

_NAMES = ["tag", "n"]
_MOST_PENDING = 2**19


class TagCounts:
    """Counts tags without an object for each.

    Notes
    -----
    Stays in memory: every distinct tag with its count.

    Examples
    --------
    >>> counts = TagCounts()
    >>> counts.add(pa.chunked_array([["b", "a", "c", ""]]))
    >>> counts.add(pa.chunked_array([["c", "", ""]]))
    >>> counts.top(2)
    [('c', 2), ('a', 1)]
    """

    def __init__(self) -> None:
        self._sums = _table(pa.array([], pa.string()), pa.array([], pa.int64()))
        self._pending: list[pa.Table] = []
        self._n_pending = 0

    def add(self, tags: pa.ChunkedArray) -> None:
        """Count each of these."""
        self._pending.append(_table(*tags.value_counts().flatten()))
        self._n_pending += self._pending[-1].num_rows
        if self._n_pending > _MOST_PENDING:
            self._sum()

    def top(self, n: int) -> list[tuple[str, int]]:
        """Return the most frequent tags that are not empty, with their counts; equal ones by name.

        Parameters
        ----------
        n : int
            How many, if there are so many.
        """
        self._sum()
        ordered = self._sums.sort_by([("n", "descending"), ("tag", "ascending")])
        rows = ordered.slice(0, n + 1).to_pylist()
        return [(row["tag"], row["n"]) for row in rows if row["tag"]][:n]

    def _sum(self) -> None:
        everything = pa.concat_tables([self._sums, *self._pending])
        summed = everything.group_by("tag", use_threads=False).aggregate([("n", "sum")])
        self._sums = summed.select(["tag", "n_sum"]).rename_columns(_NAMES)
        self._pending, self._n_pending = [], 0


def _table(tags: pa.Array, counts: pa.Array) -> pa.Table:
    return pa.table([tags, counts], names=_NAMES)
