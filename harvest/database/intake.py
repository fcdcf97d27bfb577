"""How tables become tasks: new ones, those of renamed tracks, and those that no table holds now."""

from collections.abc import Iterable, Sequence
from sqlite3 import Connection

from harvest.database import twins
from harvest.records import SPOTIFY_ID_GLOB

# What makes a task as if nothing had ever been asked for it; parts that it has stay.
AFRESH = "state = 'pending', attempts = 0, next_at = 0, error = NULL, provider = NULL"

# A track keeps the names by which last.fm was asked for what there is of it; and as long as last.fm
# has a task for it, its job alone takes up other names, for twins are told by them.
_ADD_TRACKS = """
    INSERT INTO track (spotify_id, artist, title) VALUES (:id, :artist, :title)
    ON CONFLICT (spotify_id) DO UPDATE SET artist = excluded.artist, title = excluded.title
    WHERE (track.artist, track.title) != (excluded.artist, excluded.title) AND NOT EXISTS (
        SELECT 1 FROM task t WHERE t.job = 'lastfm' AND t.track_id = track.track_id
        AND (:job != 'lastfm' OR t.parts != 0))
"""
# A track that has audio features already, from whatever provider, needs no request.
_ADD_TASK = """
    INSERT INTO task (job, track_id, spotify_id, seq, state, provider)
    SELECT :job, track.track_id, :id, :seq,
        CASE WHEN f.provider IS NULL THEN 'pending' ELSE 'done' END, f.provider
    FROM track LEFT JOIN audio_features f ON f.track_id = track.track_id AND :job = 'spotify'
    WHERE track.spotify_id = :id
    ON CONFLICT (job, track_id) DO UPDATE SET seq = excluded.seq
"""
_DROP_TASKS = """
    DELETE FROM task WHERE job = ? AND seq = -1 AND state = 'pending' AND parts = 0
    AND NOT (job = 'spotify' AND EXISTS (
        SELECT 1 FROM audio_features f WHERE f.track_id = task.track_id))
"""
_NOTE_NAMES = """
    CREATE TEMP TABLE asked AS
    SELECT track_id, artist, title FROM task JOIN track USING (track_id)
    WHERE job = 'lastfm' AND parts = 0 AND (state != 'pending' OR attempts > 0 OR form != 'raw')
"""
# What was said of other names says nothing of these.
_FORGET_ANSWERS = f"""
    UPDATE task SET {AFRESH}, form = 'raw' WHERE job = 'lastfm' AND track_id IN (
        SELECT track_id FROM asked a JOIN track k USING (track_id)
        WHERE (a.artist, a.title) != (k.artist, k.title))
"""
# An older program took from a search whatever stood there for an id.
_IMPOSSIBLE = f"SELECT spotify_id FROM spotify_track WHERE found_id NOT GLOB '{SPOTIFY_ID_GLOB}'"
_ASK_AGAIN = f"""
    UPDATE task SET {AFRESH}, parts = 0
    WHERE job IN ('names', 'ids') AND spotify_id IN ({_IMPOSSIBLE})
"""
_NOTE_TABLES = """
    INSERT INTO job (job, fingerprint) VALUES (?, ?)
    -- A track that comes back was perhaps not there when the provider was last changed.
    ON CONFLICT (job) DO UPDATE SET fingerprint = excluded.fingerprint, provider = NULL
"""

TrackRow = tuple[str, str, str]


def add_tasks(
    db: Connection, job: str, pages: Iterable[Sequence[TrackRow]], *, fingerprint: str
) -> None:
    """Make a task of `job` for every track in `pages`; see `Store.add_tasks`.

    Parameters
    ----------
    db : Connection
        In a transaction.
    """
    is_lastfm = job == twins.JOB
    if is_lastfm:
        db.execute("DROP TABLE IF EXISTS temp.asked")
        db.execute(_NOTE_NAMES)
    db.execute("UPDATE task SET seq = -1 WHERE job = ?", (job,))
    seq = 0
    for page in pages:
        rows = [
            {"job": job, "id": row[0], "artist": row[1], "title": row[2], "seq": seq + i}
            for i, row in enumerate(page)
        ]
        db.executemany(_ADD_TRACKS, rows)
        db.executemany(_ADD_TASK, rows)
        seq += len(page)
    if is_lastfm:
        db.execute(_FORGET_ANSWERS)
        db.execute("DROP TABLE temp.asked")
    db.execute(_DROP_TASKS, (job,))
    db.execute(_NOTE_TABLES, (job, fingerprint))
    if is_lastfm:
        twins.regroup(db)


def forget_impossible(db: Connection) -> int:
    """Drop what was found under ids that none of Spotify's can be, to be asked for again.

    Parameters
    ----------
    db : Connection
        In a transaction.

    Returns
    -------
    int
        Tracks.
    """
    if db.execute(f"{_IMPOSSIBLE} LIMIT 1").fetchone() is None:
        return 0
    db.execute(_ASK_AGAIN)
    return db.execute(f"DELETE FROM spotify_track WHERE spotify_id IN ({_IMPOSSIBLE})").rowcount
