import re
import shutil
import sqlite3
import stat
from contextlib import closing, suppress
from pathlib import Path

import pytest

from harvest.database import opening
from harvest.database.opening import (
    APPLICATION_ID,
    SCHEMA_VERSION,
    check_version,
    connect,
    connect_readonly,
)
from harvest.errors import DatabaseHeld, InputError, StorageError
from harvest.store import Store
from harvest.verifying.job import verify
from harvest.worklist import Counts
from tests.harvest.fakes import ID


def test_a_new_file_is_readable_by_its_owner_alone(tmp_path):
    connect(tmp_path / "harvest.db").close()
    assert stat.S_IMODE((tmp_path / "harvest.db").stat().st_mode) == 0o600


def test_a_file_is_opened_again_as_it_was(tmp_path):
    first = connect(tmp_path / "harvest.db")
    first.execute("INSERT INTO job (job, fingerprint) VALUES ('spotify', 'f')")
    first.close()
    second = connect(tmp_path / "harvest.db")
    assert second.execute("SELECT fingerprint FROM job").fetchone() == ("f",)
    second.close()


def test_the_contract_s_tables_and_columns_are_there(tmp_path):
    db = connect(tmp_path / "harvest.db")
    expected = {
        "audio_features": "spotify_id danceability energy key loudness mode speechiness "
        "acousticness instrumentalness liveness valence tempo duration_ms time_signature "
        "provider fetched_at",
        "lastfm_track": "spotify_id artist title listeners playcount mbid",
        "lastfm_tag": "spotify_id tag weight",
        "lastfm_similar": "spotify_id artist title match",
        "task": "job spotify_id state attempts next_at error",
    }
    for table, columns in expected.items():
        db.execute(f"SELECT {columns.replace(' ', ', ')} FROM {table}")
    db.close()


@pytest.mark.parametrize(
    "content", [b"this is no database" * 100, b"SQLite format 3\0" + b"x" * 500]
)
def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path, content):
    path = tmp_path / "harvest.db"
    path.write_bytes(content)
    with pytest.raises(StorageError, match=r"damaged or not a harvest\.db"):
        connect(path)
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("sound", "damaged"),
    [
        (rb"artist 8", b"artist\xff8"),
        (rb"tablejobjob(.)CREATE", b"tablej\xffbjob\\1CR\xffATE"),
    ],
    ids=["in a name", "in the schema"],
)
def test_bytes_that_are_no_text_are_told_as_damage_in_one_line(sound, damaged, gathered):
    path = gathered / "harvest.db"
    content, n_places = re.subn(sound, damaged, path.read_bytes(), flags=re.DOTALL)
    assert n_places
    path.write_bytes(content)
    with (
        pytest.raises(StorageError, match=r"damaged or not a harvest\.db") as caught,
        Store.open(gathered) as store,
    ):
        store.due("lastfm", before=4e9, limit=100)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 500


def test_somebody_else_s_database_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "harvest.db"
    theirs = sqlite3.connect(path)
    theirs.execute("CREATE TABLE photos (x)")
    theirs.close()
    with pytest.raises(InputError, match="was not made by harvest"):
        connect(path)
    theirs = sqlite3.connect(path)
    assert [row[0] for row in theirs.execute("SELECT name FROM sqlite_schema")] == ["photos"]
    theirs.close()


@pytest.mark.parametrize("version", [99, -1])
def test_a_version_that_it_does_not_know_is_refused(tmp_path, version):
    db = connect(tmp_path / "harvest.db")
    db.execute(f"PRAGMA user_version = {version}")
    db.close()
    with pytest.raises(InputError, match=rf"is of version {version}, this harvest knows 5"):
        connect(tmp_path / "harvest.db")


def test_reading_beside_a_writer_needs_no_lock(tmp_path):
    writer = connect(tmp_path / "harvest.db")
    writer.execute("BEGIN IMMEDIATE")
    reader = connect_readonly(tmp_path / "harvest.db")
    assert reader.execute("SELECT count(*) FROM task").fetchone() == (0,)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.execute("DELETE FROM task")
    reader.close()
    writer.close()


def test_an_empty_file_reads_as_none(tmp_path):
    (tmp_path / "harvest.db").touch()
    assert connect_readonly(tmp_path / "harvest.db") is None


