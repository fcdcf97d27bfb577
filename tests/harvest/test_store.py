import sqlite3

import pytest

from harvest import worklist
from harvest.errors import StorageError
from harvest.plan import Questions
from harvest.records import SimilarTrack, Tag, TrackInfo
from harvest.store import Store
from harvest.worklist import Change, Commit, Counts, State, Tally, Task
from tests.harvest.fakes import ID, done, record, task


def commit(store, *commits, job="spotify", run_id=1):
    store.commit(job, commits, provider=job, run_id=run_id, tally=Tally(sent=1))


def due_ids(store, job="spotify", **options):
    options = {"before": 1e12, "limit": 100} | options
    return [task.spotify_id for task in store.due(job, **options)]


def test_every_track_becomes_a_pending_task_in_the_tables_order(store):
    assert due_ids(store) == [ID(i) for i in range(10)]
    assert store.counts("spotify") == Counts(pending=10)


def test_the_same_tables_are_not_gone_through_twice(store):
    def unread():
        raise AssertionError("the pages were read")
        yield

    store.add_tasks("spotify", unread(), fingerprint="ten tracks")


def test_other_tables_add_their_tracks_and_drop_waiting_ones_alone(store):
    commit(store, done(0))
    store.add_tasks(
        "spotify", [[(ID(9), "a", "t"), (ID(77), "a", "t")]], fingerprint="other tables"
    )
    assert due_ids(store) == [ID(9), ID(77)]
    assert store.counts("spotify") == Counts(pending=2)
    # Track 0 was received: it stays, though the tables no longer hold it.
    store.add_tasks("spotify", [[(ID(0), "a", "t")]], fingerprint="tables with it")
    assert store.counts("spotify") == Counts(done=1)


def test_a_track_with_audio_features_needs_no_request(tmp_path):
    with Store.open(tmp_path) as store:
        store.import_features([record(ID(1))], provider="mine", overwrite=False)
        store.add_tasks("lastfm", [[(ID(1), "a", "t")]], fingerprint="f")
        store.add_tasks("spotify", [[(ID(1), "a", "t"), (ID(2), "a", "t")]], fingerprint="f")
        assert store.counts("spotify") == Counts(pending=1, done=1)
        assert store.counts("lastfm") == Counts(pending=1)


def test_pages_follow_each_other_without_gap_or_overlap(store):
    first = store.due("spotify", before=1e12, limit=4)
    last = (first[-1].next_at, first[-1].seq)
    assert due_ids(store, after=last, limit=4) == [ID(i) for i in range(4, 8)]


def test_a_task_is_not_due_before_its_time(store):
    failed = worklist.failed(store.due("spotify", before=0, limit=1)[0], "why", now=500.0)
    commit(store, Commit([failed]))
    assert ID(0) not in due_ids(store, before=500.9)
    # It waits one second, and then comes after those that were due from the start.
    assert due_ids(store, before=501.0)[-1] == ID(0)
    assert store.next_due_at("spotify") == 0.0


def test_rows_and_the_task_are_written_together_or_not_at_all(store, tmp_path):
    broken = Commit([Change([task(1)], State.DONE, 1)], [record(ID(1))])
    with pytest.raises(StorageError):
        commit(store, done(0), broken, Commit([Change([task(2)], "no such state", 1)]))
    assert store.counts("spotify") == Counts(pending=10)
    with sqlite3.connect(tmp_path / "state" / "harvest.db") as db:
        assert db.execute("SELECT count(*) FROM audio_features").fetchone() == (0,)
    db.close()
    commit(store, done(0))
    assert store.counts("spotify") == Counts(pending=9, done=1)


def test_a_row_received_twice_is_stored_once(store, tmp_path):
    commit(store, done(0))
    commit(store, done(0))
    db = sqlite3.connect(tmp_path / "state" / "harvest.db")
    rows = db.execute("SELECT spotify_id, danceability, key, provider FROM audio_features")
    assert rows.fetchall() == [(ID(0), 0.5, 4, "spotify")]
    db.close()


