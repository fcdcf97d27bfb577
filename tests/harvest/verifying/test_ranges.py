import sqlite3
from contextlib import closing
from typing import Literal

import msgspec
import pytest

from harvest.records import AudioFeatures, SimilarTrack, Tag, TrackInfo
from harvest.verifying.ranges import conditions, know_texts
from tests.harvest.fakes import ID, record


class _Asked(msgspec.Struct):
    form: Literal["raw", "plain"]


def is_sound(kind, column, value, affinity=""):
    """Ask SQLite whether it takes a stored value for sound."""
    with closing(sqlite3.connect(":memory:")) as db:
        know_texts(db)
        db.execute(f"CREATE TABLE t ({column} {affinity})")
        db.execute("INSERT INTO t VALUES (?)", (value,))
        return db.execute(f"SELECT {conditions(kind)[column]} FROM t").fetchone()[0]


@pytest.mark.parametrize(
    ("kind", "column", "sound", "unsound"),
    [
        (AudioFeatures, "energy", [0.0, 1.0], [-0.001, 1.001, float("inf"), None, "loud"]),
        (AudioFeatures, "loudness", [-100.0, 20.0], [-100.5, 20.5, float("-inf")]),
        (AudioFeatures, "key", [-1, 11, None], [-2, 12, 3.5, "C"]),
        (AudioFeatures, "duration_ms", [0, 2**62, None], [-1, 0.5]),
        (AudioFeatures, "spotify_id", ["a"], [None, b"a", 1]),
        (TrackInfo, "listeners", [0, 2**62], [-1, None, "many"]),
        (TrackInfo, "mbid", ["x", None], [1]),
        (Tag, "weight", [0, 100], [-1, 101, None]),
        (SimilarTrack, "match", [0.0, 1.0], [1.5, None]),
        (_Asked, "form", ["raw", "plain"], ["x", "", None, 1, b"raw"]),
    ],
)
def test_what_a_record_may_hold_is_sound_and_nothing_else(kind, column, sound, unsound):
    assert [is_sound(kind, column, value) for value in sound] == [1] * len(sound)
    assert [is_sound(kind, column, value) for value in unsound] == [0] * len(unsound)


@pytest.mark.parametrize(
    ("octets", "is_legible"),
    [
        ("é".encode(), 1),
        (b"a\0b", 1),
        (b"\xff", 0),
        (b"x\xc3", 0),
        (b"\xa9", 0),
        (b"a\0\xff", 0),
    ],
)
def test_a_text_that_is_no_utf_8_is_unsound(octets, is_legible):
    with closing(sqlite3.connect(":memory:")) as db:
        know_texts(db)
        db.execute("CREATE TABLE t (tag TEXT)")
        db.execute("INSERT INTO t VALUES (CAST(? AS TEXT))", (octets,))
        assert db.execute(f"SELECT {conditions(Tag)['tag']} FROM t").fetchone()[0] == is_legible


def test_not_a_number_is_stored_as_null_which_is_unsound():
    assert is_sound(AudioFeatures, "tempo", float("nan"), "REAL") == 0


def test_every_column_of_a_record_has_its_condition():
    features = record(ID(1))
    for column, value in msgspec.structs.asdict(features).items():
        assert is_sound(AudioFeatures, column, value) == 1


def test_a_range_without_an_end_still_keeps_infinities_out():
    class Seconds(msgspec.Struct):
        since: float

    assert is_sound(Seconds, "since", 1e300) == 1
    assert is_sound(Seconds, "since", float("inf")) == 0