def test_a_file_that_is_being_made_meanwhile_is_not_taken_for_somebody_else_s(tmp_path):
    path = tmp_path / "harvest.db"
    path.touch()
    reader = sqlite3.connect(path, isolation_level=None)

    class Interrupted:
        """Lets another process make the tables right after the first look at the file."""

        def execute(self, sql):
            self.row = reader.execute(sql).fetchone()
            if sql == "PRAGMA user_version":
                with (
                    suppress(sqlite3.OperationalError),
                    closing(sqlite3.connect(path, timeout=0)) as other,
                ):
                    other.execute("CREATE TABLE task (x)")
            return self

        def fetchone(self):
            return self.row

    assert check_version(Interrupted(), path) == 0
    reader.close()


def replace_by_a_copy(path):
    copy = path.with_name("copy")
    shutil.copy(path, copy)
    copy.replace(path)


@pytest.mark.parametrize("name", ["harvest.db", "harvest.lock"])
@pytest.mark.parametrize("change", [Path.unlink, replace_by_a_copy])
def test_nothing_is_written_to_a_file_that_is_not_where_it_was_any_more(tmp_path, name, change):
    with Store.open(tmp_path) as store:
        store.require_place()
        change(tmp_path / name)
        with pytest.raises(StorageError, match=rf"/{name} was removed or replaced"):
            store.require_place()
        with pytest.raises(StorageError, match="removed or replaced"), store.transaction():
            raise AssertionError


def test_a_state_that_was_moved_away_is_missed(tmp_path):
    with Store.open(tmp_path / "state") as store:
        (tmp_path / "state").rename(tmp_path / "elsewhere")
        with pytest.raises(StorageError, match=r"state/harvest\.db was removed or replaced"):
            store.require_place()


