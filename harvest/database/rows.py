"""How the rows that were received, or read from a file, are written, and what they amount to."""

import json
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, count, groupby, islice
from sqlite3 import Connection
from types import MappingProxyType

import msgspec

from harvest.records import AudioFeatures, Record, SimilarTrack, Tag, TrackInfo, TrackNames
from harvest.worklist import Commit, Task

LARGEST_INSERT = 128  # rows in one statement

_TABLE: dict[type[Record], str] = {
    AudioFeatures: "audio_features",
    TrackInfo: "lastfm_track",
    Tag: "lastfm_tag",
    SimilarTrack: "lastfm_similar",
    TrackNames: "spotify_track",
}


def _octets(column: str) -> str:
    return f"ifnull(length(CAST({column} AS BLOB)), 0)"


# What a row holds of last.fm's data: UTF-8 bytes of its texts, and 8 for each number. Neither the
# track's id nor the form of the names that it was asked by is last.fm's.
BYTES: Mapping[str, str] = MappingProxyType(
    {
        "lastfm_track": f"16 + {_octets('artist')} + {_octets('title')} + {_octets('mbid')}",
        "lastfm_tag": f"8 + {_octets('tag')}",
        "lastfm_similar": f"8 + {_octets('artist')} + {_octets('title')}",
    }
)

_IMPORT_TASKS = """
    INSERT INTO task (job, track_id, spotify_id, seq, state, parts, provider)
    SELECT 'spotify', track_id, spotify_id, -1, 'done', 1, provider FROM audio_features
    WHERE track_id IN (SELECT value FROM json_each(?))
    ON CONFLICT (job, track_id) DO UPDATE SET state = 'done', parts = 1, attempts = 0,
        next_at = 0, error = NULL, provider = excluded.provider
"""


def insert(
    db: Connection,
    table: str,
    rows: Sequence[Sequence[object]],
    *,
    common: Sequence[object] = (),
    or_what: str = "REPLACE",
) -> None:
    """Insert `rows`, all of one length, many in one statement.

    A statement that writes one row gives the interpreter up for each, and then waits for its turn
    behind whatever else runs. The numbers of rows are powers of two, so that few statements are
    ever parsed.

    Parameters
    ----------
    db : Connection
        In a transaction.
    table : str
        Its name, with its columns where not all are given.
    rows : sequence of rows
    common : sequence
        The last columns, where they are the same in all rows.
    or_what : str
        What becomes of a row whose key is taken: `REPLACE` or `IGNORE`.
    """
    start, n_rows = 0, LARGEST_INSERT
    while start < len(rows):
        while n_rows > len(rows) - start:
            n_rows //= 2
        some = chain.from_iterable(rows[start : start + n_rows])
        statement = _statement(table, len(rows[0]), n_rows, len(common), or_what)
        db.execute(statement, (*common, *some))
        start += n_rows


@cache
def _statement(table: str, n_columns: int, n_rows: int, n_common: int, or_what: str) -> str:
    """Write an insertion; the common values come first, and are named in each row.

    >>> _statement("t", 2, 1, 1, "IGNORE")
    'INSERT OR IGNORE INTO t VALUES (?2, ?3, ?1)'
    """
    common = [f"?{i + 1}" for i in range(n_common)]
    others = (f"?{i + 1}" for i in count(n_common))
    row_list = [f"({', '.join([*islice(others, n_columns), *common])})" for _ in range(n_rows)]
    return f"INSERT OR {or_what} INTO {table} VALUES {', '.join(row_list)}"


def insert_records(db: Connection, commits: Sequence[Commit], *, provider: str, now: float) -> None:
    """Insert all records, table by table.

    Audio features get number, provider and time, last.fm's tracks the form that they were asked by.
    """
    rows: dict[type, list[tuple[object, ...]]] = defaultdict(list)
    for commit in commits:
        for kind, records in groupby(commit.records, type):
            if issubclass(kind, AudioFeatures):
                numbers = {task.spotify_id: task.track_id for task in _tasks(commit)}
                rows[AudioFeatures] += [
                    (numbers[record.spotify_id], *msgspec.structs.astuple(record))
                    for record in records
                ]
            elif kind is TrackInfo:
                forms = {task.spotify_id: c.form for c in commit.changes for task in c.tasks}
                rows[TrackInfo] += [
                    (*msgspec.structs.astuple(record), forms[record.spotify_id])
                    for record in records
                ]
            else:
                rows[kind] += map(msgspec.structs.astuple, records)
    for kind, of_kind in rows.items():
        common = (provider, now) if kind is AudioFeatures else ()
        insert(db, _TABLE[kind], of_kind, common=common)


def data_bytes(commits: Sequence[Commit]) -> int:
    """Return what the records hold of a service's data, counted as `BYTES` counts it.

    >>> from harvest.records import Tag
    >>> data_bytes([Commit((), [Tag("id", "Söul", 100)])])  # 5 + 8
    13
    """
    records = (record for commit in commits for record in commit.records)
    values = [v for record in records for v in msgspec.structs.astuple(record)[1:] if v is not None]
    texts = [value for value in values if isinstance(value, str)]
    return len("".join(texts).encode()) + 8 * (len(values) - len(texts))


def _tasks(commit: Commit) -> Iterator[Task]:
    return (task for change in commit.changes for task in change.tasks)


def import_features(
    db: Connection, records: Sequence[AudioFeatures], *, provider: str, overwrite: bool
) -> int:
    """Store features that came from a file; see `Store.import_features`."""
    by_id = {record.spotify_id: record for record in records}
    numbers = _numbers_of(db, list(by_id))
    kept = set() if overwrite else _of_others(db, list(numbers.values()), provider)
    chosen = {n: by_id[spotify_id] for spotify_id, n in numbers.items() if n not in kept}
    rows = [(n, *msgspec.structs.astuple(r)) for n, r in chosen.items()]
    insert(db, "audio_features", rows, common=(provider, time.time()))
    db.execute(_IMPORT_TASKS, (json.dumps(list(chosen)),))
    return sum(numbers[record.spotify_id] not in kept for record in records)


def _numbers_of(db: Connection, spotify_ids: Sequence[str]) -> dict[str, int]:
    """Return the numbers of tracks, giving one to each that has none yet."""
    nameless = [(spotify_id, "", "") for spotify_id in spotify_ids]
    insert(db, "track (spotify_id, artist, title)", nameless, or_what="IGNORE")
    query = (
        "SELECT spotify_id, track_id FROM track "
        "WHERE spotify_id IN (SELECT value FROM json_each(?))"
    )
    return dict(db.execute(query, (json.dumps(spotify_ids),)))


def _of_others(db: Connection, numbers: Sequence[int], provider: str) -> set[int]:
    """Return which of the tracks have features from another provider."""
    query = (
        "SELECT track_id FROM audio_features WHERE provider != ? "
        "AND track_id IN (SELECT value FROM json_each(?))"
    )
    return {row[0] for row in db.execute(query, (provider, json.dumps(numbers)))}
