from pathlib import Path
from typing import Any

import pytest

from model.errors import InputError
from model.exploration.exhibits import Exhibit, Lacking
from model.exploration.gathering import explore
from model.settings import Settings
from model.stages.workspace import Workspace


def workspace(state: Path) -> Workspace:
    return Workspace(state, Settings(n_clusters=3), say=lambda _: None)


@pytest.fixture(scope="module")
def gathered(
    made_up: Any, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, Exhibit], list[Lacking]]:
    """Explore 150 playlists without tags and without an evaluation."""
    state = made_up.write_state(tmp_path_factory.mktemp("gathered"), *made_up.make_catalogue())
    exhibits, lacking = explore(workspace(state))
    return {one.name: one for one in exhibits}, lacking


def test_all_playlists_are_counted_and_those_for_training_are_clustered(
    gathered: tuple[dict[str, Exhibit], list[Lacking]],
) -> None:
    exhibits, _ = gathered
    assert exhibits["follower_counts"].table["playlists"].sum() == 150
    # 240 songs, of which every twelfth has no features: 240 - 20.
    assert exhibits["songs"].says.startswith("220 of 240 tracks")
    clusters = exhibits["clusters"].table
    assert clusters["cluster"].tolist() == [1, 2, 3]
    assert clusters["share, %"].sum() == pytest.approx(100)
    assert exhibits["centres"].table["playlists"].tolist() == clusters["playlists"].tolist()


def test_what_cannot_be_shown_says_which_command_makes_it(
    gathered: tuple[dict[str, Exhibit], list[Lacking]],
) -> None:
    exhibits, lacking = gathered
    remedies = {one.title: one.remedy for one in lacking}
    assert list(remedies) == ["Tags of songs", "Variability of the figures"]
    assert "harvest lastfm" in remedies["Tags of songs"]
    assert "model evaluate --protocol published" in remedies["Variability of the figures"]
    assert not {"top_tags", "boxes_published"} & set(exhibits)
    assert "tags" not in exhibits["clusters"].table


def test_own_playlists_without_followers_are_shown_as_far_as_they_go(
    tmp_path: Path, made_up: Any
) -> None:
    playlists, songs = made_up.make_catalogue(n_playlists=20)
    for one in playlists:
        one.followers = 0
    exhibits, lacking = explore(workspace(made_up.write_state(tmp_path, playlists, songs)))
    names = {one.name for one in exhibits}
    assert {"names", "num_tracks", "incomplete", "songs"} <= names
    assert "clusters" not in names
    remedies = {one.title: one.remedy for one in lacking}
    assert "20 of unknown followers" in remedies["Features and clusters of playlists"]


def test_playlists_without_audio_features_are_shown_as_far_as_they_go(
    tmp_path: Path, made_up: Any
) -> None:
    made_up.write_tables(tmp_path, *made_up.make_catalogue(n_playlists=20))
    exhibits, lacking = explore(workspace(tmp_path))
    names = {one.name for one in exhibits}
    assert {"names", "num_tracks", "follower_counts"} <= names
    assert not {"songs", "clusters"} & names
    title = "Audio features of the songs, features and clusters of playlists"
    assert "harvest spotify" in {one.title: one.remedy for one in lacking}[title]


def test_a_state_without_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="harvest mpd PATH"):
        explore(workspace(tmp_path))
