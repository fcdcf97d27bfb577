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


def test_the_bar_of_a_second_job_begins_at_that_job_s_counts_and_without_a_rate():
    progress = BarProgress(io.StringIO())
    progress.start("names", Counts(pending=2000))
    for _ in range(2):
        progress.settle(State.DONE, 1000)
    progress.close("done")
    progress.start("ids", Counts(pending=60, done=10))
    (task,) = progress._bar.tasks
    assert (task.description, task.completed, task.total) == ("ids", 10, 70)
    assert (task.speed, task.finished_speed, task.time_remaining) == (None, None, None)
    progress.close()
