import time

from harvest.runs import RunLog
from harvest.status import as_json, as_table, notices, read_status
from harvest.worklist import Change, Commit, Embargo, State, Tally
from tests.harvest.fakes import ID, record, task


def test_an_empty_state_has_nothing_to_do(tmp_path):
    nothing = {"total": 0, "pending": 0, "done": 0, "missing": 0, "dead": 0}
    jobs = as_json(read_status(tmp_path))["jobs"]
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
    job = as_json(read_status(tmp_path / "state"))["jobs"]["spotify"]
    assert (job["total"], job["pending"], job["done"]) == (10, 7, 1)
    assert (job["missing"], job["dead"]) == (1, 1)
    assert job["rate"] > 0
    assert job["not_before"] is None


def test_a_wait_that_a_service_imposed_is_shown_with_its_zone(store, tmp_path):
    RunLog(store).set_embargo("spotify", Embargo(4e9, "quota"))
    job = as_json(read_status(tmp_path / "state"))["jobs"]["spotify"]
    assert job["not_before"].startswith("2096-10-0")
    assert job["not_before"][19] in "+-"
    (notice,) = notices(read_status(tmp_path / "state"), now=time.time())
    assert notice.startswith("spotify: quota; nothing is sent before 2096-10-0")
    assert notices(read_status(tmp_path / "state"), now=4.1e9) == []


def test_the_table_has_a_row_for_each_job(store, tmp_path):
    assert as_table(read_status(tmp_path / "state")).row_count == 2
