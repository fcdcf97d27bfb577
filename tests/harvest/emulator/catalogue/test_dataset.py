import json
import zipfile
from collections import Counter

import pytest

from harvest.emulator.catalogue.dataset import write_mpd
from harvest.errors import InputError, StorageError
from tests.harvest.full_disk import room_for


def read_zip(path):
    with zipfile.ZipFile(path) as archive:
        return {name: json.loads(archive.read(name)) for name in archive.namelist()}


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def playlists(tmp_path_factory):
    path = tmp_path_factory.mktemp("catalogue") / "mpd.zip"
    write_mpd(path, n_playlists=1_500, seed=0)
    return [playlist for part in read_zip(path).values() for playlist in part["playlists"]]


def test_same_seed_and_sizes_give_the_same_bytes(tmp_path):
    for name in ("a.zip", "b.zip"):
        write_mpd(tmp_path / name, n_playlists=30, seed=3)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_another_seed_gives_other_playlists(tmp_path):
    for seed in (1, 2):
        write_mpd(tmp_path / f"{seed}.zip", n_playlists=30, seed=seed)
    assert read_zip(tmp_path / "1.zip") != read_zip(tmp_path / "2.zip")


def test_slices_are_named_and_cut_as_in_the_mpd(tmp_path):
    write_mpd(tmp_path / "mpd.zip", n_playlists=25, seed=0, slice_size=10)
    parts = read_zip(tmp_path / "mpd.zip")
    names = ["data/mpd.slice.0-9.json", "data/mpd.slice.10-19.json", "data/mpd.slice.20-24.json"]
    assert list(parts) == names
    assert [len(part["playlists"]) for part in parts.values()] == [10, 10, 5]
    assert parts[names[1]]["info"]["slice"] == "10-19"


def test_a_folder_holds_the_same_as_a_zip(tmp_path):
    write_mpd(tmp_path / "mpd.zip", n_playlists=20, seed=0, slice_size=10)
    write_mpd(tmp_path / "mpd", n_playlists=20, seed=0, slice_size=10)
    in_folder = {
        f"data/{path.name}": json.loads(path.read_text())
        for path in (tmp_path / "mpd" / "data").iterdir()
    }
    assert in_folder == read_zip(tmp_path / "mpd.zip")


@pytest.mark.parametrize("name", ["mpd.zip", "mpd"])
def test_what_was_made_up_is_made_up_again(name, tmp_path):
    for n_playlists in (20, 10):
        write_mpd(tmp_path / name, n_playlists=n_playlists, seed=0, slice_size=10)
    (tmp_path / "again").mkdir()
    write_mpd(tmp_path / "again" / name, n_playlists=10, seed=0, slice_size=10)
    twice, once = tmp_path / name, tmp_path / "again" / name
    if name == "mpd":
        assert contents(twice) == contents(once)
    else:
        assert twice.read_bytes() == once.read_bytes()


def somebodys_own(path, kind):
    """Put at `path` what `harvest catalogue` did not make."""
    path.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("data/mpd.slice.0-999.json", "{}")
    if kind == "text":
        path.write_text("somebody's own")
    elif kind == "damaged":
        whole = path.read_bytes()
        path.write_bytes(whole.replace(b"PK\x01\x02", b"PK\x00\x00"))


@pytest.mark.parametrize("name", ["data/mpd.slice.0-999.json", "mpd.zip"])
@pytest.mark.parametrize("kind", ["text", "zip", "damaged"])
def test_nothing_that_was_not_made_up_is_written_over(name, kind, tmp_path):
    kept = tmp_path / name
    somebodys_own(kept, kind)
    before = kept.read_bytes()
    with pytest.raises(InputError, match="was not made up"):
        write_mpd(tmp_path if kept.suffix == ".json" else kept, n_playlists=5)
    assert kept.read_bytes() == before
    assert sum(path.is_file() for path in tmp_path.rglob("*")) == 1


def test_a_folder_with_the_name_of_a_zip_is_left_alone(tmp_path):
    (tmp_path / "mpd.zip").mkdir()
    with pytest.raises(InputError, match="was not made up"):
        write_mpd(tmp_path / "mpd.zip", n_playlists=5)


