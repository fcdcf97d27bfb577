import pytest

from harvest import worklist
from harvest.database import twins
from harvest.records import SimilarTrack, Tag, TrackInfo
from harvest.store import Store
from harvest.worklist import Change, Commit, Counts, State, Tally
from tests.harvest.fakes import ID

ALL = 0b111
# Tracks 0, 2 and 4 are one recording, 1 and 3 others: the same title, the same artist.
NAMES = [("A", "T"), ("B", "T"), ("A", "T"), ("A", "t"), ("A", "T")]
ROWS = [(ID(i), *names) for i, names in enumerate(NAMES)]


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "state") as store:
        store.add_tasks("lastfm", [ROWS], fingerprint="five tracks")
        yield store


def due(store):
    return store.due("lastfm", before=1e12, limit=100)


def commit(store, *commits):
    written = store.commit("lastfm", commits, provider="lastfm", run_id=1, tally=Tally())
    return written.stored_bytes


def info(task):
    return TrackInfo(spotify_id=task.spotify_id, artist="Å", title="T", listeners=1, playcount=2)


def received(task, number, *records, wanted=ALL):
    return Commit([worklist.part_done([task], number, wanted=wanted)], records)


def stands(store, *columns):
    """The columns of tracks 0 to 4's tasks."""
    return list(store.rows(f"SELECT {', '.join(columns)} FROM task ORDER BY spotify_id"))


def ids_in(store, table):
    return [i for (i,) in store.rows(f"SELECT spotify_id FROM {table} ORDER BY spotify_id")]


def test_of_tracks_with_the_same_names_the_first_alone_is_asked_for(store):
    assert [task.spotify_id for task in due(store)] == [ID(0), ID(1), ID(3)]
    questions = store.questions("lastfm")
    assert (questions.tasks, questions.parts) == (3, 9)
    assert store.counts("lastfm") == Counts(pending=5)


def test_what_is_received_for_one_is_stored_for_all_in_the_same_transaction(store):
    leader = due(store)[0]
    tag, similar = Tag(leader.spotify_id, "rock", 100), SimilarTrack(leader.spotify_id, "B", "U", 1)
    stored = commit(store, received(leader, 0, info(leader)))
    assert ids_in(store, "lastfm_track") == [ID(0), ID(2), ID(4)]
    # Å has two bytes, T one, two numbers 16: 19, three times.
    assert stored == store.stored_bytes("lastfm") == 57
    assert [parts for (parts,) in stands(store, "parts")] == [1, 0, 1, 0, 1]
    leader = due(store)[0]
    commit(store, received(leader, 1, tag))
    commit(store, received(due(store)[0], 2, similar))
    assert store.counts("lastfm") == Counts(done=3, pending=2)
    assert ids_in(store, "lastfm_similar") == [ID(0), ID(2), ID(4)]
    assert ids_in(store, "lastfm_tag") == [ID(0), ID(2), ID(4)]


@pytest.mark.parametrize("state", ["missing", "dead", "failed"])
def test_whatever_becomes_of_one_becomes_of_all(state, store):
    leader = due(store)[0]
    options = {"now": 100.0} if state == "failed" else {}
    commit(store, Commit([getattr(worklist, state)(leader, "why", **options)]))
    one, _, two, _, three = stands(store, "state", "attempts", "next_at", "error", "form")
    assert one == two == three
    assert one[3] == "why"


def test_twins_are_told_of_and_counted_where_they_settle(store):
    leader = due(store)[0]
    written = store.commit(
        "lastfm",
        [Commit([worklist.missing(leader, "why")])],
        provider="lastfm",
        run_id=1,
        tally=Tally(),
    )
    ((ids),) = [[task.spotify_id for task in change.tasks] for change in written.changes]
    assert ids == [ID(0), ID(2), ID(4)]


def test_a_form_that_matched_is_in_the_rows_of_all(store):
    leader = due(store)[0]
    change = Change([leader], State.PENDING, 1, form="plain")
    commit(store, Commit([change], [info(leader)]))
    assert list(store.rows("SELECT DISTINCT matched FROM lastfm_track")) == [("plain",)]
    assert [form for (form,) in stands(store, "form")] == ["plain", "raw", "plain", "raw", "plain"]


def test_a_track_that_comes_later_takes_what_its_twin_has(store):
    leader = due(store)[0]
    commit(store, received(leader, 0, info(leader)))
    commit(store, received(due(store)[0], 1, Tag(leader.spotify_id, "é", 5)))
    commit(store, Commit([worklist.missing(due(store)[1], "unknown")]))
    later = [(ID(7), "A", "T"), (ID(8), "B", "T"), *ROWS]
    store.add_tasks("lastfm", [later], fingerprint="two more")
    # They stand first in the tables, so they lead: asked for what is lacking alone, or not at all.
    assert [(task.spotify_id, task.parts) for task in due(store)] == [(ID(7), 0b011), (ID(3), 0)]
    assert ids_in(store, "lastfm_track") == [ID(0), ID(2), ID(4), ID(7)]
    assert ids_in(store, "lastfm_tag") == [ID(0), ID(2), ID(4), ID(7)]
    assert store.counts("lastfm") == Counts(pending=5, missing=2)
    # Four times 19 and four times 2 + 8 bytes.
    assert store.stored_bytes("lastfm") == 4 * (19 + 10)


