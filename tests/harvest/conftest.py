import pytest

from harvest.store import Store
from tests.harvest.fakes import ID, FakeClock, QuietProgress


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def progress():
    return QuietProgress()


@pytest.fixture
def store(tmp_path):
    """An open store with ten tracks to ask Spotify for."""
    with Store.open(tmp_path / "state") as store:
        rows = [(ID(i), f"artist {i}", f"title {i}") for i in range(10)]
        store.add_tasks("spotify", [rows], fingerprint="ten tracks")
        yield store
