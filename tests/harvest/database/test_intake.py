import pytest
from msgspec.structs import replace

from harvest import worklist
from harvest.records import TrackInfo
from harvest.store import Store
from harvest.worklist import Commit, Counts, Tally
from tests.harvest.fakes import ID

BEFORE = [(ID(0), "A", "T"), (ID(1), "B", "U")]
RENAMED = [(ID(0), "A", "T - 2"), (ID(1), "B", "U")]


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "state") as store:
        store.add_tasks("lastfm", [BEFORE], fingerprint="before")
        yield store


def first(store):
    return store.due("lastfm", before=1e12, limit=1)[0]


def commit(store, change, *records):
    commits = [Commit([change], records)]
    store.commit("lastfm", commits, provider="lastfm", run_id=1, tally=Tally())


@pytest.mark.parametrize(
    "settle",
    [
        lambda task: worklist.missing(task, "unknown"),
        lambda task: worklist.dead(task, "poison"),
        lambda task: worklist.failed(task, "odd", now=1.0),
        lambda task: worklist.unknown(task, "x", otherwise=replace(task, form="plain")),
    ],
)
def test_what_was_said_of_a_track_s_old_names_is_forgotten_with_them(settle, store):
    commit(store, settle(first(store)))
    store.add_tasks("lastfm", [RENAMED], fingerprint="renamed")
    task = first(store)
    assert (task.title, task.attempts, task.form) == ("T - 2", 0, "raw")
    assert store.counts("lastfm") == Counts(pending=2)


def test_tracks_are_asked_for_in_the_order_of_the_pages(store):
    pages = [[(ID(i), "A", f"T {i}") for i in ids] for ids in ([9, 3, 7], [5, 1], [8, 2])]
    store.add_tasks("lastfm", pages, fingerprint="three pages")
    asked = [task.spotify_id for task in store.due("lastfm", before=1, limit=9)]
    assert asked == [ID(i) for i in (9, 3, 7, 5, 1, 8, 2)]


def test_an_artist_s_other_name_is_another_name_too(store):
    commit(store, worklist.missing(first(store), "unknown"))
    store.add_tasks("lastfm", [[(ID(0), "A B", "T"), BEFORE[1]]], fingerprint="renamed")
    assert store.counts("lastfm") == Counts(pending=2)


@pytest.mark.parametrize("settle", [worklist.missing, worklist.dead])
def test_what_was_said_of_a_track_is_known_yet_when_the_tables_hold_it_again(settle, store):
    commit(store, settle(first(store), "unknown"))
    store.add_tasks("lastfm", [BEFORE[1:]], fingerprint="without it")
    assert store.counts("lastfm") == Counts(pending=1)
    store.add_tasks("lastfm", [BEFORE], fingerprint="with it again")
    counts = store.counts("lastfm")
    assert (counts.pending, counts.missing + counts.dead) == (1, 1)


def test_what_was_said_stays_where_the_names_stay(store):
    commit(store, worklist.missing(first(store), "unknown"))
    store.add_tasks("lastfm", [BEFORE[::-1]], fingerprint="in another order")
    assert store.counts("lastfm") == Counts(pending=1, missing=1)


def test_a_track_keeps_the_names_by_which_it_was_answered(store):
    task = first(store)
    row = TrackInfo(spotify_id=task.spotify_id, artist="A", title="T", listeners=1, playcount=1)
    commit(store, worklist.part_done([task], 0, wanted=0b111), row)
    store.add_tasks("lastfm", [RENAMED], fingerprint="renamed")
    assert (first(store).title, first(store).parts) == ("T", 0b001)


def test_spotify_s_job_takes_no_names_up_as_long_as_last_fm_has_a_task(store):
    store.add_tasks("spotify", [RENAMED], fingerprint="renamed")
    assert first(store).title == "T"
    store.add_tasks("lastfm", [RENAMED], fingerprint="renamed")
    assert first(store).title == "T - 2"


def test_renamed_tracks_are_twins_of_others_from_then_on(store):
    store.add_tasks("lastfm", [[(ID(0), "B", "U"), (ID(1), "B", "U")]], fingerprint="alike")
    assert [t.spotify_id for t in store.due("lastfm", before=1, limit=9)] == [ID(0)]
    store.add_tasks("lastfm", [BEFORE], fingerprint="apart")
    assert [t.spotify_id for t in store.due("lastfm", before=1, limit=9)] == [ID(0), ID(1)]


def test_tables_that_cannot_be_read_to_their_end_change_nothing(store):
    def pages():
        yield RENAMED[:1]
        raise ValueError("unreadable")

    with pytest.raises(ValueError, match="unreadable"):
        store.add_tasks("lastfm", pages(), fingerprint="broken")
    assert first(store).title == "T"
    store.add_tasks("lastfm", [RENAMED], fingerprint="broken")
    assert first(store).title == "T - 2"
