"""What has to hold between the tables of `harvest.db`, as queries for what offends.

Each query yields the tracks of offending rows, or what else these are known by. Every part of a job
leaves its bit in the task; what the other modules promise of tasks stands in `harvest.worklist` and
`harvest.store`.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from harvest.database.rows import BYTES
from harvest.records import (
    SPOTIFY_ID_GLOB,
    AudioFeatures,
    Count,
    SimilarTrack,
    Tag,
    TrackInfo,
    TrackNames,
)
from harvest.sources.lastfm import LastfmTracks
from harvest.sources.spotify import SpotifyFeatures
from harvest.store import JOBS, RESOLVING
from harvest.worklist import MAX_ATTEMPTS

Name = Annotated[str, Meta(min_length=1)]
Form = Literal["raw", "plain"]
LATEST = 2.5e11  # Unix seconds, in the year 9892: beyond, there are no dates to tell or compare
UnixSeconds = Annotated[float, Meta(gt=0, le=LATEST)]
Due = Annotated[float, Meta(ge=0, le=LATEST)]  # Unix seconds, 0 = at once


class _Stamp(msgspec.Struct):
    """What `harvest.store` adds to audio features."""

    provider: Name
    fetched_at: UnixSeconds


class _TrackColumns(msgspec.Struct):
    spotify_id: Name
    artist: str
    title: str


class _TaskColumns(msgspec.Struct):
    spotify_id: Name
    attempts: Annotated[int, Meta(ge=0, le=MAX_ATTEMPTS)]
    next_at: Due
    error: str | None
    parts: Count
    seq: Annotated[int, Meta(ge=-1)]
    provider: Name | None
    form: Form


class _JobColumns(msgspec.Struct):
    job: Name
    fingerprint: str
    not_before: Due
    reason: str | None
    shut_by: Name | None
    paused_until: Due
    single_at: Name | None
    provider: Name | None
    wanted: Annotated[int, Meta(ge=1, le=(1 << len(LastfmTracks.parts)) - 1)]
    bytes: Count
    service: Name | None
    shut_at: Due
    paused_at: Due


class _DayColumns(msgspec.Struct):
    job: Name
    day: Name
    requests: Count


class _RunColumns(msgspec.Struct):
    job: Name
    pid: Annotated[int, Meta(ge=1)]
    started_at: UnixSeconds
    seen_at: UnixSeconds
    settled: Count
    requests: Count
    outcome: str | None
    limited: Count
    failed: Count
    rejected: Count


class _Matched(msgspec.Struct):
    """What `harvest.store` adds to last.fm's tracks."""

    matched: Form


# The tables, and the structs that say what their columns hold.
COLUMNS: Mapping[str, tuple[type[msgspec.Struct], ...]] = MappingProxyType(
    {
        "track": (_TrackColumns,),
        "task": (_TaskColumns,),
        "job": (_JobColumns,),
        "day": (_DayColumns,),
        "run": (_RunColumns,),
        "audio_features": (AudioFeatures, _Stamp),
        "lastfm_track": (TrackInfo, _Matched),
        "lastfm_tag": (Tag,),
        "lastfm_similar": (SimilarTrack,),
        "spotify_track": (TrackNames,),
    }
)
ROW_TABLES = tuple(COLUMNS)[5:]
# What rows are known by that are of no track.
KEYS: Mapping[str, str] = MappingProxyType({"job": "job", "day": "day", "run": "run_id"})

_INFO = 1 << LastfmTracks.parts.index("info")
_ALL_PARTS = {
    "spotify": (1 << len(SpotifyFeatures.parts)) - 1,
    "lastfm": (1 << len(LastfmTracks.parts)) - 1,
}


def _tasks(where: str) -> str:
    return f"SELECT spotify_id FROM task t WHERE {where}"


def _has_row(table: str, key: str) -> str:
    return f"EXISTS (SELECT 1 FROM {table} r WHERE r.{key} = t.{key})"


def _misnamed(table: str) -> str:
    """Return the query for rows whose number and id do not belong to one track."""
    return (
        f"SELECT spotify_id FROM {table} x WHERE NOT EXISTS (SELECT 1 FROM track k "
        "WHERE k.track_id = x.track_id AND k.spotify_id = x.spotify_id)"
    )


def _without_part(table: str, part: str) -> str:
    """Return the query for tracks with rows of last.fm of which no task knows.

    The inner query reads the table in the order of its key.
    """
    return (
        f"SELECT spotify_id FROM (SELECT DISTINCT spotify_id FROM {table}) r WHERE NOT EXISTS "
        "(SELECT 1 FROM track k JOIN task t USING (track_id) WHERE k.spotify_id = r.spotify_id "
        f"AND t.job = 'lastfm' AND t.parts & {1 << LastfmTracks.parts.index(part)})"
    )


# A track whose features were there before its job, from a file or from another provider, is done
# without any request: its parts are 0. A track of last.fm's is done with the parts that the latest
# run wanted; a dead one may have had these all along.
_PARTS = f"""
    parts > CASE job WHEN 'spotify' THEN {_ALL_PARTS["spotify"]} ELSE {_ALL_PARTS["lastfm"]} END
    OR job = 'lastfm' AND state IN ('done', 'pending') AND (state = 'done') !=
        (SELECT t.parts & wanted = wanted FROM job WHERE job = 'lastfm')
    OR job = 'lastfm' AND state != 'done' AND parts = {_ALL_PARTS["lastfm"]}
    OR job = 'spotify' AND state != 'done' AND parts = {_ALL_PARTS["spotify"]}
"""

