"""What recommenders learn from: the artifacts by their hashes, and the playlists in memory."""

import fcntl
from dataclasses import replace

import numpy as np

from model.stages.grounds import Grounds
from model.stages.materials import Materials
from model.stages.workspace import Workspace

Made = tuple[Workspace, Materials]


def test_without_tags_and_similars_it_is_said_and_the_rest_is_there(holdout: Made) -> None:
    said: list[str] = []
    grounds = Grounds.of(replace(holdout[0], say=said.append))
    assert "no tags were gathered: recommenders do without" in said
    assert "no similars were gathered: recommenders do without" in said
    assert grounds.songs.tags is grounds.songs.similars is None
    assert grounds.open().songs.tags is grounds.open().songs.similars is None
    assert grounds.contents == {
        "corpus": grounds.songs.corpus.content,
        "split": grounds.split.content,
    }


def test_what_was_not_gathered_is_not_waited_for(holdout: Made) -> None:
    Grounds.of(holdout[0])
    with (holdout[0].state / "model" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # As another `model` that is at work.
        assert Grounds.of(holdout[0]).songs.tags is None


def test_tags_that_are_there_count_among_the_contents(holdout: Made) -> None:
    grounds = Grounds.of(holdout[0])
    # Any artifact will do for its hash.
    tagged = replace(grounds, songs=replace(grounds.songs, tags=grounds.split))
    assert tagged.contents == grounds.contents | {"tags": grounds.split.content}


def test_training_takes_the_playlists_that_are_asked_for(holdout: Made) -> None:
    opened = Grounds.of(holdout[0]).open()
    rows = opened.split.train[[0, 3]]
    training = opened.training(rows)
    assert len(training.playlists) == 2
    for place, row in enumerate(rows.tolist()):
        np.testing.assert_array_equal(training.playlists[place], opened.corpus.playlists[row])
