import pytest

from harvest import terms
from harvest.errors import EXIT_POSTPONED


@pytest.mark.parametrize(("stored", "most"), [(0, None), (10**12, None), (0, 1), (99, 100)])
def test_there_is_room_below_the_limit_and_without_one(stored, most):
    assert terms.fullness("lastfm", stored, most) is None


@pytest.mark.parametrize("stored", [100, 101, 10**9])
def test_at_the_limit_a_job_is_put_off_and_told_how_to_go_on(stored):
    full = terms.fullness("lastfm", stored, 100)
    assert full.exit_code == EXIT_POSTPONED
    assert full.not_before is None  # no time brings room: nothing to wait for
    assert f"{stored:,} bytes" in str(full)
    assert "start again with a larger --max-bytes" in str(full)


def test_the_terms_are_named_with_their_number():
    assert "non-commercial" in terms.LASTFM
    assert "100 MB" in terms.LASTFM
    assert terms.LASTFM_BYTES == 100 * 1000**2


@pytest.mark.parametrize(
    ("n_bytes", "text"),
    [(0, "0.0 MB"), (1, "0.1 MB"), (10**8, "100.0 MB"), (2 * 10**9, "2,000.0 MB")],
)
def test_sizes_are_rounded_up(n_bytes, text):
    assert terms.megabytes(n_bytes) == text
