from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from model.errors import NotHarvested
from model.inputs.track_tags import track_tags
from model.stages.corpus import make_corpus, open_corpus
from model.stages.tags import make_tags, open_tags
from model.stages.workspace import Workspace
from model.tables import read_tracks


def test_tags_are_those_of_the_songs_of_the_corpus(workspace: Workspace, made_up: Any) -> None:
    made_up.write_lastfm(
        workspace.state, tags=[(row, f"tag {row % 3}", 100) for row in range(0, 240, 2)]
    )
    corpus = make_corpus(workspace)
    found = open_tags(make_tags(workspace, corpus))
    songs = open_corpus(corpus).track_ids
    wanted = track_tags(workspace.state, read_tracks(workspace.state)[0], songs=songs)
    np.testing.assert_array_equal(found.weights.toarray(), wanted.weights.toarray())
    assert found.names == wanted.names
    assert found.coverage == wanted.coverage
    assert found.coverage.n_tagged == np.count_nonzero(songs % 2 == 0)


def test_other_tags_or_another_threshold_make_them_anew(workspace: Workspace, made_up: Any) -> None:
    made_up.write_lastfm(workspace.state, tags=[(1, "rock", 100)])
    corpus = make_corpus(workspace)
    assert make_tags(workspace, corpus).is_new
    assert not make_tags(workspace, corpus).is_new
    lower = replace(workspace, settings=replace(workspace.settings, min_tag_weight=10.0))
    assert make_tags(lower, corpus).is_new
    made_up.write_lastfm(workspace.state, tags=[(2, "pop", 100)])
    assert make_tags(workspace, corpus).is_new
    made_up.write_msd(workspace.state, matches=[(0, 1)], tags=[(0, "jazz", 100)])
    again = make_tags(workspace, corpus)
    assert again.is_new
    assert "jazz" in open_tags(again).names


def test_without_tags_nothing_is_left_behind(workspace: Workspace) -> None:
    corpus = make_corpus(workspace)
    with pytest.raises(NotHarvested, match="harvest lastfm"):
        make_tags(workspace, corpus)
    assert not list((workspace.state / "model" / "tags").iterdir())