def test_follower_share_changes_followers_alone(tmp_path):
    for name, share in (("few", 0.2), ("many", 0.8)):
        path = tmp_path / f"{name}.zip"
        write_mpd(path, n_playlists=50, seed=0, multi_follower_share=share)
    few, many = (
        next(iter(read_zip(tmp_path / f"{name}.zip").values()))["playlists"]
        for name in ("few", "many")
    )
    # 50 playlists: a share of .2 is 10, of .8 is 40
    assert sum(playlist["num_followers"] > 1 for playlist in few) == 10
    assert sum(playlist["num_followers"] > 1 for playlist in many) == 40
    assert [p["tracks"] for p in few] == [p["tracks"] for p in many]


def test_a_playlist_has_the_fields_of_the_mpd_and_right_sums(playlists):
    needed = "name collaborative pid modified_at num_tracks num_albums num_artists num_followers"
    needed += " num_edits duration_ms tracks"
    for playlist in playlists[:200]:
        tracks = playlist["tracks"]
        assert set(needed.split()) | {"description"} >= set(playlist) >= set(needed.split())
        assert playlist["num_tracks"] == len(tracks)
        assert playlist["duration_ms"] == sum(track["duration_ms"] for track in tracks)
        assert playlist["num_artists"] == len({track["artist_uri"] for track in tracks})
        assert playlist["num_albums"] == len({track["album_uri"] for track in tracks})
        assert [track["pos"] for track in tracks] == list(range(len(tracks)))


def test_near_half_of_the_tracks_occur_once_and_the_rest_have_a_long_tail(playlists):
    plays = Counter(t["track_uri"] for playlist in playlists for t in playlist["tracks"])
    assert 6_000 <= len(plays) <= 8_000
    assert 0.45 <= sum(n == 1 for n in plays.values()) / len(plays) <= 0.55
    top = sum(n for _, n in plays.most_common(len(plays) // 10))
    assert top / sum(plays.values()) > 0.4


def test_lengths_and_followers_are_skewed_as_in_the_mpd(playlists):
    lengths = sorted(playlist["num_tracks"] for playlist in playlists)
    assert lengths[0] >= 5
    assert lengths[-1] <= 250
    assert 35 <= lengths[750] <= 60 < sum(lengths) / 1_500 + 10
    # 1,500 × .257337 = 386
    assert sum(playlist["num_followers"] > 1 for playlist in playlists) == 386


def test_a_playlist_keeps_mostly_to_few_artists_neighbours(playlists):
    genre_like = Counter()
    for playlist in playlists:
        genre_like.update({track["artist_uri"] for track in playlist["tracks"]})
    # Twelve genres: were playlists drawn from the whole catalogue, the commonest artist would be in
    # most of the playlists; kept to genres, in no more than the genre's share and its guests'.
    assert genre_like.most_common(1)[0][1] < 0.4 * len(playlists)


def test_names_repeat_and_some_are_odd(playlists):
    names = Counter(playlist["name"] for playlist in playlists)
    assert names.most_common(1)[0][1] >= 30
    assert any(not name.strip() or not name.isascii() for name in names)
    titles = {track["track_name"] for playlist in playlists for track in playlist["tracks"]}
    for mark in (" & ", " / ", "(feat. ", " - Remastered 2011"):
        assert any(mark in title for title in titles), mark


@pytest.mark.parametrize(
    "wrong", [{"n_playlists": 0}, {"slice_size": 0}, {"multi_follower_share": 1.5}]
)
def test_impossible_sizes_are_refused(tmp_path, wrong):
    with pytest.raises(InputError):
        write_mpd(tmp_path / "mpd.zip", **({"n_playlists": 5, "seed": 0} | wrong))


def test_a_zip_for_which_there_is_no_room_leaves_the_old_one_and_no_other_file(tmp_path):
    path = tmp_path / "mpd.zip"
    write_mpd(path, n_playlists=5, seed=0)
    before = path.read_bytes()
    with room_for(2000), pytest.raises(StorageError, match="too large"):
        write_mpd(path, n_playlists=9, seed=1)
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_bytes() == before


def test_an_unwritable_path_is_a_storage_error_and_leaves_nothing(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot write"):
        write_mpd(tmp_path / "file" / "mpd.zip", n_playlists=5, seed=0)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
