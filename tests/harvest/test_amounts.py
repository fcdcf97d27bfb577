import pytest

from harvest.amounts import amount


@pytest.mark.parametrize(
    ("n", "said"), [(0, "0 entries"), (1, "1 entry"), (2, "2 entries"), (1000, "1,000 entries")]
)
def test_one_alone_is_told_in_the_singular(n, said):
    assert amount(n, "entry", "entries") == said
