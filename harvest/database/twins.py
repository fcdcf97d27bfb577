"""Twins: tracks with the same raw artist and title, of which last.fm is asked but once.

The first of them in the order of work leads; the others follow it: `task.twin_of` names the leader,
and whatever becomes of its task, rows included, becomes of theirs in the same transaction. So twins
always stand alike, and a follower is never due by itself.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from sqlite3 import Connection

import msgspec

from harvest.database.rows import BYTES
from harvest.worklist import Change, Commit, Task

JOB = "lastfm"

# In the order of work, those that the tables no longer hold behind the others.
_FIND = """
    CREATE TEMP TABLE follower AS
    SELECT track_id, leader FROM (
        SELECT task.track_id, first_value(task.track_id) OVER (
            PARTITION BY artist, title ORDER BY seq < 0, seq, task.track_id) AS leader
        FROM task JOIN track USING (track_id) WHERE job = 'lastfm')
    WHERE track_id != leader
"""
_LEAD = """
    UPDATE task SET twin_of = (SELECT leader FROM follower f WHERE f.track_id = task.track_id)
    WHERE job = 'lastfm' AND twin_of IS NOT
        (SELECT leader FROM follower f WHERE f.track_id = task.track_id)
"""
# Of twins that do not stand alike, the one of which most is known. What was asked for one of them
# need not be asked for the others, be it that nobody knows the track.
_COMPARE = """
    CREATE TEMP TABLE copy AS
    SELECT t.track_id, t.spotify_id, s.track_id AS source_track, s.spotify_id AS source_id,
        s.parts & ~t.parts AS parts
    FROM (
        SELECT *, first_value(track_id) OVER (
            PARTITION BY coalesce(twin_of, track_id)
            ORDER BY (parts & 1) + (parts >> 1 & 1) + (parts >> 2 & 1) DESC,
                CASE state WHEN 'done' THEN 0 WHEN 'missing' THEN 1 WHEN 'dead' THEN 2 ELSE 3 END,
                form = 'raw', attempts DESC, track_id) AS best
        FROM task WHERE job = 'lastfm' AND (
            twin_of IS NOT NULL
            OR track_id IN (SELECT twin_of FROM task WHERE twin_of IS NOT NULL))) t
    JOIN task s ON s.job = 'lastfm' AND s.track_id = t.best
    WHERE (t.state, t.parts, t.form, t.attempts) IS NOT (s.state, s.parts, s.form, s.attempts)
"""
_COPY_ROWS = {
    "lastfm_track": """
        INSERT OR REPLACE INTO lastfm_track
        SELECT c.spotify_id, artist, title, listeners, playcount, mbid, matched
        FROM copy c JOIN lastfm_track r ON r.spotify_id = c.source_id WHERE c.parts & 1
    """,
    "lastfm_tag": """
        INSERT OR REPLACE INTO lastfm_tag SELECT c.spotify_id, tag, weight
        FROM copy c JOIN lastfm_tag r ON r.spotify_id = c.source_id WHERE c.parts & 2
    """,
    "lastfm_similar": """
        INSERT OR REPLACE INTO lastfm_similar SELECT c.spotify_id, artist, title, match
        FROM copy c JOIN lastfm_similar r ON r.spotify_id = c.source_id WHERE c.parts & 4
    """,
}
_COUNT_BYTES = """
    UPDATE job SET bytes = bytes + (SELECT ifnull(sum({bytes}), 0)
        FROM copy c JOIN {table} r ON r.spotify_id = c.source_id WHERE c.parts & {bit})
    WHERE job = 'lastfm'
"""
_COPY_TASKS = """
    UPDATE task SET (state, parts, attempts, next_at, error, provider, form) = (
        SELECT s.state, s.parts, s.attempts, s.next_at, s.error, s.provider, s.form
        FROM copy c JOIN task s ON s.job = 'lastfm' AND s.track_id = c.source_track
        WHERE c.track_id = task.track_id)
    WHERE job = 'lastfm' AND track_id IN (SELECT track_id FROM copy)
"""
_FOLLOWERS = """
    SELECT twin_of, track_id, spotify_id FROM task
    WHERE twin_of IN (SELECT value FROM json_each(?))
"""


def regroup(db: Connection) -> None:
    """Find out anew who is whose twin, and let twins stand alike.

    Parameters
    ----------
    db : Connection
        In a transaction; last.fm's tasks have their place in the order of work.
    """
    _drop_scratch(db)
    db.execute(_FIND)
    db.execute("CREATE UNIQUE INDEX temp.follower_track ON follower (track_id)")
    db.execute(_LEAD)
    db.execute(_COMPARE)
    db.execute("CREATE UNIQUE INDEX temp.copy_track ON copy (track_id)")
    for number, (table, statement) in enumerate(_COPY_ROWS.items()):
        db.execute(_COUNT_BYTES.format(bytes=BYTES[table], table=table, bit=1 << number))
        db.execute(statement)
    db.execute(_COPY_TASKS)
    _drop_scratch(db)


def with_twins(db: Connection, job: str, commits: Sequence[Commit]) -> Sequence[Commit]:
    """Return `commits` with the twins of their tasks, and rows for these, in them.

    Parameters
    ----------
    db : Connection
    job : str
        Spotify is asked by ids: its tasks have no twins.
    commits : sequence of Commit
    """
    if job != JOB:
        return commits
    leaders = {task.track_id for c in commits for change in c.changes for task in change.tasks}
    twins: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for leader, *twin in db.execute(_FOLLOWERS, (json.dumps(list(leaders)),)):
        twins[leader].append((twin[0], twin[1]))
    return [_with_twins(commit, twins) for commit in commits] if twins else commits


def _with_twins(commit: Commit, twins: Mapping[int, Sequence[tuple[int, str]]]) -> Commit:
    leaders = [task for change in commit.changes for task in change.tasks]
    ids = {task.spotify_id: [i for _, i in twins.get(task.track_id, ())] for task in leaders}
    copies = [
        msgspec.structs.replace(record, spotify_id=twin)
        for record in commit.records
        for twin in ids[record.spotify_id]
    ]
    changes = [_change_with_twins(change, twins) for change in commit.changes]
    return Commit(changes, [*commit.records, *copies])


def _change_with_twins(change: Change, twins: Mapping[int, Sequence[tuple[int, str]]]) -> Change:
    followers: list[Task] = [
        msgspec.structs.replace(task, track_id=number, spotify_id=spotify_id)
        for task in change.tasks
        for number, spotify_id in twins.get(task.track_id, ())
    ]
    return msgspec.structs.replace(change, tasks=[*change.tasks, *followers])


def _drop_scratch(db: Connection) -> None:
    for table in ("follower", "copy"):
        db.execute(f"DROP TABLE IF EXISTS temp.{table}")
