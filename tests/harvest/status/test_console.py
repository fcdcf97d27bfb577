from io import StringIO

import pytest
from rich.console import Console

from harvest.database.runs import RunLog
from harvest.matching.job import match
from harvest.status.console import as_json, as_table, read_songs, told_of
from harvest.status.standings import JobStatus, notices, read_status
from harvest.worklist import Change, Commit, Counts, Embargo, State, Tally
from tests.harvest.fakes import ID, record, task
from tests.harvest.named_state import write_state

NOW = 1.8e9


def test_an_empty_state_has_nothing_to_do(tmp_path):
    nothing = {"total": 0, "pending": 0, "done": 0, "missing": 0, "dead": 0}
    jobs = as_json(read_status(tmp_path), now=NOW)["jobs"]
    assert set(jobs) == {"spotify", "lastfm"}
    assert all(nothing.items() <= job.items() for job in jobs.values())


def test_counts_are_those_of_the_store_while_it_is_open_for_writing(store, tmp_path):
    changes = [
        Change([task(0)], State.DONE, 1),
        Change([task(1)], State.MISSING, 0, error="unknown"),
        Change([task(2)], State.DEAD, 0, 5, error="poison"),
    ]
    run_id = RunLog(store).begin("spotify")
    store.commit(
        "spotify",
        [Commit(changes, [record(ID(0))])],
        provider="spotify",
        run_id=run_id,
        tally=Tally(sent=1),
    )
    job = as_json(read_status(tmp_path / "state"), now=NOW)["jobs"]["spotify"]
    assert (job["total"], job["pending"], job["done"]) == (10, 7, 1)
    assert (job["missing"], job["dead"]) == (1, 1)
    assert job["rate"] > 0
    assert (job["not_before"], job["waits_until"], job["waits_for"]) == (None, None, None)


def test_a_wait_that_a_service_imposed_is_shown_with_its_zone(store, tmp_path):
    RunLog(store).set_embargo("spotify", Embargo(4e9, "quota"))
    job = as_json(read_status(tmp_path / "state"), now=4e9 - 86400)["jobs"]["spotify"]
    assert (job["waits_until"], job["waits_for"]) == (job["not_before"], "quota")
    assert job["not_before"].startswith("2096-10-0")
    assert job["not_before"][19] in "+-"
    (notice,) = notices(read_status(tmp_path / "state"), now=4e9 - 86400)
    assert notice.startswith("spotify: quota; nothing is sent before 2096-10-0")
    assert notices(read_status(tmp_path / "state"), now=4.1e9) == []


def test_the_table_has_a_row_for_each_job(store, tmp_path):
    assert as_table(read_status(tmp_path / "state")).row_count == 2


COUNTS = Counts(pending=1_200_000, done=1_030_000, missing=100_001, dead=32_262)
FIGURES = ["2,362,263", "1,200,000", "1,030,000", "100,001", "32,262", "1,234.5", "16 min"]


def printed(width):
    console = Console(width=width, file=StringIO())
    status = JobStatus(COUNTS, 1234.5, 972.0, None)
    console.print(as_table({"spotify": status, "lastfm": status}, width=width))
    return console.file.getvalue().splitlines()


@pytest.mark.parametrize("width", [120, 80])
def test_a_job_stands_on_one_line_where_there_is_room(width):
    rows = [line for line in printed(width) if line.startswith("│")]
    assert [[cell.strip() for cell in row.strip("│").split("│")] for row in rows] == [
        ["spotify", *FIGURES],
        ["lastfm", *FIGURES],
    ]


@pytest.mark.parametrize("width", [60, 40, 24])
def test_on_a_narrow_terminal_each_figure_has_a_line_and_none_is_split(width):
    titles = ["total", "pending", "done", "missing", "dead", "tracks/s", "time left"]
    figures = [f"{title} {figure}" for title, figure in zip(titles, FIGURES, strict=True)]
    lines = [" ".join(line.split()) for line in printed(width)]
    assert lines == ["spotify", *figures, "lastfm", *figures]


def test_one_song_is_told_of_in_the_singular(tmp_path):
    write_state(tmp_path, [("A", "x")], [("A", "x")])
    counts = "msd: 1 song, 0 tags, 0 similars; "
    match(tmp_path, workers=1)
    assert told_of(read_songs(tmp_path)) == [counts + "1 of 1 track matched, 0 ambiguous"]


def test_songs_are_counted_and_then_their_matches(tmp_path):
    assert (read_songs(tmp_path), told_of(None)) == (None, [])
    write_state(tmp_path, [("A", "x"), ("B", "y"), ("B", "y")], [("A", "x"), ("B", "y")])
    counts = "msd: 3 songs, 0 tags, 0 similars; "
    assert told_of(read_songs(tmp_path)) == [counts + "not matched yet"]
    assert "tracks_matched" not in as_json({}, read_songs(tmp_path), now=NOW)["msd"]
    match(tmp_path, workers=1)
    assert told_of(read_songs(tmp_path)) == [counts + "1 of 2 tracks matched, 1 ambiguous"]
    shown = as_json({}, read_songs(tmp_path), now=NOW)["msd"]
    assert (shown["songs"], shown["tracks_matched"], shown["tracks_ambiguous"]) == (3, 1, 1)