def test_each_kind_of_record_goes_into_its_own_table(store, tmp_path):
    records = [
        TrackInfo(spotify_id="a", artist="A", title="T", listeners=1, playcount=2, mbid=None),
        Tag("a", "rock", 100),
        Tag("a", "pop", 0),
        SimilarTrack("a", "B", "U", 0.5),
    ]
    change = Change([Task("a", "A", "T", track_id=99)], State.DONE, 7)
    commit(store, Commit([change], records))
    db = sqlite3.connect(tmp_path / "state" / "harvest.db")
    assert db.execute("SELECT * FROM lastfm_track").fetchall() == [
        ("a", "A", "T", 1, 2, None, "raw")
    ]
    assert db.execute("SELECT * FROM lastfm_tag ORDER BY tag").fetchall() == [
        ("a", "pop", 0),
        ("a", "rock", 100),
    ]
    assert db.execute("SELECT * FROM lastfm_similar").fetchall() == [("a", "B", "U", 0.5)]
    db.close()


def test_a_state_without_a_database_peeks_as_none(tmp_path):
    assert Store.peek(tmp_path) is None


def test_a_task_with_a_value_of_another_type_than_its_column_is_told_as_damage(store):
    with store.transaction() as db:
        db.execute("UPDATE task SET attempts = 'many' WHERE track_id = 3")
    with pytest.raises(StorageError, match=r"harvest\.db is damaged .*`int`, got `str`"):
        store.due("spotify", before=1.0, limit=10)


def test_a_known_good_task_is_one_that_was_answered(store):
    assert store.some_done("spotify") is None
    commit(store, done(3))
    assert store.some_done("spotify").spotify_id == ID(3)
    assert set(store.settled_ids("spotify")) == {ID(3)}


def test_a_full_disk_is_one_error_and_harms_nothing(tmp_path):
    with Store.open(tmp_path) as store:
        rows = [(ID(i), "artist", "title") for i in range(2000)]
        store.add_tasks("spotify", [rows], fingerprint="f")
        pages = store._db.execute("PRAGMA page_count").fetchone()[0]
        store._db.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StorageError, match=r"database or disk is full; what was stored is"):
            commit(store, *map(done, range(2000)))
        assert store.counts("spotify") == Counts(pending=2000)
        store._db.execute("PRAGMA max_page_count = 1000000")
        commit(store, *map(done, range(2000)))
        assert store.counts("spotify") == Counts(done=2000)


def test_features_from_a_file_settle_their_tracks(store):
    stored = store.import_features(
        [record(ID(0)), record(ID(77))], provider="mine", overwrite=False
    )
    assert stored == 2
    # Track 77 is in no table: its features are kept, but it is not counted among the job's tracks.
    assert store.counts("spotify") == Counts(pending=9, done=1)
    store.add_tasks("spotify", [[(ID(77), "a", "t")]], fingerprint="tables with it")
    assert store.counts("spotify") == Counts(done=1)


@pytest.mark.parametrize(
    ("overwrite", "stored", "provider"), [(False, 1, "spotify"), (True, 2, "mine")]
)
def test_a_file_overwrites_another_providers_rows_on_request_alone(
    store, overwrite, stored, provider
):
    commit(store, done(0))
    records = [record(ID(0)), record(ID(1))]
    assert store.import_features(records, provider="mine", overwrite=overwrite) == stored
    rows = dict(store.rows("SELECT spotify_id, provider FROM audio_features"))
    assert rows == {ID(0): provider, ID(1): "mine"}


def test_what_one_provider_lacks_another_is_asked_for(store):
    missing, dead = Change([task(1)], State.MISSING, 0), Change([task(2)], State.DEAD, 0, 5)
    commit(store, done(0), Commit([missing, dead]))
    assert store.reopen("spotify", provider="spotify", overwrite=False) == 0
    assert store.reopen("spotify", provider="reccobeats", overwrite=False) == 2
    assert store.counts("spotify") == Counts(pending=9, done=1)
    assert store.due("spotify", before=1e12, limit=1)[0].attempts == 0


