import pytest
from msgspec.structs import astuple

from harvest.matching.job import match
from harvest.store import Store
from tests.harvest.fakes import ID, FakeClock, QuietProgress, record
from tests.harvest.named_state import write_state
from tests.harvest.sources.conftest import MpdFactory
from tests.harvest.sources.lists.conftest import Lists

_SETTLED = """
    UPDATE task SET state = 'done', provider = job WHERE seq < 6;
    UPDATE task SET parts = iif(job = 'spotify', 1, 7) WHERE seq < 6;
    UPDATE task SET state = 'missing', provider = job, error = 'nobody knows it' WHERE seq = 6;
    UPDATE task SET state = 'dead', provider = job, error = 'poison', attempts = 5 WHERE seq = 7;
    UPDATE task SET parts = 1 WHERE job = 'lastfm' AND seq IN (7, 8);
    INSERT INTO lastfm_track SELECT spotify_id, 'A', 'T', 2, 3, NULL, 'raw' FROM task
        WHERE job = 'lastfm' AND parts & 1;
    UPDATE job SET bytes = 492 WHERE job = 'lastfm';
"""
# Bytes: 8 tracks of 1 + 1 + 2 * 8; 6 times the tags, 10 + 8 and 4 + 8, and the similars, 1 + 5 + 8
# each, for é and ü are two bytes: 144 + 6 * (30 + 28) = 492.


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def progress():
    return QuietProgress()


@pytest.fixture
def lists(tmp_path):
    return Lists(tmp_path / "lists")


@pytest.fixture
def mpd(tmp_path):
    return MpdFactory(tmp_path)


@pytest.fixture
def state(tmp_path):
    """A folder that is not there yet."""
    return tmp_path / "state"


@pytest.fixture
def store(tmp_path):
    """An open store with ten tracks to ask Spotify for."""
    with Store.open(tmp_path / "state") as store:
        rows = [(ID(i), f"artist {i}", f"title {i}") for i in range(10)]
        store.add_tasks("spotify", [rows], fingerprint="ten tracks")
        yield store


@pytest.fixture
def gathered(store, tmp_path):
    """A closed state with something of everything, as the jobs leave it.

    Of ten tracks both jobs have 0 to 5, do not know 6, have given 7 up and wait for 8 and 9. Of 7
    and 8 last.fm's first part is there.
    """
    rows = [(ID(i), f"artist {i}", f"title {i}") for i in range(10)]
    store.add_tasks("lastfm", [rows], fingerprint="ten tracks")
    columns = astuple(record(""))[1:]
    with store.transaction() as db:
        for statement in _SETTLED.split(";"):
            db.execute(statement)
        for i in range(6):
            values = (i + 1, ID(i), *columns, "spotify", 1.5e9)
            db.execute(f"INSERT INTO audio_features VALUES ({'?, ' * 16}?)", values)
            names = [(ID(i), "rock, hard", 100), (ID(i), "=cmd", 7)]
            db.executemany("INSERT INTO lastfm_tag VALUES (?, ?, ?)", names)
            similar = [(ID(i), "B", 'a "B"', 0.1), (ID(i), "C", "é\nü", 1.0)]
            db.executemany("INSERT INTO lastfm_similar VALUES (?, ?, ?, ?)", similar)
    store.close()
    return tmp_path / "state"


@pytest.fixture
def matched(tmp_path):
    """A state of songs, tracks and matches, without a database."""
    state = write_state(tmp_path / "songs", [("A", "x"), ("B", "y")], [("A", "x")])
    match(state, workers=1)
    return state
