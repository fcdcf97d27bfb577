"""`harvest lastfm`: what it asks for, in which words, how often, and what it stores of that."""

import csv
import sqlite3
from contextlib import closing

import pytest

from harvest.asking import refusals
from harvest.errors import CredentialsRefused, Postponed
from harvest.exporting import export
from harvest.verifying.job import verify
from harvest.worklist import Counts
from tests.end_to_end.lastfm_service import Lastfm, harvest, make_state
from tests.harvest.fakes import ID, QuietProgress

PARTS = ("info", "tags", "similars")
HARD = [
    ("Salt & Pepper", "Push & Pull = 100% + ?#;"),
    ("AC/DC", "Black / White"),
    ("Ünï", "Fire 🔥👩‍👩‍👧"),
    ("אבג", "שלום \u200f(חי)"),
    ("長い", "夜" * 400),
    ("Bell\x07", "Ding \x1b[31m Dong"),
    ("<b>Tag</b>", "]]><!DOCTYPE x>"),
]


def query(state, sql):
    with closing(sqlite3.connect(state / "harvest.db")) as db:
        return db.execute(sql).fetchall()


def exported(state, name):
    export(state, state / "out", form="csv")
    with (state / "out" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def assert_whole(state):
    assert [finding.check for finding in verify(state).failed] == []


def test_each_part_of_each_recording_is_asked_for_once_and_stored_for_all_its_tracks(tmp_path):
    state = make_state(tmp_path, [("A", "T"), ("B", "T"), ("A", "T"), ("A", "T")])
    service, progress = Lastfm([("A", "T"), ("B", "T")]), QuietProgress()
    report = harvest(state, service, progress=progress)
    assert sorted(service.asked) == sorted(
        (part, artist, "T") for part in PARTS for artist in ("A", "B")
    )
    assert report.counts == Counts(done=4)
    assert progress.settled == {"done": 4}
    for table in ("lastfm_track", "lastfm_tag", "lastfm_similar"):
        assert query(state, f"SELECT count(*) FROM {table}") == [(4,)]
    assert_whole(state)


def test_the_start_says_how_many_requests_there_are_and_how_long_they_take(tmp_path):
    state = make_state(tmp_path, [("A", f"T{i % 40}") for i in range(50)])
    progress = QuietProgress()
    harvest(state, Lastfm([]), progress=progress, rate=200.0, limit=1)
    assert progress.said == ["lastfm: 1 track to ask for, in about 3 requests: 1 s at 200 a second"]
    harvest(state, Lastfm([]), progress=progress, rate=200.0, what=["info", "tags"])
    # 39 recordings, two parts each, five milliseconds a request.
    assert progress.said[1:] == [
        "lastfm: 39 tracks to ask for, in about 78 requests: 1 s at 200 a second"
    ]


def test_hard_names_arrive_as_they_are_and_are_stored(tmp_path):
    state = make_state(tmp_path, HARD)
    service = Lastfm(HARD)
    assert harvest(state, service).counts == Counts(done=len(HARD))
    assert sorted(service.asked) == sorted((part, *names) for part in PARTS for names in HARD)
    # XML cannot hold control characters: last.fm's names come without.
    clean = str.maketrans("", "", "\x07\x1b")
    stored = [(row["artist"], row["title"]) for row in exported(state, "lastfm_track")]
    assert stored == [(artist.translate(clean), title.translate(clean)) for artist, title in HARD]
    assert_whole(state)


def test_names_of_nothing_are_missing_and_asked_for_in_vain_never(tmp_path):
    state = make_state(tmp_path, [("", "T"), ("A", " "), ("A", "\t\u200b"), ("A", "T")])
    service = Lastfm([("A", "T")])
    report = harvest(state, service)
    assert report.counts == Counts(done=1, missing=3)
    assert set(service.asked) == {(part, "A", "T") for part in PARTS}
    errors = [error for (error,) in query(state, "SELECT error FROM task ORDER BY seq")]
    assert errors[:2] == [
        "not asked for: the tables have no artist of it ('')",
        "not asked for: the tables have no title of it (' ')",
    ]
    assert_whole(state)


def test_names_that_are_unknown_are_tried_once_more_without_what_services_add(tmp_path):
    raw = "Song (feat. B) - Remastered 2011"
    state = make_state(tmp_path, [("A ft. C", raw), ("A", "Known - Live at X"), ("A", "Song")])
    service = Lastfm([("A", "Song"), ("A", "Known - Live at X")])
    assert harvest(state, service).counts == Counts(done=3)
    of_the_first = [each for each in service.asked if each[1:] == ("A ft. C", raw)]
    assert of_the_first == [("info", "A ft. C", raw)]
    # By plain names all three parts, beside those of the third track, which are its own.
    assert sorted(each[0] for each in service.asked if each[2] == "Song") == sorted(PARTS * 2)
    assert [row["matched"] for row in exported(state, "lastfm_track")] == ["plain", "raw", "raw"]
    assert [row["form"] for row in exported(state, "tasks")] == ["plain", "raw", "raw"]
    assert_whole(state)


def test_a_track_that_is_unknown_by_both_is_missing_after_two_questions(tmp_path):
    state = make_state(tmp_path, [("A", "T - Radio Edit"), ("A", "U")])
    service = Lastfm([])
    assert harvest(state, service).counts == Counts(missing=2)
    assert sorted(service.asked) == [
        ("info", "A", "T"),
        ("info", "A", "T - Radio Edit"),
        ("info", "A", "U"),
    ]
    assert harvest(state, service).counts == Counts(missing=2)
    assert len(service.asked) == 3
    assert_whole(state)


@pytest.mark.parametrize("title", ["T", "T - Radio Edit"])
def test_a_stop_between_the_parts_of_a_track_repeats_none_of_them(title, tmp_path, monkeypatch):
    monkeypatch.setattr(refusals, "PASSING_S", 0.0)
    state = make_state(tmp_path, [("A", title)])
    first = Lastfm([("A", "T")], failing={"tags": (10, 403)})
    assert isinstance(harvest(state, first).ended_by, CredentialsRefused)
    assert first.asked[-2:] == [("info", "A", "T"), ("tags", "A", "T")]
    assert_whole(state)
    second = Lastfm([("A", "T")], failing={"similars": (26, 200)})
    assert isinstance(harvest(state, second).ended_by, CredentialsRefused)
    assert second.asked == [("tags", "A", "T"), ("similars", "A", "T")]
    third = Lastfm([("A", "T")])
    assert harvest(state, third).counts == Counts(done=1)
    assert third.asked == [("similars", "A", "T")]
    assert harvest(state, third).counts == Counts(done=1)
    assert len(third.asked) == 1
    assert_whole(state)


def test_what_is_asked_for_is_a_choice_and_what_lacks_is_asked_for_later(tmp_path):
    state = make_state(tmp_path, [("A", "T"), ("A", "U")])
    known = [("A", "T"), ("A", "U")]
    first = Lastfm(known)
    assert harvest(state, first, what=["tags"]).counts == Counts(done=2)
    assert {part for part, *_ in first.asked} == {"tags"}
    assert_whole(state)
    second = Lastfm(known)
    assert harvest(state, second, what=["info", "tags"], limit=1).counts == Counts(1, 1)
    assert [part for part, *_ in second.asked] == ["info"]
    assert_whole(state)
    third = Lastfm(known)
    assert harvest(state, third, n_similars=7).counts == Counts(done=2)
    assert sorted(part for part, *_ in third.asked) == ["info", "similars", "similars"]
    assert {form["limit"] for form in third.forms if "limit" in form} == {"7"}
    assert_whole(state)
    # Who wants less again asks for nothing, and what there is stays.
    fourth = Lastfm(known)
    assert harvest(state, fourth, what=["info"]).counts == Counts(done=2)
    assert fourth.asked == []
    assert query(state, "SELECT count(*) FROM lastfm_similar") == [(2,)]


def test_who_wants_less_than_a_pending_track_has_is_done_with_it(tmp_path, monkeypatch):
    monkeypatch.setattr(refusals, "PASSING_S", 0.0)
    state = make_state(tmp_path, [("A", "T")])
    stopped = Lastfm([("A", "T")], failing={"similars": (4, 403)})
    assert harvest(state, stopped).counts == Counts(pending=1)
    service = Lastfm([])
    assert harvest(state, service, what=["info", "tags"]).counts == Counts(done=1)
    assert service.asked == []
    assert_whole(state)


def test_autocorrection_is_always_asked_for(tmp_path):
    service = Lastfm([("A", "T")])
    harvest(make_state(tmp_path, [("A", "T")]), service)
    assert {form["autocorrect"] for form in service.forms} == {"1"}


def test_a_full_store_stops_for_later_keeps_what_came_and_goes_on_with_more_room(tmp_path):
    names = [("A", f"T{i:02}") for i in range(30)]
    state = make_state(tmp_path, names)
    # A track has 1 + 3 + 16 bytes: the third fills 60.
    service = Lastfm(names)
    report = harvest(state, service, what=["info"], max_bytes=60)
    assert isinstance(report.ended_by, Postponed)
    assert "--max-bytes allows 60" in str(report.ended_by)
    n_stored = report.counts.done
    assert 3 <= n_stored < 30
    assert query(state, "SELECT bytes FROM job") == [(20 * n_stored,)]
    assert_whole(state)
    n_asked = len(service.asked)
    with pytest.raises(Postponed, match="start again with a larger --max-bytes"):
        harvest(state, service, what=["info"], max_bytes=60)
    assert len(service.asked) == n_asked
    assert harvest(state, service, what=["info"], max_bytes=600).counts == Counts(done=30)
    assert len(service.asked) == len(set(service.asked)) == 30


def test_restarts_keep_the_distance_between_requests(tmp_path):
    names = [("A", f"T{i}") for i in range(3)]
    state = make_state(tmp_path, names)
    service = Lastfm(names)
    for _ in names:
        harvest(state, service, what=["info"], limit=1, rate=1.0)
    first, second, third = service.asked_at
    assert min(second - first, third - second) >= 0.6  # Seconds; each may arrive late.


def test_dead_and_missing_tracks_are_tried_again_by_raw_names_first(tmp_path):
    from harvest.store import Store

    state = make_state(tmp_path, [("A", "T - Mono")])
    harvest(state, Lastfm([]))
    with Store.open(state) as store:
        assert store.retry_dead("lastfm") == 0
        assert store.retry_dead("lastfm", missing=True) == 1
    service = Lastfm([("A", "T - Mono")])
    assert harvest(state, service).counts == Counts(done=1)
    assert service.asked[0] == ("info", "A", "T - Mono")
    assert [row["matched"] for row in exported(state, "lastfm_track")] == ["raw"]
    assert query(state, f"SELECT state FROM task WHERE spotify_id = '{ID(0)}'") == [("done",)]
