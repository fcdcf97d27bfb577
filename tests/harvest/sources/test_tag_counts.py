import pyarrow as pa
import pytest

from harvest.sources import tag_counts
from harvest.sources.tag_counts import TagCounts


@pytest.mark.parametrize("pending", [0, 2**19])
def test_counts_of_chunks_are_summed_most_frequent_first_and_then_by_name(pending, monkeypatch):
    monkeypatch.setattr(tag_counts, "_MOST_PENDING", pending)
    counts = TagCounts()
    for tags in (["b", "a", "", ""], ["c", "c", ""], ["b"]):
        counts.add(pa.chunked_array([tags]))
    assert counts.top(3) == [("b", 2), ("c", 2), ("a", 1)]
    assert counts.top(1) == [("b", 2)]


def test_of_nothing_nothing_is_frequent():
    assert TagCounts().top(5) == []