def test_a_write_lock_of_another_program_is_told_as_what_it_is(tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "BUSY_TIMEOUT_S", 0.05)
    with Store.open(tmp_path) as store, closing(sqlite3.connect(tmp_path / "harvest.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseHeld, match="another program is writing to it") as why:
            store.want("lastfm", 3)
        assert why.value.exit_code == 75
        other.rollback()
        store.want("lastfm", 3)


def test_a_file_of_the_first_version_is_brought_up_to_date_with_all_that_is_in_it(tmp_path):
    first = Path(__file__).with_name("schema_v1.sql").read_text(encoding="utf-8")
    with closing(sqlite3.connect(tmp_path / "old.db")) as db:
        db.executescript(
            f"{first} PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = 1;"
        )
        db.execute("INSERT INTO job VALUES ('spotify', 'f', 7.0, 'quota')")
        for number, state in enumerate(("done", "missing", "pending")):
            db.execute("INSERT INTO track VALUES (?, 'artist', 'title')", (f"track {number}",))
            db.execute(
                "INSERT INTO task (job, spotify_id, state, seq) VALUES ('spotify', ?, ?, ?)",
                (f"track {number}", state, number),
            )
        db.commit()
    with closing(connect(tmp_path / "old.db")) as old, closing(connect(tmp_path / "new.db")) as new:
        assert old.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
        tables = [
            row[0] for row in new.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        ]
        for table in tables:
            columns = f"PRAGMA table_info({table})"
            assert old.execute(columns).fetchall() == new.execute(columns).fetchall()
        assert old.execute("SELECT * FROM job").fetchall() == [
            ("spotify", "f", 7.0, "quota", None, 0.0, None, None, 7, 0, None, 0.0, 0.0)
        ]
        tasks = old.execute("SELECT state, provider FROM task ORDER BY seq").fetchall()
        # Whoever answered before can only have been Spotify, where no row says otherwise.
        assert tasks == [("done", "spotify"), ("missing", "spotify"), ("pending", None)]


def test_a_file_of_the_first_version_is_not_read_before_a_job_brought_it_up_to_date(tmp_path):
    with closing(sqlite3.connect(tmp_path / "old.db")) as db:
        db.executescript(
            "CREATE TABLE job (job); "
            f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = 1;"
        )
    with pytest.raises(InputError, match="is of version 1; start a job once"):
        connect_readonly(tmp_path / "old.db")


def test_a_file_of_the_fourth_version_gets_what_is_known_of_waits(tmp_path):
    path, new = tmp_path / "harvest.db", ("service", "shut_at", "paused_at")
    lines = opening._sql("schema.sql").replace("DEFAULT 0, -- of last", "DEFAULT 0 -- of last")
    fourth = [line for line in lines.splitlines() if not line.strip().startswith(new)]
    with closing(sqlite3.connect(path)) as db, db:
        db.executescript("\n".join(fourth))
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute("INSERT INTO job (job, fingerprint, not_before) VALUES ('spotify', 'f', 7.0)")
        db.execute("PRAGMA user_version = 4")
    with closing(connect(path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
        kept = db.execute(f"SELECT not_before, {', '.join(new)} FROM job").fetchall()
        assert kept == [(7.0, None, 0.0, 0.0)]


def old_state(tmp_path, version):
    """A state of an older version, in which last.fm's job has got some way; two are twins."""
    schema = Path(__file__).with_name(f"schema_v{version}.sql").read_text(encoding="utf-8")
    (tmp_path / "state").mkdir()
    with closing(sqlite3.connect(tmp_path / "state" / "harvest.db")) as db, db:
        db.executescript(
            f"{schema} PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {version};"
        )
        db.execute("INSERT INTO job (job, fingerprint) VALUES ('lastfm', 'f')")
        provider = ", provider" if version == 2 else ""
        # The last two stand as twins did that were not yet asked for.
        stands = [("done", 7), ("pending", 3), ("missing", 0), ("done", 7)] + [("pending", 0)] * 2
        for number, (state, parts) in enumerate(stands):
            i, names = ID(number), ("A", f"T{number % 3}")
            track = "(track_id, spotify_id, artist, title)" if version == 2 else ""
            key, numbers = ("track_id, ", [number + 1]) if version == 2 else ("", [])
            db.execute(
                f"INSERT INTO track {track} VALUES ({'?, ' * len(numbers)}?, ?, ?)",
                (*numbers, i, *names),
            )
            values = (*numbers, i, state, parts, number, "x" if state == "missing" else None)
            said = ["lastfm" if state != "pending" else None] * (version - 1)
            db.execute(
                f"INSERT INTO task (job, {key}spotify_id, state, parts, seq, error{provider}) "
                f"VALUES ('lastfm', {', '.join('?' * len((*values, *said)))})",
                (*values, *said),
            )
            if parts & 1:
                row = (i, "Å", "T", 1, 2, None)
                db.execute("INSERT INTO lastfm_track VALUES (?, ?, ?, ?, ?, ?)", row)
                db.execute("INSERT INTO lastfm_tag VALUES (?, 'rock', 100)", (i,))
            if parts & 4:
                db.execute("INSERT INTO lastfm_similar VALUES (?, 'B', 'U', 0.5)", (i,))
    return tmp_path / "state"


@pytest.mark.parametrize("version", [1, 2])
def test_an_older_file_keeps_what_last_fm_said_and_learns_of_twins_and_bytes(tmp_path, version):
    state = old_state(tmp_path, version)
    with Store.open(state) as store:
        # Each track 2 + 1 + 16 bytes, each list of tags 4 + 8, of similars 2 + 8.
        assert store.stored_bytes("lastfm") == 3 * (19 + 12) + 2 * 10
        assert store.one("SELECT DISTINCT matched FROM lastfm_track") == ("raw",)
        tracks = [(ID(i), "A", f"T{i % 3}") for i in range(6)]
        store.add_tasks("lastfm", [tracks], fingerprint="f")  # the same tables as before
        # 0 and 3 were done; 4 follows 1, of which two parts are there, 5 follows 2, unknown.
        assert store.counts("lastfm") == Counts(done=2, pending=2, missing=2)
        (task,) = store.due("lastfm", before=1, limit=9)
        assert (task.spotify_id, task.parts, task.form) == (ID(1), 0b011, "raw")
        assert store.stored_bytes("lastfm") == 4 * (19 + 12) + 2 * 10
    assert [finding.check for finding in verify(state).failed] == []


@pytest.mark.parametrize("version", [1, 2])
def test_an_upgrade_that_breaks_off_leaves_the_older_file_as_it_was(tmp_path, version, monkeypatch):
    state = old_state(tmp_path, version)
    before = (state / "harvest.db").read_bytes()
    scripts = {version: ("upgrade.sql" if version == 1 else "upgrade_2.sql", "broken.sql")}
    monkeypatch.setattr(opening, "_SCRIPTS", scripts)
    read = opening._sql
    monkeypatch.setattr(
        opening, "_sql", lambda name: "SELECT no_such;" if name == "broken.sql" else read(name)
    )
    with pytest.raises(StorageError, match="no such column"):
        Store.open(state)
    with closing(sqlite3.connect(state / "harvest.db")) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (version,)
        assert db.execute("SELECT count(*) FROM lastfm_track").fetchone() == (3,)
    assert (state / "harvest.db").read_bytes() == before
