import io
import json

from harvest.progress import BarProgress, LineProgress, SliceProgress, progress_for
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


def test_a_terminal_gets_a_bar_with_count_rate_and_time_left():
    stream = io.StringIO()
    progress = BarProgress(stream)
    progress.start("spotify", Counts(pending=90, done=10))
    progress.say("a pause [of 7 s]")
    progress.settle(State.DONE, 5)
    progress.tick()
    progress.close()
    assert "a pause [of 7 s]" in stream.getvalue()
    assert "15/100" in stream.getvalue()


def test_where_no_terminal_is_there_are_lines():
    assert isinstance(progress_for(io.StringIO()), LineProgress)


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