def test_a_track_that_comes_back_is_news_to_the_provider_that_was_asked_meanwhile(store):
    commit(store, Commit([Change([task(3)], State.MISSING, 0)]))
    store.add_tasks("spotify", [[(ID(5), "a", "t")]], fingerprint="without it")
    assert store.reopen("spotify", provider="reccobeats", overwrite=False) == 0
    store.add_tasks("spotify", [[(ID(3), "a", "t"), (ID(5), "a", "t")]], fingerprint="with it")
    assert store.reopen("spotify", provider="reccobeats", overwrite=False) == 1


def test_what_one_provider_gave_stays_where_another_has_nothing(store):
    commit(store, done(0))
    assert store.reopen("spotify", provider="reccobeats", overwrite=True) == 1
    changes = Commit([Change([task(0)], State.MISSING, 0), Change([task(1)], State.MISSING, 0)])
    store.commit("spotify", [changes], provider="reccobeats", run_id=1, tally=Tally())
    assert store.counts("spotify") == Counts(pending=8, done=1, missing=1)
    # It was asked: another run of the same provider does not ask again.
    assert store.reopen("spotify", provider="reccobeats", overwrite=True) == 0
    assert store.reopen("spotify", provider="a third", overwrite=True) == 2


def test_dead_tasks_can_be_tried_again_and_keep_the_parts_they_have(store):
    commit(store, Commit([Change([task(3)], State.DEAD, 0b101, 5, error="why")]))
    assert store.retry_dead("lastfm") == 0
    assert store.retry_dead("spotify") == 1
    again = next(t for t in store.due("spotify", before=1, limit=10) if t.spotify_id == ID(3))
    assert (again.attempts, again.parts) == (0, 0b101)


def test_what_was_received_is_not_orphaned_when_the_tables_change(store):
    commit(store, done(0))
    store.reopen("spotify", provider="reccobeats", overwrite=True)
    store.add_tasks("lastfm", [[(ID(0), "a", "t"), (ID(1), "a", "t")]], fingerprint="f")
    info = TrackInfo(spotify_id=ID(0), artist="A", title="T", listeners=1, playcount=1)
    half = worklist.part_done(store.due("lastfm", before=1, limit=1), 0, wanted=0b111)
    commit(store, Commit([half], [info]), job="lastfm")
    for job in ("spotify", "lastfm"):
        store.add_tasks(job, [[(ID(1), "a", "t")]], fingerprint="without the first track")
        # It is asked for no more, but what there is of it still has its task.
        assert due_ids(store, job) == [ID(1)]
        assert store.next_due_at(job) == 0.0
        assert store.one("SELECT state FROM task WHERE job = ? AND track_id = 1", job)
    store.add_tasks("lastfm", [[(ID(0), "a", "t")]], fingerprint="with it again")
    assert store.due("lastfm", before=1, limit=1)[0].parts == 0b001


def test_missing_tracks_are_tried_again_where_that_is_asked_for(store):
    commit(
        store, Commit([Change([task(3)], State.MISSING, 0), Change([task(4)], State.DEAD, 0, 5)])
    )
    assert store.retry_dead("spotify", missing=True) == 2
    assert store.counts("spotify") == Counts(pending=10)


def test_a_clock_that_was_set_back_holds_no_task_back(store):
    commit(store, Commit([Change([task(3)], State.PENDING, 0, 1, 5000.0, "why")]))
    store.bring_forward("spotify", latest=100.0)
    assert due_ids(store, before=100.0)[-1] == ID(3)
    assert due_ids(store, before=99.0) == [ID(i) for i in range(10) if i != 3]


