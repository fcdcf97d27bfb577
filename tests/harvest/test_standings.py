from harvest.runs import RunLog
from harvest.standings import notices, read_status
from harvest.worklist import Counts, Embargo
from tests.harvest.sources.lists.conftest import Lists


def test_an_empty_state_has_the_two_jobs_with_nothing_to_do(tmp_path):
    statuses = read_status(tmp_path)
    assert list(statuses) == ["spotify", "lastfm"]
    assert all(status.counts == Counts() for status in statuses.values())


def test_counts_are_those_of_the_store(gathered):
    assert read_status(gathered)["spotify"].counts == Counts(pending=2, done=6, missing=1, dead=1)


def test_a_job_that_was_never_started_has_its_tracks_pending(tmp_path):
    from harvest.collecting import collect

    collect(tmp_path, [Lists(tmp_path / "lists").uris("a.txt", 1, 2)], workers=1)
    pending = {job: each.counts.pending for job, each in read_status(tmp_path).items()}
    assert pending == {"spotify": 2, "lastfm": 2, "names": 2}


def test_a_wait_is_told_until_it_is_over(store, tmp_path):
    RunLog(store).set_embargo("spotify", Embargo(4e9, "quota"))
    statuses = read_status(tmp_path / "state")
    (notice,) = notices(statuses, now=4e9 - 86400)
    assert notice.startswith("spotify: quota; nothing is sent before 2096-10-0")
    assert notices(statuses, now=4.1e9) == []
