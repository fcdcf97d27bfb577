import pytest

from model.storage.summaries import check_summary


@pytest.mark.parametrize("summary", [{}, {"train": 1, "validation": 1}, {"train": None}])
def test_what_lacks_something_that_is_read_is_refused(summary: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        check_summary("split", summary)


def test_what_nobody_reads_may_be_anything() -> None:
    check_summary("followers", {})
    check_summary("clusters", {"sizes": {"train": [1, 2]}, "more": None})
