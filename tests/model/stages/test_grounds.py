"""What recommenders learn from: the artifacts by their hashes, and the playlists in memory."""

from dataclasses import replace

import numpy as np

from model.stages.grounds import Grounds
from model.stages.materials import Materials
from model.workspace import Workspace

Made = tuple[Workspace, Materials]


def test_without_tags_and_similars_it_is_said_and_the_rest_is_there(holdout: Made) -> None:
    said: list[str] = []
    grounds = Grounds.of(replace(holdout[0], say=said.append))
    assert "no tags were gathered: recommenders do without" in said
    assert "no similars were gathered: recommenders do without" in said
    assert grounds.tags is grounds.similars is None
    assert grounds.open().tags is grounds.open().similars is None
    assert grounds.contents == {
        "corpus": grounds.corpus.content,
        "split": grounds.split.content,
    }


def test_tags_that_are_there_count_among_the_contents(holdout: Made) -> None:
    grounds = Grounds.of(holdout[0])
    # Any artifact will do for its hash.
    tagged = replace(grounds, tags=grounds.split)
    assert tagged.contents == grounds.contents | {"tags": grounds.split.content}


def test_training_takes_the_playlists_that_are_asked_for(holdout: Made) -> None:
    opened = Grounds.of(holdout[0]).open()
    rows = opened.split.train[[0, 3]]
    training = opened.training(rows)
    assert len(training.playlists) == 2
    for place, row in enumerate(rows.tolist()):
        np.testing.assert_array_equal(training.playlists[place], opened.corpus.playlists[row])
