from harvest.asking.taking import take
from harvest.config import LastfmSettings, Secret
from harvest.source import Reply
from harvest.sources.lastfm import LastfmTracks
from harvest.sources.spotify import SpotifyFeatures
from harvest.worklist import State, Task
from tests.harvest.fakes import ID, record

FEATURES = SpotifyFeatures("http://api/v1")
LASTFM = LastfmTracks(LastfmSettings("http://api/2.0/", Secret("k"), Secret("")))
TASKS = [Task(ID(i), "A", f"T{i}") for i in range(3)]


def states(taken):
    return {task.spotify_id: each.state for each in taken.changes for task in each.tasks}


def test_each_track_is_judged_by_itself():
    reply = Reply([record(ID(0))], missing={ID(1): "unknown"}, rejected={ID(2): "odd"})
    taken = take(reply, TASKS, 0, source=FEATURES, now=100.0)
    assert states(taken) == {ID(0): State.DONE, ID(1): State.MISSING, ID(2): State.PENDING}
    assert taken.left == []


def test_of_a_track_that_lacks_parts_yet_more_is_asked():
    (left,) = take(Reply(()), TASKS[:1], 0, source=LASTFM, now=100.0).left
    assert (left.spotify_id, left.parts) == (ID(0), 0b001)
    done = take(Reply(()), [Task(ID(0), "A", "T", parts=0b011)], 2, source=LASTFM, now=100.0)
    assert (states(done), done.left) == ({ID(0): State.DONE}, [])


def test_what_is_unknown_by_its_raw_names_is_left_to_be_asked_for_by_plain_ones():
    task = Task(ID(0), "A", "T - Remastered 2011")
    taken = take(Reply((), missing={ID(0): "unknown"}), [task], 0, source=LASTFM, now=100.0)
    assert (states(taken), taken.left[0].form) == ({ID(0): State.PENDING}, "plain")
