import numpy as np
import pytest

from model.columns import MODEL_COLUMNS
from model.features import aggregate
from model.stages.corpus import open_corpus
from model.stages.features import COUNT_COLUMNS, open_scaler, playlist_table
from model.stages.materials import Materials
from model.stages.split import open_split
from model.stages.workspace import Workspace

Made = tuple[Workspace, Materials]


def test_ranges_are_those_of_the_training_part(holdout: Made) -> None:
    _, materials = holdout
    corpus, train = open_corpus(materials.corpus), open_split(materials.split).train
    features = aggregate(corpus.playlists, corpus.songs)
    np.testing.assert_array_equal(materials.features.array("features"), features)
    scaler = open_scaler(materials.features)
    np.testing.assert_array_equal(scaler.low_, features[train].min(axis=0))
    assert scaler.transform(features[train]).max() == 1.0


def test_a_playlists_counts_stand_beside_its_features(holdout: Made) -> None:
    _, materials = holdout
    corpus = open_corpus(materials.corpus)
    table = playlist_table(corpus, materials.features.array("features"))
    assert tuple(table.columns) == (*MODEL_COLUMNS, *COUNT_COLUMNS)
    assert table["sum_num_tracks"].tolist() == corpus.playlists.lengths.tolist()
    assert table.index.tolist() == corpus.playlist_ids.tolist()


def test_unscaled_followers_swallow_all_other_variance(holdout: Made) -> None:
    summary = holdout[1].features.manifest.summary
    assert summary["explained_unscaled"][0] > 0.98
    assert summary["explained_scaled"][0] < 0.9
    for shares in summary.values():
        assert sum(shares) == pytest.approx(1.0)
