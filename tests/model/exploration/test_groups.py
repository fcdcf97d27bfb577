from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

from model.columns import MODEL_COLUMNS
from model.exploration.groups import Grouped, show_clusters, show_components
from model.inputs.track_tags import TagCoverage, TrackTags
from model.ragged import Ragged

ENERGY = MODEL_COLUMNS.index("mean_energy")


def two_groups() -> Grouped:
    """Four calm playlists of songs 0 to 4 and four energetic ones of songs 5 to 9."""
    labels = np.repeat(np.array([0, 1]), 4)
    features = np.zeros((8, 12))
    features[:, ENERGY] = labels
    centres = np.zeros((2, 12))
    centres[1, ENERGY] = 1.0
    names = ["sleep"] * 3 + ["mix"] + ["party"] * 3 + ["mix"]
    playlists = Ragged.of([list(range(5 * label, 5 * label + 5)) for label in labels.tolist()])
    return Grouped(features, features, labels, centres, names, playlists)


def tags_of(given: dict[str, list[int]]) -> TrackTags:
    """Tags with the songs, of ten, that have them."""
    weights = np.zeros((10, len(given)), dtype=np.float32)
    for place, songs in enumerate(given.values()):
        weights[songs, place] = 70.0
    counts = TagCoverage(10, 10, 10, len(given), 10, 0, 0, 0)
    return TrackTags(csr_array(weights), list(given), counts)


TWO_TAGS = {"ambient": [0, 1, 2, 3, 4], "metal": [5, 6, 7, 8, 9]}


def test_components_are_counted_until_they_explain_what_the_studys_do() -> None:
    exhibit = show_components([0.99, 0.01], [0.5, 0.3, 0.08, 0.12])
    # 50 + 30 + 8 = 88: the third reaches it.
    assert "one component explains 99.00 %" in exhibit.says
    assert "scaled 3 explain 88 %" in exhibit.says
    assert exhibit.table["unscaled, sum %"].tolist() == pytest.approx([99, 100])
    assert exhibit.table["scaled, sum %"].tolist() == pytest.approx([50, 80])


def test_clusters_are_told_by_sound_names_and_tags_of_their_own() -> None:
    table = show_clusters(two_groups(), tags_of(TWO_TAGS), random_state=0)[0].table
    # Energy: mean 0.5 and sd 0.5, so that the centres lie one sd to either side.
    assert table.to_dict("list") == {
        "cluster": [1, 2],
        "playlists": [4, 4],
        "share, %": [50.0, 50.0],
        "in words": ["calm", "energetic"],
        "names": ["sleep", "party"],
        "tags": ["ambient\u00a0100\u00a0%\u00a0×2.0", "metal\u00a0100\u00a0%\u00a0×2.0"],
    }


def told_tags(groups: Grouped, given: dict[str, list[int]]) -> list[str]:
    told: list[str] = (
        show_clusters(groups, tags_of(given), random_state=0)[0].table["tags"].tolist()
    )
    return told


def test_a_tag_that_few_songs_have_describes_no_cluster() -> None:
    # Every calm playlist holds one of the four songs, and yet a few listeners may have meant it.
    assert told_tags(two_groups(), {"odd": [0, 1, 2, 3]}) == ["", ""]


def test_a_playlist_counts_once_for_a_tag_however_many_of_its_songs_have_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    groups = two_groups()
    lists = [[0, 0, 1, 2], [0], [3], [5], [0, 6], [7], [8], [9]]
    groups = replace(groups, playlists=Ragged.of(lists))
    # Of the calm ones three in four hold a song with it, of all eight four: 0.75 / 0.5.
    expected = ["calm\u00a075\u00a0%\u00a0×1.5", ""]
    assert told_tags(groups, {"calm": [0, 1, 2, 3, 4]}) == [""] * 2  # nobody lists song 4
    assert told_tags(groups, {"calm": [0, 1, 2, 3, 4], "all": list(range(10))})[0] == ""
    monkeypatch.setattr("model.exploration.groups.MIN_TAGGED", 4)
    assert told_tags(groups, {"calm": [0, 1, 2, 3, 4]}) == expected
    monkeypatch.setattr("model.exploration.groups.PLAYLISTS_AT_A_TIME", 3)
    assert told_tags(groups, {"calm": [0, 1, 2, 3, 4]}) == expected


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
