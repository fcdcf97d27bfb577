"""Runs a job against the emulator's faults to its end, in a process where time passes quickly.

Requests go over HTTP on loopback, rows into SQLite. Where the job is put off, its time is let come
and it is started again.
"""

import asyncio
import os
import shutil
import signal
import sqlite3
import tempfile
import time
import zlib
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import msgspec

from harvest.config import LastfmSettings, Secret, SpotifySettings
from harvest.database.opening import Database
from harvest.emulator.catalogue import noise
from harvest.emulator.catalogue.dataset import write_mpd
from harvest.emulator.catalogue.library import load_library
from harvest.emulator.catalogue.recordings import lookup_key
from harvest.emulator.server import Emulator
from harvest.errors import HarvestError
from harvest.jobs.gathering import run_lastfm, run_reccobeats, run_spotify
from harvest.jobs.running import JobOptions
from harvest.sources.mpd import ingest
from harvest.verifying.job import verify
from tests.end_to_end import quick_time
from tests.harvest.fakes import QuietProgress

N_TRACKS = 48  # in batches of three 16 requests: each fault that waits for a fifteenth strikes
BATCH = 3
MOST_STARTS = 10
PATIENCE_S = 600.0
OPTIONS = JobOptions(rate=1000)

# Where tracks of the catalogue stand that a service does not know, or cannot bear.
UNKNOWN = (7, 20, 31)
POISONED = (0, 1, 16, 40)

_NOTE_CHARGES = """
    CREATE TABLE charge (spotify_id TEXT, attempts INTEGER, error TEXT);
    CREATE TRIGGER note_charge AFTER UPDATE ON task WHEN new.attempts > old.attempts
    BEGIN INSERT INTO charge VALUES (new.spotify_id, new.attempts, new.error); END;
"""
_FORGET_CHARGES = "DROP TRIGGER note_charge; DROP TABLE charge;"
_ROW_TABLES = ("audio_features", "lastfm_track", "lastfm_tag", "lastfm_similar")


@dataclass(frozen=True, slots=True)
class Combination:
    """A job, and the fault profiles that it meets, each with its number."""

    job: str
    faults: tuple[tuple[str, float], ...] = ()

    def __str__(self):
        return f"{self.job}: {self.names or 'no fault'}"

    @property
    def names(self):
        return ",".join(f"{name}={number:g}" for name, number in self.faults)

    def has(self, *names):
        return any(name in names for name, _ in self.faults)