def test_a_track_that_is_known_to_be_good_is_another_each_time_and_of_the_provider_asked(store):
    commit(store, *map(done, range(8)))
    assert len({store.some_done("spotify").spotify_id for _ in range(200)}) > 1
    assert store.some_done("spotify", provider="spotify")
    assert store.some_done("spotify", provider="reccobeats") is None


def test_the_same_provider_s_tasks_are_not_looked_through_again(store):
    store.reopen("spotify", provider="spotify", overwrite=False)
    commit(store, Commit([Change([task(1)], State.MISSING, 0)]))
    statements = []
    store._db.set_trace_callback(statements.append)
    assert store.reopen("spotify", provider="spotify", overwrite=False) == 0
    assert not any("UPDATE" in statement for statement in statements)


@pytest.fixture
def lastfm(store):
    """The same store, with the ten tracks to ask last.fm for its three parts too."""
    rows = [(ID(i), f"artist {i}", f"title {i}") for i in range(10)]
    store.add_tasks("lastfm", [rows], fingerprint="ten tracks")
    store.want("lastfm", 0b111)
    return store


def of_lastfm(state, parts, *numbers, attempts=0, error=None, form="raw"):
    """A commit after which these tasks stand so, without rows."""
    tasks = [task(number) for number in numbers]
    return Commit([Change(tasks, state, parts, attempts, error=error, form=form)])


def stands(store, number, job="lastfm"):
    columns = "state, parts, attempts, error, form"
    query = f"SELECT {columns} FROM task WHERE job = ? AND track_id = ?"
    return store.one(query, job, number + 1)


def test_tasks_that_are_done_with_less_than_is_wanted_are_pending_again(lastfm):
    commit(lastfm, done(0))
    commit(lastfm, of_lastfm(State.DONE, 0b011, 0), job="lastfm")
    commit(lastfm, of_lastfm(State.DONE, 0b111, 1), job="lastfm")
    commit(lastfm, of_lastfm(State.MISSING, 0b001, 2, error="unknown"), job="lastfm")
    commit(lastfm, of_lastfm(State.DEAD, 0b001, 3, attempts=5, error="why"), job="lastfm")
    lastfm.want("lastfm", 0b011)
    assert stands(lastfm, 0) == ("done", 0b011, 0, None, "raw")
    lastfm.want("lastfm", 0b111)
    assert stands(lastfm, 0) == ("pending", 0b011, 0, None, "raw")
    assert stands(lastfm, 1) == ("done", 0b111, 0, None, "raw")
    assert stands(lastfm, 2) == ("missing", 0b001, 0, "unknown", "raw")
    assert stands(lastfm, 3) == ("dead", 0b001, 5, "why", "raw")
    # Another job's tasks are not wanted otherwise.
    assert stands(lastfm, 0, "spotify") == ("done", 1, 0, None, "raw")


def test_tasks_that_have_all_that_is_wanted_are_done(lastfm):
    commit(lastfm, of_lastfm(State.PENDING, 0b011, 0, attempts=2, error="odd"), job="lastfm")
    commit(lastfm, of_lastfm(State.PENDING, 0b010, 1), job="lastfm")
    commit(lastfm, of_lastfm(State.MISSING, 0b011, 2, error="unknown"), job="lastfm")
    lastfm.want("lastfm", 0b011)
    assert stands(lastfm, 0) == ("done", 0b011, 0, None, "raw")
    assert stands(lastfm, 1) == ("pending", 0b010, 0, None, "raw")
    assert stands(lastfm, 2) == ("missing", 0b011, 0, "unknown", "raw")
    assert lastfm.counts("lastfm") == Counts(pending=8, done=1, missing=1)


def test_what_is_to_be_asked_yet_is_counted_by_tracks_and_by_parts(lastfm):
    commit(lastfm, of_lastfm(State.PENDING, 0b011, 0), job="lastfm")
    commit(lastfm, of_lastfm(State.DONE, 0b111, 1), job="lastfm")
    assert lastfm.questions("lastfm") == Questions(9, 1 + 8 * 3)
    assert lastfm.questions("lastfm", limit=2) == Questions(2, 1 + 3)
    assert lastfm.questions("spotify", limit=4) == Questions(4, 4)
    lastfm.want("lastfm", 0b101)
    assert lastfm.questions("lastfm") == Questions(9, 1 + 8 * 2)


