import numpy as np
import pytest
from scipy.sparse import csr_array

from model.columns import MODEL_COLUMNS
from model.exploration.groups import Grouped, show_clusters, show_components
from model.ragged import Ragged
from model.track_tags import TagCoverage, TrackTags

ENERGY = MODEL_COLUMNS.index("mean_energy")


def two_groups() -> Grouped:
    """Four calm playlists of song 0 and four energetic ones of song 1."""
    labels = np.repeat(np.array([0, 1]), 4)
    features = np.zeros((8, 12))
    features[:, ENERGY] = labels
    centres = np.zeros((2, 12))
    centres[1, ENERGY] = 1.0
    names = ["sleep"] * 3 + ["mix"] + ["party"] * 3 + ["mix"]
    playlists = Ragged.of([[int(label)] for label in labels])
    return Grouped(features, features, labels, centres, names, playlists)


def two_tags() -> TrackTags:
    weights = csr_array(np.array([[70.0, 0.0], [0.0, 90.0]], dtype=np.float32))
    return TrackTags(weights, ["ambient", "metal"], TagCoverage(2, 2, 2, 2, 2, 0, 0, 0))


def test_components_are_counted_until_they_explain_what_the_studys_do() -> None:
    exhibit = show_components([0.99, 0.01], [0.5, 0.3, 0.08, 0.12])
    # 50 + 30 + 8 = 88: the third reaches it.
    assert "one component explains 99.00 %" in exhibit.says
    assert "scaled 3 explain 88 %" in exhibit.says
    assert exhibit.table["unscaled, sum %"].tolist() == pytest.approx([99, 100])
    assert exhibit.table["scaled, sum %"].tolist() == pytest.approx([50, 80])


def test_clusters_are_told_by_sound_names_and_tags_of_their_own() -> None:
    table = show_clusters(two_groups(), two_tags(), random_state=0)[0].table
    # Energy: mean 0.5 and sd 0.5, so that the centres lie one sd to either side.
    assert table.to_dict("list") == {
        "cluster": [1, 2],
        "playlists": [4, 4],
        "share, %": [50.0, 50.0],
        "in words": ["calm", "energetic"],
        "names": ["sleep", "party"],
        "tags": ["ambient", "metal"],
    }


def test_without_tags_there_is_no_column_of_them() -> None:
    exhibit = show_clusters(two_groups(), None, random_state=0)[0]
    assert "tags" not in exhibit.table
    assert "tags" not in exhibit.says


def test_the_map_lays_clusters_out_by_what_varies_most() -> None:
    _, centres, plane = show_clusters(two_groups(), None, random_state=0)
    assert centres.table["mean_energy"].tolist() == [0.0, 1.0]
    # Energy alone varies: half to either side of its mean, the greater value to the right.
    assert plane.table["component 1"].tolist() == pytest.approx([-0.5, 0.5])
    assert plane.table["component 2"].tolist() == pytest.approx([0, 0])
    assert "hold 100 and 0 % of the variance" in plane.says