def test_where_the_leader_leaves_the_tables_another_leads(store):
    leader = due(store)[0]
    commit(store, received(leader, 0, info(leader)))
    store.add_tasks("lastfm", [ROWS[1:]], fingerprint="without the first")
    assert [(task.spotify_id, task.parts) for task in due(store)] == [
        (ID(1), 0),
        (ID(2), 1),
        (ID(3), 0),
    ]
    # What there is of the one that left is kept, and stands as its twins stand.
    commit(store, Commit([worklist.missing(due(store)[0], "x")]))
    commit(store, received(due(store)[0], 1, wanted=0b011))
    assert stands(store, "state", "parts")[0] == ("done", 0b011)


def test_of_twins_that_stood_apart_the_one_of_which_most_is_known_counts(store):
    leader = due(store)[0]
    commit(store, received(leader, 0, info(leader)))
    with store.transaction() as db:
        # As before twins were told: one was received, one is dead, one was never asked for.
        db.execute("UPDATE task SET twin_of = NULL")
        db.execute(
            "UPDATE task SET parts = 0, state = 'dead', error = 'x', provider = 'lastfm' "
            f"WHERE spotify_id = '{ID(2)}'"
        )
        db.execute(f"UPDATE task SET parts = 0 WHERE spotify_id = '{ID(4)}'")
        db.execute(f"DELETE FROM lastfm_track WHERE spotify_id != '{ID(0)}'")
        db.execute("UPDATE job SET bytes = 19")
        twins.regroup(db)
    assert [parts for (parts,) in stands(store, "parts")] == [1, 0, 1, 0, 1]
    assert {state for (state,) in stands(store, "state")} == {"pending"}
    assert ids_in(store, "lastfm_track") == [ID(0), ID(2), ID(4)]
    assert store.stored_bytes("lastfm") == 57


@pytest.mark.parametrize(
    ("less", "more"),
    [
        ("parts = 4", "parts = 3"),
        ("parts = 3, state = 'dead'", "parts = 3, state = 'missing'"),
        ("state = 'dead'", "state = 'missing'"),
        ("attempts = 4", "state = 'dead', attempts = 0"),
        ("attempts = 4", "form = 'plain'"),
        ("attempts = 1", "attempts = 4"),
    ],
)
def test_more_is_known_of_a_twin_by_parts_then_answers_then_other_names_then_attempts(
    less, more, store
):
    with store.transaction() as db:
        db.execute("UPDATE task SET twin_of = NULL")
        db.execute(f"UPDATE task SET {less} WHERE spotify_id IN ('{ID(0)}', '{ID(4)}')")
        db.execute(f"UPDATE task SET {more} WHERE spotify_id = '{ID(2)}'")
        before = stands(store, "state", "parts", "attempts", "form")[2]
        twins.regroup(db)
    one, _, two, _, three = stands(store, "state", "parts", "attempts", "form")
    assert one == two == three == before


def test_what_a_twin_had_already_is_not_counted_twice(store):
    leader = due(store)[0]
    commit(store, received(leader, 0, info(leader)))
    with store.transaction() as db:
        db.execute("UPDATE task SET twin_of = NULL")
        db.execute(f"INSERT INTO lastfm_tag VALUES ('{ID(2)}', 'é', 5)")
        db.execute(f"UPDATE task SET parts = 3 WHERE spotify_id = '{ID(2)}'")
        db.execute("UPDATE job SET bytes = bytes + 10")
        twins.regroup(db)
    assert ids_in(store, "lastfm_tag") == [ID(0), ID(2), ID(4)]
    assert store.stored_bytes("lastfm") == 3 * (19 + 10)


def test_dead_twins_are_tried_again_together_and_counted_each(store):
    commit(store, Commit([worklist.dead(due(store)[0], "x")]))
    assert store.retry_dead("lastfm") == 3
    assert [task.spotify_id for task in due(store)] == [ID(0), ID(1), ID(3)]


def test_twins_that_left_the_tables_are_tried_again_where_one_that_is_held_leads_them(store):
    commit(store, Commit([worklist.missing(due(store)[0], "x")]))
    store.add_tasks("lastfm", [ROWS[:2]], fingerprint="the first two")
    assert store.retry_dead("lastfm", missing=True) == 3
    commit(store, Commit([worklist.missing(due(store)[0], "x")]))
    store.add_tasks("lastfm", [ROWS[1:2]], fingerprint="the second alone")
    assert store.retry_dead("lastfm", missing=True) == 0


def test_spotify_has_no_twins(tmp_path):
    with Store.open(tmp_path / "other") as store:
        store.add_tasks("spotify", [ROWS], fingerprint="f")
        assert len(store.due("spotify", before=1, limit=9)) == 5
        commits = [Commit([])]
        assert twins.with_twins(store._db, "spotify", commits) is commits
