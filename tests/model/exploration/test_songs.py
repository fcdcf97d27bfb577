from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array

from model.exploration.exhibits import Exhibit
from model.exploration.songs import describe_songs, explore_tags
from model.inputs.track_tags import TagCoverage, TrackTags
from model.tables import read_tables


@pytest.fixture
def exhibits() -> dict[str, Exhibit]:
    """Show four songs: of three tags, of one, of none that is kept, and one never answered."""
    weights = csr_array(
        np.array([[60, 70, 100], [0, 0, 50], [0, 0, 0], [0, 0, 0]], dtype=np.float32)
    )
    coverage = TagCoverage(
        n_songs=4, n_answered=3, n_tagged=2, n_tags=3, n_rows=4, n_merged=0, n_nameless=0, n_odd=0
    )
    tags = TrackTags(weights, ["jazz", "pop", "rock"], coverage)
    return {one.name: one for one in explore_tags(tags, least=50)}


def test_songs_are_described_with_the_number_of_their_playlists(small_state: Path) -> None:
    exhibit = describe_songs(read_tables(small_state))
    assert exhibit.says.startswith("8 of 9 tracks have audio features.")
    rows = exhibit.table.set_index("feature")
    # Seven songs of energy 0.5 and one of 0.1.
    assert rows.loc["energy", "count"] == 8
    assert rows.loc["energy", "mean"] == pytest.approx(0.45)
    # Held by 4, 4, 2, 1, 2, 1, 1, 1 and 0 playlists; twice in one counts once.
    assert rows.loc["playlists", ["min", "max"]].tolist() == [0, 4]
    assert rows.loc["playlists", "mean"] == pytest.approx(16 / 9)


def test_songs_are_counted_by_their_tags(exhibits: dict[str, Exhibit]) -> None:
    exhibit = exhibits["tags_per_song"]
    assert exhibit.table.to_dict("list") == {"tags": [0, 1, 3], "songs": [1, 1, 1]}
    assert exhibit.says == (
        "Of 4 songs 3 have tags, 2 of them one of weight 50 or more (of 100); these have 2.0 such "
        "tags each on average."
    )
    assert exhibit.draw is not None
    (axes,) = exhibit.draw().axes
    assert axes.get_xlabel() == "tags of weight 50 or more of a song"


def test_tags_are_ranked_by_songs_and_stand_beside_the_study(exhibits: dict[str, Exhibit]) -> None:
    table = exhibits["top_tags"].table
    assert table[["tag", "songs"]].to_numpy().tolist() == [["rock", 2], ["jazz", 1], ["pop", 1]]
    assert table["study"].isna().tolist() == [False, True, False]
    assert table["study"].dropna().tolist() == [91_222, 61_775]
    frequency = exhibits["tag_frequency"]
    assert frequency.table.to_dict("list") == {"rank": [1, 2, 3], "songs": [2, 1, 1]}
    assert frequency.says.startswith("2 of 3 tags are given to one song alone.")
