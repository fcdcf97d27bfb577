import io

from harvest.progress_bar import BarProgress
from harvest.worklist import Counts, State


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


def test_a_terminal_shows_the_countdown_and_goes_on_with_one_bar():
    stream = io.StringIO()
    progress = BarProgress(stream)
    progress.start("spotify", Counts(pending=2))
    progress.close()
    progress.count_down(3725.0, "quota")
    progress.close()
    progress.start("spotify", Counts(pending=1, done=1))
    assert len(progress._bar.tasks) == 1
    progress.close()
