from pathlib import Path

import pytest

from model.challenge.challenge_set import Asked, GivenTrack
from model.challenge.judging import Judged, judge
from model.challenge.truth import HiddenPlaylist, HiddenTrack, Truth
from model.errors import InputError
from tests.model.uris import uri


def submit(path: Path, lists: dict[int, list[int]]) -> Path:
    """Write lists that begin with these songs and go on with others, from 1,000."""
    lines = [
        ",".join([str(pid), *map(uri, first), *map(uri, range(1000, 1500 - len(first)))])
        for pid, first in lists.items()
    ]
    path.write_text("\n".join(["team_info,us,us@example.org", *lines]))
    return path


def hide(pid: int, *numbers: int, category: int | None = 1) -> HiddenPlaylist:
    """Hide songs, ten of each artist."""
    hidden = [HiddenTrack(uri(number), f"artist {number // 10}") for number in numbers]
    return HiddenPlaylist(pid, hidden, category, seeds=[])


def truth_of(*playlists: HiddenPlaylist, has_all_artists: bool = True) -> Truth:
    artist_of = {uri(number): f"artist {number // 10}" for number in range(100)}
    return Truth(playlists, artist_of if has_all_artists else {}, has_all_artists)


def test_figures_are_those_worked_out_by_hand(tmp_path: Path) -> None:
    # Playlist 4: R = 2, hit 11, miss 31 by the artist of the hidden 33: (1 + 0.25) / 2.
    # Playlist 5: the first of two at place 2: NDCG (1 / log2 3) / (1 + 1 / log2 3) = 0.3869.
    path = submit(tmp_path / "a.csv", {5: [90, 61], 4: [11, 31]})
    judged = judge(path, truth_of(hide(4, 11, 33), hide(5, 61, 72, category=2)))
    assert judged.figures.index.tolist() == [4, 5]
    assert judged.figures.loc[4].to_dict() == pytest.approx(
        {"r_precision": 0.625, "r_precision_tracks": 0.5, "ndcg": 0.6131, "clicks": 0}, abs=1e-4
    )
    assert judged.figures.loc[5].to_dict() == pytest.approx(
        {"r_precision": 0.5, "r_precision_tracks": 0.5, "ndcg": 0.3869, "clicks": 0}, abs=1e-4
    )
    assert judged.categories.tolist() == [1, 2]
    assert not judged.notes


def test_the_order_of_the_lines_changes_nothing(tmp_path: Path) -> None:
    truth = truth_of(hide(4, 11, 33), hide(5, 61, 72))
    one = judge(submit(tmp_path / "a.csv", {5: [90, 61], 4: [11, 31]}), truth)
    other = judge(submit(tmp_path / "b.csv", {4: [11, 31], 5: [90, 61]}), truth)
    assert one.figures.equals(other.figures)


def test_a_hidden_song_that_is_a_seed_too_is_not_to_be_found(tmp_path: Path) -> None:
    path = submit(tmp_path / "a.csv", {4: [11]})
    asked = [Asked(4, "road", (GivenTrack(uri(33), 0),))]
    judged = judge(path, truth_of(hide(4, 11, 33, 33)), asked)
    assert judged.figures["r_precision_tracks"].tolist() == [1]


def test_seeds_that_nobody_names_are_noted(tmp_path: Path) -> None:
    path, hidden = submit(tmp_path / "a.csv", {4: [11]}), hide(4, 11, 33)
    hidden.seeds = None
    judged = judge(path, truth_of(hidden))
    assert judged.notes[0].startswith("of 1 playlist the seeds are unknown")
    given = Asked(4, None, ())
    assert not judge(path, truth_of(hidden), [given]).notes


def test_a_playlist_with_nothing_to_find_is_noted(tmp_path: Path) -> None:
    judged: Judged = judge(submit(tmp_path / "a.csv", {4: [11]}), truth_of(hide(4)))
    assert judged.figures.loc[4].isna().all()
    assert judged.notes == ("1 playlist with nothing to find: counted in no mean",)


def test_without_the_artists_it_is_said_that_credit_is_missing(tmp_path: Path) -> None:
    path = submit(tmp_path / "a.csv", {4: [11, 31]})
    judged = judge(path, truth_of(hide(4, 11, 33), has_all_artists=False))
    assert judged.figures["r_precision"].tolist() == [0.5]
    assert "the artist of 501 of 501 tracks is unknown" in judged.notes[0]


def test_the_challenge_set_gives_seeds_categories_and_artists(tmp_path: Path) -> None:
    path = submit(tmp_path / "a.csv", {4: [11, 31], 5: []})
    hidden = HiddenPlaylist(4, [HiddenTrack(uri(11), "x"), HiddenTrack(uri(33), "y")])
    truth = Truth((hidden, HiddenPlaylist(5, [HiddenTrack(uri(2))])), {uri(33): "y"}, False)
    given = (GivenTrack(uri(31), 0, "y"),)
    asked = [Asked(4, "road", (GivenTrack(uri(99), 0),)), Asked(5, "sea", given)]
    judged = judge(path, truth, asked)
    assert judged.categories.tolist() == [2, 2]
    # Song 31 is a miss of playlist 4; that it is by y is known from a seed of playlist 5.
    assert judged.figures["r_precision"].tolist() == [0.625, 0]


def test_a_submission_for_other_playlists_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="line 2: pid 4 is not in the challenge set"):
        judge(submit(tmp_path / "a.csv", {4: []}), truth_of(hide(5, 1)))


def test_a_recommender_that_test_playlists_chose_is_noted(tmp_path: Path) -> None:
    path = submit(tmp_path / "a.csv", {4: [11]})
    lines = path.read_text()
    for comment, n_notes in (("by als", 0), ("by als, chosen by test playlists", 1)):
        path.write_text(f"# recommended {comment}\n{lines}")
        judged = judge(path, truth_of(hide(4, 11, 33)))
        assert len(judged.notes) == n_notes
