import io
import json
from pathlib import Path

import pytest

from harvest.errors import StorageError
from harvest.progress import LineProgress, LogProgress, SliceProgress, progress_for
from harvest.progress_bar import BarProgress
from harvest.worklist import Counts, State
from tests.harvest.fakes import FakeClock


def lines(stream):
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_log_gets_a_json_line_each_thirty_seconds():
    stream, clock = io.StringIO(), FakeClock(0.0)
    progress = LineProgress(stream, clock=clock)
    progress.start("spotify", Counts(pending=90, done=10))
    progress.settle(State.DONE, 30)
    for clock.now in (10.0, 29.0, 30.0, 31.0):
        progress.tick()
    # 30 tracks in 30 s; the 60 that are left take 60 s more.
    assert lines(stream) == [
        {
            "job": "spotify",
            "pending": 60,
            "done": 40,
            "missing": 0,
            "dead": 0,
            "rate": 1.0,
            "left_s": 60,
        }
    ]


def test_the_rate_of_a_second_job_knows_nothing_of_the_first():
    stream, clock = io.StringIO(), FakeClock(0.0)
    progress = LineProgress(stream, clock=clock)
    progress.start("names", Counts(pending=1000))
    progress.settle(State.DONE, 1000)
    progress.close("done")
    progress.start("ids", Counts(pending=60, done=10))
    clock.now += 1.0
    progress.say("a message")
    assert (lines(stream)[-1]["rate"], lines(stream)[-1]["left_s"]) == (0.0, None)
    progress.settle(State.DONE, 20)
    clock.now += 9.0
    progress.say("a message")
    # 20 tracks in 10 s; the 40 that are left take 20 s.
    assert (lines(stream)[-1]["rate"], lines(stream)[-1]["left_s"]) == (2.0, 20)


def test_a_message_is_a_line_at_once():
    stream = io.StringIO()
    progress = LineProgress(stream, clock=FakeClock())
    progress.start("lastfm", Counts(pending=1))
    progress.say("waiting 7 s")
    assert lines(stream)[-1]["message"] == "waiting 7 s"
    assert lines(stream)[-1]["left_s"] is None


def test_the_last_line_says_where_it_ended():
    stream = io.StringIO()
    progress = LineProgress(stream, clock=FakeClock())
    progress.start("spotify", Counts(pending=2))
    progress.settle(State.MISSING, 2)
    progress.close()
    assert lines(stream)[-1]["missing"] == 2
    assert lines(stream)[-1]["pending"] == 0


def test_where_no_terminal_is_there_are_lines():
    assert isinstance(progress_for(io.StringIO()), LineProgress)


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(("term", "kind"), [("xterm", BarProgress), ("dumb", LineProgress)])
def test_a_bar_is_drawn_where_a_terminal_can_draw(term, kind, monkeypatch):
    monkeypatch.setenv("TERM", term)
    assert isinstance(progress_for(Terminal()), kind)


def test_slices_are_told_of_as_tracks_are():
    stream, clock = io.StringIO(), FakeClock(0.0)
    progress = SliceProgress(LineProgress(stream, clock=clock))
    for done in (1, 2):
        progress.advance(done, 2, "mpd.slice.0-999.json")
        clock.now += 2.0
    progress.close()
    assert lines(stream)[-1] == {
        "job": "mpd",
        "pending": 0,
        "done": 2,
        "missing": 0,
        "dead": 0,
        "rate": 0.5,
        "left_s": 0,
    }


def test_where_no_slice_was_read_nothing_is_said():
    stream = io.StringIO()
    SliceProgress(LineProgress(stream)).close()
    assert stream.getvalue() == ""


def test_a_wait_is_counted_down_in_lines_each_thirty_seconds():
    stream, clock = io.StringIO(), FakeClock(0.0)
    progress = LineProgress(stream, clock=clock)
    for clock.now in range(62):
        progress.count_down(100.0 - clock.now, "quota; waiting until noon")
    progress.close()
    assert lines(stream) == [
        {"message": "quota; waiting until noon", "waiting_s": left} for left in (100, 70, 40)
    ]


def test_a_second_wait_is_told_of_at_once():
    stream = io.StringIO()
    progress = LineProgress(stream, clock=FakeClock(0.0))
    for _ in range(2):
        progress.count_down(5.0, "quota")
        progress.close()
    assert len(lines(stream)) == 2


def test_the_last_line_says_how_it_ended():
    stream = io.StringIO()
    progress = LineProgress(stream, clock=FakeClock())
    progress.start("spotify", Counts(pending=2))
    progress.close("stopped by SIGINT")
    assert lines(stream)[-1]["outcome"] == "stopped by SIGINT"


def test_a_log_file_is_appended_to_and_each_line_has_its_time(tmp_path):
    path = tmp_path / "log.jsonl"
    for _ in range(2):
        progress = progress_for(io.StringIO(), log=path)
        progress.start("spotify", Counts(pending=2))
        progress.settle(State.DONE, 1)
        progress.count_down(4.0, "quota")
        progress.tick()
        progress.close("done")
    written = [json.loads(line) for line in path.read_text().splitlines()]
    assert [line.get("outcome") for line in written] == [None, "done", None, "done"]
    assert all(line["time"].endswith("+00:00") for line in written)
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_is_logged_is_shown_too(tmp_path):
    stream = io.StringIO()
    progress = progress_for(stream, log=tmp_path / "log.jsonl")
    progress.start("spotify", Counts(pending=2))
    progress.say("hello")
    assert lines(stream)[-1]["message"] == "hello"


def test_nobody_who_reads_the_lines_is_no_reason_to_end_a_job():
    class Unread(io.StringIO):
        def write(self, _text):
            raise BrokenPipeError

    progress = LineProgress(Unread())
    for _ in range(3):
        progress.say("hello")
    progress.close("done")


def test_a_log_on_a_full_disk_is_said_once_and_does_not_end_the_job():
    stream = io.StringIO()
    progress = progress_for(stream, log=Path("/dev/full"))
    progress.start("spotify", Counts(pending=2))
    progress.say("nobody will read this in a log")
    progress.close("done")
    told = [line["message"] for line in lines(stream) if "message" in line]
    assert told == [
        "nobody will read this in a log",
        "cannot write the log /dev/full: No space left on device; the job goes on without it",
    ]
    assert lines(stream)[-1]["outcome"] == "done"


def test_a_log_that_cannot_be_opened_is_an_error(tmp_path):
    with pytest.raises(StorageError, match="cannot write the log"):
        LogProgress(tmp_path / "no" / "such", warn=print)
