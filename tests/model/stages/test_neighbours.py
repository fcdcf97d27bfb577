from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.errors import NotHarvested
from model.settings import SOURCES, Settings, SourceName
from model.stages.corpus import make_corpus, open_corpus
from model.stages.neighbours import make_neighbours
from model.stages.similarity import make_similarity, open_similar
from model.stages.split import make_split, open_split
from model.stages.workspace import Workspace
from model.storage.artifacts import Artifact


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory, made_up: Any) -> Path:
    """Songs of which many are in one playlist alone; last.fm knows every second one."""
    playlists, songs = made_up.make_catalogue(n_playlists=60)
    state = tmp_path_factory.mktemp("neighbours") / "state"
    made_up.write_state(state, playlists, songs)
    rows = range(0, 240, 2)
    made_up.write_lastfm(
        state,
        tags=[(row, f"tag {row // 16}", 100) for row in rows],
        similars=[
            (row, f"artist {other // 4}", f"song {other}", 1 - other / 1000)
            for row in rows
            for other in range(row + 1, min(row + 9, 240))
        ],
    )
    return state


def make(state: Path, *sources: SourceName) -> tuple[Workspace, Artifact, Artifact, Artifact]:
    workspace = Workspace(state, Settings(min_count=2, sources=sources), lambda _: None)
    corpus = make_corpus(workspace)
    split = make_split(workspace, corpus)
    return workspace, corpus, split, make_neighbours(workspace, corpus, split)


def test_cooccurrence_alone_is_what_it_was(state: Path) -> None:
    workspace, corpus, split, found = make(state, "cooccurrence")
    assert found.folder == make_similarity(workspace, corpus, split).folder


@pytest.mark.parametrize("sources", [("tags",), ("similars",), ("audio",), SOURCES])
def test_only_songs_of_training_playlists_are_found(
    state: Path, sources: tuple[SourceName, ...]
) -> None:
    _, corpus, split, found = make(state, *sources)
    playlists, train = open_corpus(corpus), open_split(split).train
    popularity = playlists.playlists.take(train).count_holders(playlists.n_songs)
    lists = open_similar(found, n=100)
    assert len(lists) == playlists.n_songs
    assert (popularity == 0).any()
    assert (popularity[lists.values] > 0).all()
    assert (lists.values != lists.owners).all()
    assert found.array("fitted_on").tolist() == playlists.playlist_ids[train].tolist()


def test_a_source_says_of_how_many_songs_it_knows(state: Path) -> None:
    _, corpus, _, found = make(state, "tags")
    known = np.count_nonzero(open_corpus(corpus).track_ids % 2 == 0)
    assert found.manifest.summary["coverage"]["n_tagged"] == known
    assert found.manifest.summary["n_songs"] == open_corpus(corpus).n_songs


def test_what_was_made_is_taken_until_what_it_depends_on_changes(state: Path) -> None:
    workspace, corpus, split, _ = make(state, "tags", "similars")
    assert not make_neighbours(workspace, corpus, split).is_new
    higher = replace(workspace, settings=replace(workspace.settings, min_match=0.9))
    assert make_neighbours(higher, corpus, split).is_new
    assert not make_neighbours(workspace, corpus, split).is_new


def test_a_source_that_was_never_gathered_is_named(stage_state: Path) -> None:
    with pytest.raises(NotHarvested, match="harvest lastfm --what tags"):
        make(stage_state, "tags")