@dataclass(frozen=True, slots=True)
class End:
    """How one start of a job ended: exit code, words, seconds to wait yet, tasks by id."""

    exit_code: int
    words: str
    wait_s: float
    tasks: dict


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a combination came to.

    Attributes
    ----------
    ends : list of End
        One a start.
    rows : set of tuple
        All that is stored, table by table, without the time.
    charges : list of (spotify_id, attempts, error)
        Every attempt that was charged, in order.
    struck : dict of str to int
        How often a passing fault struck a request, by what was asked for.
    faults : dict of str to int
        How often each profile struck.
    broken : list of str
        What `harvest verify` has to say.
    seconds : float
        Real ones.
    """

    ends: list
    rows: set
    charges: list
    struck: dict
    faults: dict
    broken: list
    seconds: float


def make_tables(folder):
    """Write the tables of a small catalogue; return its tracks as (id, artist, title), in order."""
    write_mpd(folder / "whole", n_playlists=40)
    (slice_,) = (folder / "whole").rglob("*.json")
    whole = msgspec.json.decode(slice_.read_bytes())
    entries = [entry for playlist in whole["playlists"] for entry in playlist["tracks"]]
    one_each = {lookup_key(e["artist_name"], e["track_name"]): e for e in entries}
    # The poison of the first is a 500, that of the second a 400.
    chosen = sorted(one_each.values(), key=lambda entry: _is_bad_request(_id_of(entry)))
    chosen = chosen[: N_TRACKS // 2] + chosen[-N_TRACKS // 2 :]
    chosen[1], chosen[-1] = chosen[-1], chosen[1]
    playlist = {**whole["playlists"][0], "tracks": [{**e, "pos": i} for i, e in enumerate(chosen)]}
    (folder / "cut").mkdir()
    path = folder / "cut" / slice_.name
    path.write_bytes(msgspec.json.encode({**whole, "playlists": [playlist]}))
    ingest(path, folder / "tables", workers=1)
    return [(_id_of(entry), entry["artist_name"], entry["track_name"]) for entry in chosen]


def run(combination, tables):
    """Run `combination` on a copy of `tables`, in a process of quick time; return its `Outcome`."""
    began_at, seed = time.perf_counter(), zlib.crc32(str(combination).encode())
    library = _known(load_library(tables=tables, plain_share=0))
    poison = [library.ids[i] for i in POISONED] if combination.has("poison-id") else ()
    faults = [f"{name}={number}" for name, number in combination.faults if name != "poison-id"]
    emulator = Emulator(library, faults=faults, seed=seed, poison_ids=poison)
    with tempfile.TemporaryDirectory() as folder, _serving(emulator) as urls:
        state = Path(folder)
        shutil.copytree(tables, state / "tables")
        Database.open(state).close()
        _script(state, _NOTE_CHARGES)
        ends = list(_starts(combination, state, urls))
        charges = _rows(state, "SELECT * FROM charge")
        _script(state, _FORGET_CHARGES)
        return Outcome(
            ends=ends,
            rows=_stored(state),
            charges=charges,
            struck=dict(emulator._faults._strikes),
            faults=dict(emulator.stats.faults),
            broken=[finding.check for finding in verify(state).failed],
            seconds=time.perf_counter() - began_at,
        )


def _id_of(entry):
    return entry["track_uri"].removeprefix("spotify:track:")


def _is_bad_request(spotify_id):
    return noise.key(spotify_id) % 2


def _known(library):
    for i in UNKNOWN:
        del library.features[library.ids[i]]
        artist = library.artist_names[library.artist_of[i]]
        del library.row_of[lookup_key(artist, library.titles[i])]
    return library


@contextmanager
def _serving(emulator):
    """Run `emulator` in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    try:
        yield asyncio.run_coroutine_threadsafe(emulator.__aenter__(), loop).result()
    finally:
        asyncio.run_coroutine_threadsafe(emulator.__aexit__(None, None, None), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def _starts(combination, state, urls):
    """Start the job until it is not put off any more."""
    for _ in range(MOST_STARTS):
        exit_code, error = _start(combination.job, state, urls)
        not_before = getattr(error, "not_before", None)
        wait_s = not_before.timestamp() - time.time() if not_before else 0.0
        yield End(exit_code, str(error or ""), wait_s, _tasks(state))
        if exit_code != 75:
            return
        quick_time.skip(max(wait_s, 0.0) + 0.1)


def _start(job, state, urls):
    """Start `job` once; return its exit code and the error that ended it."""
    with _interrupted_after(PATIENCE_S):
        try:
            error = _JOBS[job](state, urls).ended_by
        except HarvestError as caught:
            error = caught
    return (error.exit_code if error else 0), error


@contextmanager
def _interrupted_after(seconds):
    """Send SIGTERM to whatever takes longer; these are real seconds."""
    signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _spotify(state, urls, *, batch):
    settings = SpotifySettings(
        urls["spotify_api_url"], urls["spotify_token_url"], "made-up", Secret("made-up")
    )
    return run_spotify(state, settings, OPTIONS, progress=QuietProgress(), batch=batch)


def _reccobeats(state, urls):
    url = urls["reccobeats_api_url"]
    return run_reccobeats(state, url, OPTIONS, progress=QuietProgress(), batch=BATCH)


def _lastfm(state, urls):
    settings = LastfmSettings(urls["lastfm_api_url"], Secret("made-up"), Secret(""))
    return run_lastfm(state, settings, OPTIONS, progress=QuietProgress())


_JOBS = {
    "spotify": lambda state, urls: _spotify(state, urls, batch=BATCH),
    "spotify one by one": lambda state, urls: _spotify(state, urls, batch=1),
    "reccobeats": _reccobeats,
    "lastfm": _lastfm,
}


def _script(state, script):
    with closing(sqlite3.connect(state / "harvest.db")) as db:
        db.executescript(script)


def _rows(state, query):
    with closing(sqlite3.connect(state / "harvest.db")) as db:
        return db.execute(query).fetchall()


def _tasks(state):
    """State, attempts and error of each task, by id."""
    return {
        row[0]: row[1:]
        for row in _rows(state, "SELECT spotify_id, state, attempts, error FROM task")
    }


def _stored(state):
    stored = set()
    for table in _ROW_TABLES:
        names = [row[1] for row in _rows(state, f"PRAGMA table_info({table})")]
        columns = ", ".join(name for name in names if name != "fetched_at")
        stored |= {(table, *row) for row in _rows(state, f"SELECT {columns} FROM {table}")}
    return stored
