import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.engines.engine import Here
from model.similarity.cooccurrence import find_published, find_similar
from model.similarity.interactions import Interactions
from model.similarity.weighting import Weighting
from model.stages.corpus import open_corpus
from model.stages.materials import Materials
from model.stages.similarity import open_similar
from model.stages.split import open_split
from model.stages.workspace import Workspace

Made = tuple[Workspace, Materials]
COUNT = Weighting("count")


def test_the_holdout_protocol_counts_training_playlists_alone(holdout: Made) -> None:
    _, materials = holdout
    corpus, split = open_corpus(materials.corpus), open_split(materials.split)
    held = Interactions.of(corpus.playlists.take(split.train), corpus.n_songs)
    wanted = find_similar(held, k=10, weighting=COUNT, min_count=2).lists
    similar = open_similar(materials.similarity, n=10)
    assert similar.indptr.tolist() == wanted.indptr.tolist()
    assert similar.values.tolist() == wanted.values.tolist()


def test_the_published_protocol_counts_all_of_them_and_both_directions(published: Made) -> None:
    _, materials = published
    corpus = open_corpus(materials.corpus)
    held = Interactions.of(corpus.counted, corpus.n_songs, repeats=True)
    wanted = find_published(held, k=10, min_count=2).lists
    # The first ten of a hundred are those of ten.
    similar = open_similar(materials.similarity, n=10)
    assert similar.values.tolist() == wanted.values.tolist()


@pytest.mark.parametrize("protocol", ["holdout", "published"])
def test_an_engine_gives_the_same_bytes(
    request: pytest.FixtureRequest, tmp_path: Path, protocol: str
) -> None:
    workspace, materials = request.getfixturevalue(protocol)
    state = Path(shutil.copytree(workspace.state, tmp_path / "state"))
    shutil.rmtree(state / "model" / "similarity")
    again = Materials.of(replace(workspace, state=state, engine=Here()))
    assert again.similarity.is_new
    assert again.similarity.content == materials.similarity.content


def test_the_ids_of_what_was_counted_are_kept(holdout: Made) -> None:
    _, materials = holdout
    corpus, split = open_corpus(materials.corpus), open_split(materials.split)
    fitted_on = materials.similarity.array("fitted_on")
    np.testing.assert_array_equal(fitted_on, corpus.playlist_ids[split.train])