_TWINS = """
    SELECT t.spotify_id FROM task t JOIN track k USING (track_id)
    WHERE t.twin_of IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM task s JOIN track n USING (track_id)
        WHERE s.job = t.job AND s.track_id = t.twin_of AND s.twin_of IS NULL
        AND (s.state, s.parts, s.form) = (t.state, t.parts, t.form)
        AND (n.artist, n.title) = (k.artist, k.title))
"""
_STORED = " + ".join(
    f"(SELECT ifnull(sum({octets}), 0) FROM {table})" for table, octets in BYTES.items()
)

_NO_TASK = """
    SELECT spotify_id FROM audio_features f WHERE NOT EXISTS
    (SELECT 1 FROM task t WHERE t.job = 'spotify' AND t.track_id = f.track_id)
"""

_UNKNOWN_JOB = f"""
    SELECT job FROM (SELECT job FROM job UNION SELECT job FROM day UNION SELECT job FROM run)
    WHERE job NOT IN {(*JOBS, *RESOLVING)}
"""
# Features that came from a file have tasks without a place in any tables.
_LOST_JOB = f"""
    SELECT job FROM (SELECT DISTINCT job FROM task WHERE seq >= 0) t
    WHERE job IN {(*JOBS, *RESOLVING)} AND NOT EXISTS (SELECT 1 FROM job j WHERE j.job = t.job)
"""
_FOUND = "spotify_track: found under an id of Spotify's"
_ASKED = "spotify, names: asked for by ids of Spotify's"

RELATIONS: Mapping[str, str] = MappingProxyType(
    {
        "task: of a known job": _tasks(f"job NOT IN {(*JOBS, *RESOLVING)}"),
        "task: of a known track": _misnamed("task"),
        "task: parts agree with state": _tasks(_PARTS),
        "task: missing and dead say why": _tasks(
            "state IN ('missing', 'dead') AND ifnull(error, '') = ''"
        ),
        "task: settled ones name who settled them": _tasks(
            "(state = 'pending') != (provider IS NULL)"
        ),
        "spotify: every done task has its row": _tasks(
            f"job = 'spotify' AND state = 'done' AND NOT {_has_row('audio_features', 'track_id')}"
        ),
        "spotify: no missing or dead task has a row": _tasks(
            "job = 'spotify' AND state IN ('missing', 'dead') "
            f"AND {_has_row('audio_features', 'track_id')}"
        ),
        "task: twins are one recording and stand alike": _TWINS,
        "lastfm: every done task has its row": _tasks(
            f"job = 'lastfm' AND parts & {_INFO} AND NOT {_has_row('lastfm_track', 'spotify_id')}"
        ),
        "audio_features: of a known track": _misnamed("audio_features"),
        "audio_features: no row without a task": _NO_TASK,
        "lastfm_track: no row without a task": _without_part("lastfm_track", "info"),
        "lastfm_track: matched as its task says": (
            "SELECT r.spotify_id FROM lastfm_track r JOIN track k USING (spotify_id) "
            "JOIN task t ON t.job = 'lastfm' AND t.track_id = k.track_id AND t.form != r.matched"
        ),
        "lastfm_tag: no row without a task": _without_part("lastfm_tag", "tags"),
        "lastfm_similar: no row without a task": _without_part("lastfm_similar", "similars"),
        "names, ids: every done task has its row": _tasks(
            f"job IN {RESOLVING} AND state = 'done' "
            f"AND NOT {_has_row('spotify_track', 'spotify_id')}"
        ),
        "spotify_track: no row without a task": (
            "SELECT spotify_id FROM spotify_track r WHERE NOT EXISTS (SELECT 1 FROM track k "
            "JOIN task t USING (track_id) WHERE k.spotify_id = r.spotify_id "
            f"AND t.job IN {RESOLVING} AND t.state = 'done')"
        ),
        "lastfm: what is stored is counted": (
            f"SELECT job FROM job WHERE job = 'lastfm' AND bytes != {_STORED}"
        ),
        _FOUND: f"SELECT spotify_id FROM spotify_track WHERE found_id NOT GLOB '{SPOTIFY_ID_GLOB}'",
        _ASKED: _tasks(
            "job IN ('spotify', 'names') AND state = 'pending' "
            f"AND spotify_id NOT GLOB '{SPOTIFY_ID_GLOB}'"
        ),
        "job, day, run: of a known job": _UNKNOWN_JOB,
        "job: has its row where it has tasks": _LOST_JOB,
        "day: a date": "SELECT day FROM day WHERE date(day) IS NOT day",
    }
)

# What to do where another than the usual remedy helps.
REMEDIES: Mapping[str, str] = MappingProxyType(
    {
        _FOUND: "run `harvest resolve`, which forgets them and asks again",
        _ASKED: "run `harvest spotify` and `harvest resolve`, which give them up without asking",
    }
)