def test_tracks_that_are_tried_again_are_asked_for_by_raw_names_unless_others_found_a_part(lastfm):
    commit(lastfm, of_lastfm(State.MISSING, 0, 0, form="plain"), job="lastfm")
    commit(lastfm, of_lastfm(State.DEAD, 0b001, 1, attempts=5, form="plain"), job="lastfm")
    assert lastfm.retry_dead("lastfm", missing=True) == 2
    assert stands(lastfm, 0) == ("pending", 0, 0, None, "raw")
    assert stands(lastfm, 1) == ("pending", 0b001, 0, None, "plain")


def test_dead_tasks_that_have_all_that_is_wanted_now_are_done_when_tried_again(lastfm):
    commit(lastfm, of_lastfm(State.DEAD, 0b001, 0, attempts=5, error="why"), job="lastfm")
    lastfm.want("lastfm", 0b001)
    assert lastfm.retry_dead("lastfm") == 1
    assert stands(lastfm, 0) == ("done", 0b001, 0, None, "raw")


@pytest.mark.parametrize("job", ["spotify", "lastfm"])
def test_tracks_that_the_tables_no_longer_hold_are_neither_tried_again_nor_due(lastfm, job):
    commit(lastfm, of_lastfm(State.MISSING, 0, 0, error="unknown"), job=job)
    commit(lastfm, of_lastfm(State.PENDING, 0b001, 1), job="lastfm")
    lastfm.add_tasks(job, [[(ID(7), "artist 7", "title 7")]], fingerprint="one track")
    assert lastfm.retry_dead(job, missing=True) == 0
    assert lastfm.reopen(job, provider="another", overwrite=True) == 0
    commit(lastfm, of_lastfm(State.MISSING, 0, 7, error="unknown"), job=job)
    assert lastfm.next_due_at(job) is None
    assert lastfm.questions(job) == Questions(0, 0)


def test_what_another_provider_is_asked_for_is_asked_for_from_the_start(store):
    commit(store, Commit([Change([task(1)], State.DEAD, 0b1, 5)]), done(2))
    assert store.reopen("spotify", provider="reccobeats", overwrite=True) == 2
    assert {t.parts for t in store.due("spotify", before=1, limit=10)} == {0}


def test_a_clock_that_was_set_back_is_the_affair_of_each_job_by_itself(lastfm):
    waiting = Commit([Change([task(3)], State.PENDING, 0, 1, 5000.0, "why")])
    commit(lastfm, waiting)
    commit(lastfm, waiting, job="lastfm")
    lastfm.bring_forward("lastfm", latest=100.0)
    assert ID(3) not in due_ids(lastfm, before=4999.0)
    assert ID(3) in due_ids(lastfm, "lastfm", before=100.0)


def test_a_track_whose_features_a_file_has_is_waited_for_and_charged_no_more(lastfm):
    failed = Commit([Change([task(0)], State.PENDING, 0, 3, 5000.0, "why")])
    commit(lastfm, failed)
    lastfm.import_features([record(ID(0))], provider="mine", overwrite=False)
    assert stands(lastfm, 0, "spotify") == ("done", 1, 0, None, "raw")
    assert lastfm.one("SELECT next_at FROM task WHERE job = 'spotify' AND track_id = 1") == (0,)


def test_what_last_fm_does_not_know_says_nothing_of_spotify_s_tasks(lastfm):
    commit(lastfm, done(0))
    lastfm.reopen("spotify", provider="reccobeats", overwrite=True)
    commit(lastfm, of_lastfm(State.MISSING, 0, 0, error="unknown"), job="lastfm")
    assert stands(lastfm, 0, "spotify") == ("pending", 0, 0, None, "raw")
