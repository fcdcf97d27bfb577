from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from model.errors import NotHarvested
from model.stages.corpus import make_corpus, open_corpus
from model.stages.similars import make_similars, open_similars
from model.stages.workspace import Workspace


def test_songs_go_by_their_numbers_in_the_corpus(workspace: Workspace, made_up: Any) -> None:
    rows = [(1, "artist 2", "song 9", 0.9), (1, "Artist 0", "song 3", 0.6), (1, "X", "song 5", 1.0)]
    made_up.write_lastfm(workspace.state, similars=rows)
    corpus = make_corpus(workspace)
    found = open_similars(make_similars(workspace, corpus))
    songs = open_corpus(corpus).track_ids
    row = int(np.flatnonzero(songs == 1)[0])
    assert songs[found.lists[row]].tolist() == [9, 3]
    assert (found.coverage.n_named, found.coverage.n_by_title) == (3, 3)
    assert found.coverage.n_by_artist_title == 2


def test_as_published_a_title_is_enough(workspace: Workspace, made_up: Any) -> None:
    made_up.write_lastfm(workspace.state, similars=[(1, "X", "song 5", 1.0)])
    published = replace(workspace, settings=replace(workspace.settings, protocol="published"))
    corpus = make_corpus(published)
    found = open_similars(make_similars(published, corpus))
    songs = open_corpus(corpus).track_ids
    assert songs[found.lists.values].tolist() == [5]


def test_without_similars_the_command_is_named(workspace: Workspace) -> None:
    with pytest.raises(NotHarvested, match="harvest lastfm"):
        make_similars(workspace, make_corpus(workspace))
