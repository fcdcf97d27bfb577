import json
from io import BytesIO
from pathlib import Path

import pytest

from model.challenge.catalogue import Catalogue
from model.challenge.challenge_set import Asked, read_challenge_set, write_challenge_set
from model.challenge.cutting import Challenge
from model.challenge.truth import Truth, check_belongs, read_truth, write_truth
from model.errors import InputError


def write(path: Path, content: object) -> Path:
    path.write_text(json.dumps(content))
    return path


@pytest.fixture
def written(cut: Challenge, catalogue: Catalogue, tmp_path: Path) -> tuple[Truth, list[Asked]]:
    truth, challenge_set = BytesIO(), BytesIO()
    write_truth(truth, cut, cut.rows, catalogue)
    write_challenge_set(challenge_set, cut, cut.rows, catalogue, date="")
    (tmp_path / "truth.json").write_bytes(truth.getvalue())
    (tmp_path / "set.json").write_bytes(challenge_set.getvalue())
    return read_truth(tmp_path / "truth.json"), read_challenge_set(tmp_path / "set.json")


def test_what_was_hidden_is_read_back(
    written: tuple[Truth, list[Asked]], cut: Challenge, catalogue: Catalogue
) -> None:
    truth, _ = written
    assert [one.pid for one in truth.playlists] == cut.rows.tolist()
    assert [one.category for one in truth.playlists] == cut.categories.tolist()
    for row, one in enumerate(truth.playlists):
        hidden = [track.track_uri for track in one.holdouts]
        assert hidden == catalogue.uris[cut.truth[row]].tolist()
        assert one.seeds == catalogue.uris[cut.seeds[row]].tolist()


def test_a_truth_knows_every_song_by_its_artists_also_songs_that_nobody_hid(
    written: tuple[Truth, list[Asked]], cut: Challenge, catalogue: Catalogue
) -> None:
    truth, _ = written
    assert truth.has_all_artists
    concerned = set(catalogue.artists[cut.truth.values].tolist())
    for song, artist in enumerate(catalogue.artists.tolist()):
        if artist in concerned:
            assert truth.artist_of[catalogue.uris[song]] == catalogue.artist_uris[artist]


def test_a_truth_belongs_to_its_challenge_set(written: tuple[Truth, list[Asked]]) -> None:
    truth, asked = written
    check_belongs(truth, asked, path=Path("t"), set_path=Path("s"))


def test_the_truth_of_other_playlists_is_refused(written: tuple[Truth, list[Asked]]) -> None:
    truth, asked = written
    with pytest.raises(InputError, match=r"t is not the truth of s: pid .* is in t, not in s"):
        check_belongs(truth, asked[1:], path=Path("t"), set_path=Path("s"))


def test_the_truth_of_the_same_playlists_cut_otherwise_is_refused(
    written: tuple[Truth, list[Asked]],
) -> None:
    truth, asked = written
    other = [*asked[:-1], Asked(asked[-1].pid, asked[-1].title, ())]
    row = len(asked) - 1
    assert truth.playlists[row].seeds
    with pytest.raises(InputError, match=f"of pid {asked[-1].pid}, 'spotify.*' is a seed in one"):
        check_belongs(truth, other, path=Path("t"), set_path=Path("s"))


def test_a_truth_of_pids_and_tracks_alone_is_enough(tmp_path: Path) -> None:
    path = write(
        tmp_path / "truth.json", {"playlists": [{"pid": 1, "holdouts": [{"track_uri": "a"}]}]}
    )
    truth = read_truth(path)
    assert not truth.has_all_artists
    assert truth.playlists[0].category is None
    assert truth.playlists[0].seeds is None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"playlists": []}, "holds no playlist; expected a truth file"),
        ({"playlists": [{"pid": 1, "tracks": []}]}, "playlist 1: it lacks holdouts"),
        ({"playlists": [{"pid": 1, "holdouts": []}] * 2}, "playlist 2: pid 1 is that of playlist"),
        ({"playlists": [{"pid": 1, "holdouts": [], "category": 11}]}, "category 11; expected 1"),
        ({"playlists": [{"pid": 1, "holdouts": [{"track_uri": ""}]}]}, "playlist 1: .*empty track"),
        ([], "it should be an object, not a list"),
    ],
)
def test_another_file_is_refused(tmp_path: Path, content: object, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_truth(write(tmp_path / "truth.json", content))
