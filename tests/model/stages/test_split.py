import numpy as np

from model.split import split_playlists
from model.stages.corpus import open_corpus
from model.stages.materials import Materials
from model.stages.split import open_split
from model.stages.workspace import Workspace


def test_the_split_is_that_of_the_corpus(holdout: tuple[Workspace, Materials]) -> None:
    _, materials = holdout
    corpus, split = open_corpus(materials.corpus), open_split(materials.split)
    wanted = split_playlists(corpus.names, corpus.num_followers, random_state=0)
    for part in ("train", "validation", "test"):
        np.testing.assert_array_equal(split.part(part), wanted.part(part))
        assert materials.split.manifest.summary[part] == len(wanted.part(part))
