from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model.exploration.exhibits import Exhibit
from model.exploration.playlists import describe_playlists, explore_playlists
from model.tables import Tables, read_tables


@pytest.fixture(scope="module")
def tables(small_state: Path) -> Tables:
    return read_tables(small_state)


def shown(tables: Tables) -> dict[str, Exhibit]:
    return {one.name: one for one in explore_playlists(tables)}


def test_followers_and_lengths_are_those_of_the_tables(tables: Tables) -> None:
    exhibits = shown(tables)
    counts = exhibits["follower_counts"]
    assert counts.table["followers"].tolist() == [2, 5, 7, 9, 40, 3021]
    assert counts.says == (
        "0 of 6 playlists have one follower, 1 more than 1,000; the most is 3,021."
    )
    assert exhibits["followers_above_1000"].table["playlists"].sum() == 1
    # Lengths 0, 3, 3, 3, 4, 4: bins of one number.
    assert exhibits["num_tracks"].table["playlists"].tolist() == [1, 0, 0, 3, 2]
    assert "the median is 3." in exhibits["num_tracks"].says


def test_names_are_counted_once_cleaned(tables: Tables) -> None:
    names = ["Chill!", "chill", "rock", "!!!", "jazz", "Rock"]
    renamed = replace(tables, playlists=tables.playlists.assign(name=names))
    exhibit = shown(renamed)["names"]
    assert exhibit.table.to_numpy().tolist() == [["chill", 2], ["rock", 2], ["jazz", 1]]
    # Five of six have a name: 83 %.
    assert exhibit.says == (
        "6 playlists have 3 different names once these are cleaned; the 3 most frequent name 83% "
        "of them. Of 1 nothing is left."
    )


def test_playlists_are_counted_by_how_many_entries_have_features(tables: Tables) -> None:
    table = shown(tables)["incomplete"].table.set_index("entries with features")
    # Song 3 has none: two of three in one playlist. The most followed playlist is not used.
    assert {name: tuple(row) for name, row in table.iterrows() if row.any()} == {
        "all": (4, 3),
        "50 to 75 %": (1, 1),
        "no entries": (1, 1),
    }


def test_without_followers_there_is_no_histogram_of_them(tables: Tables) -> None:
    nobody = tables.playlists.assign(num_followers=0)
    exhibit = shown(replace(tables, playlists=nobody))["followers"]
    assert exhibit.table.empty
    assert exhibit.draw is None


def test_features_of_playlists_are_described_a_row_each() -> None:
    exhibit = describe_playlists(pd.DataFrame({"mean_energy": [0.25, 0.75]}))
    assert "of 2 playlists" in exhibit.says
    (row,) = exhibit.table.to_dict("records")
    assert [row[name] for name in ("feature", "mean", "max")] == ["mean_energy", 0.5, 0.75]


def test_where_all_have_as_many_followers_there_is_no_picture_of_one_bar(tables: Tables) -> None:
    exhibit = shown(tables)["followers_above_1000"]
    assert exhibit.says == "1 playlist has more than 1,000 followers."
    assert exhibit.draw is None
    assert exhibit.table.to_numpy().tolist()[0][2] == 1


def test_one_playlist_is_spoken_of_in_the_singular(tables: Tables) -> None:
    one = Tables(
        **{name: getattr(tables, name) for name in ("tracks", "artists", "albums", "features")},
        playlists=tables.playlists.iloc[:1].assign(num_followers=1),
        lists=tables.lists.take(np.array([0])),
    )
    exhibits = shown(one)
    assert exhibits["follower_counts"].says.startswith("1 of 1 playlist has one follower")
    assert exhibits["names"].says.startswith("1 playlist has 1 different name once")
