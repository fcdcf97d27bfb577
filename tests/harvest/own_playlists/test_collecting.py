"""Own playlists from files to tables, and beside the dataset's."""

import json
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from harvest.errors import InputError, StateInUse
from harvest.own_playlists.collecting import collect
from harvest.sources.lists import collection, combining
from harvest.sources.mpd import ingest
from harvest.store import Store
from tests.harvest.sources.lists.conftest import HEADER, SOUND, track_id

TABLES = ("playlists", "tracks", "artists", "albums", "entries")


def rows(state, table):
    return pq.read_table(state / "tables" / f"{table}.parquet").to_pylist()


def content(state):
    return {name: (state / "tables" / f"{name}.parquet").read_bytes() for name in TABLES}


def songs(state):
    """The tracks' URIs of each playlist, by its name."""
    uris = [row["track_uri"] for row in rows(state, "tracks")]
    found = {row["name"]: [] for row in rows(state, "playlists")}
    names = [row["name"] for row in rows(state, "playlists")]
    for row in rows(state, "entries"):
        found[names[row["playlist_id"]]].append(uris[row["track_id"]])
    return found


def spotify(*numbers):
    return [f"spotify:track:{track_id(n)}" for n in numbers]


def test_files_whose_names_are_no_utf_8_are_read_like_others(lists, state):
    lists.root.mkdir()
    folder = os.fsencode(lists.root)
    for n, name in enumerate([b"Caf\xe9.m3u", b"Caf\xe8.m3u", "Café.m3u".encode()]):
        Path(os.fsdecode(folder + b"/" + name)).write_text(spotify(n)[0])
    Path(os.fsdecode(folder + b"/d\xe9.json")).write_text("{")
    report = collect(state, [lists.root])
    assert (report.n_new, report.n_read, report.n_playlists) == (4, 3, 3)
    assert len(report.problems) == 1
    assert sorted(row["name"] for row in rows(state, "playlists")) == ["Cafè", "Café", "Café"]
    again = collect(state, [lists.root])
    assert (again.n_new, again.problems) == (0, report.problems)
    lists.zip(os.fsdecode(b"z\xe9.zip"), {"a.m3u": spotify(7)[0], "b.m3u": spotify(8)[0]})
    assert collect(state, [lists.root]).n_playlists == 5
    lists.zip(os.fsdecode(b"z\xe9.zip"), {"a.m3u": spotify(7)[0]})
    assert collect(state, [lists.root]).n_playlists == 4


def test_a_state_whose_name_is_no_utf_8_is_one_like_others(mpd, lists, tmp_path):
    state = Path(os.fsdecode(os.fsencode(tmp_path) + b"/st\xff"))
    archive = mpd.zip(mpd.slices(2))
    collect(state, [lists.uris("one.m3u", 1, 2)])
    collect(state, [archive])
    assert collect(state, [lists.table("two.csv", 2, 3)]).n_playlists == 2
    assert collect(state, [archive]).dataset.is_unchanged
    assert list(songs(state.rename(tmp_path / "st")))[-2:] == ["one", "two"]


def test_several_sources_add_up(lists, state):
    collect(state, [lists.uris("one.m3u", 1, 2)])
    report = collect(state, [lists.table("two.csv", 2, 3), lists.uris("three.txt", 1)])
    assert songs(state) == {
        "one": spotify(1, 2),
        "two": spotify(2, 3),
        "three": spotify(1),
    }
    assert (report.n_read, report.n_playlists) == (2, 3)


def test_a_track_takes_its_names_from_whichever_file_has_them(lists, state):
    collect(state, [lists.uris("one.m3u", 1, 2)])
    report = collect(state, [lists.table("two.csv", 2)])
    assert [row["track_name"] for row in rows(state, "tracks")] == ["", "Track 2"]
    assert report.tables.counts["without_name"] == 1


def test_a_track_that_the_dataset_names_lacks_no_name(mpd, lists, state):
    collect(state, [mpd.zip(mpd.slices(1))])
    named = [row["track_uri"] for row in rows(state, "tracks")][:2]
    content = "\n".join([*named, *spotify(987654)])
    report = collect(state, [lists.write("one.txt", content)])
    assert report.n_playlists == 1
    assert report.tables.counts["without_name"] == 1


def test_the_same_playlist_twice_counts_once(lists, state):
    first = lists.table("a/mine.csv", 1, 2)
    second = lists.uris("b/mine.m3u", 1, 2)
    by_name = lists.write("c/mine.m3u", "Artist 1 - Track 1.mp3\nArtist 2 - Track 2.mp3\n")
    report = collect(state, [first, second, by_name])
    assert songs(state) == {"mine": spotify(1, 2)}
    assert report.n_duplicates == 2


def test_a_playlist_of_two_files_stays_when_one_of_them_changes(lists, state):
    first, second = lists.uris("a/mine.m3u", 1, 2), lists.uris("b/mine.m3u", 1, 2)
    collect(state, [first])
    assert collect(state, [second]).n_duplicates == 1
    report = collect(state, [lists.uris("a/mine.m3u", 3)])
    assert (report.n_playlists, report.n_duplicates) == (2, 0)
    assert collect(state, [second]).n_read == 0
    assert songs(state) == {"mine": [*spotify(1, 2), *spotify(3)]}
    assert collect(state, [lists.uris("a/mine.m3u", 1, 2)]).n_duplicates == 1


@pytest.mark.parametrize("ids_come_first", [True, False])
def test_of_the_same_playlist_the_one_with_ids_stays(lists, state, ids_come_first):
    named = lists.write("a/mine.m3u", "Artist 1 - Track 1.mp3\nArtist 2 - Track 2.mp3\n")
    paths = [named, lists.table("b/mine.csv", 1, 2)]
    for path in reversed(paths) if ids_come_first else paths:
        report = collect(state, [path])
    assert (report.n_playlists, report.n_duplicates) == (1, 1)
    assert songs(state) == {"mine": spotify(1, 2)}
    assert report.tables.counts["without_id"] == 0


def test_of_the_same_playlist_the_one_that_says_its_followers_stays(lists, state):
    items = [{"track": {"trackUri": uri}} for uri in spotify(1, 2)]
    account = {"playlists": [{"name": "Mine", "items": items, "numberOfFollowers": 5}]}
    collect(state, [lists.table("mine.csv", 1, 2)])
    collect(state, [lists.write("Playlist1.json", json.dumps(account))])
    assert [row["num_followers"] for row in rows(state, "playlists")] == [5]
    assert [row["track_name"] for row in rows(state, "tracks")] == ["Track 1", "Track 2"]


def test_the_same_input_again_does_nothing(lists, state):
    lists.uris("one.m3u", 1)
    lists.write("broken.json", "{")
    collect(state, [lists.root])
    files = [path for path in sorted(state.rglob("*")) if path.is_file()]
    before = [path.stat().st_mtime_ns for path in files]
    report = collect(state, [lists.root])
    assert (report.n_read, report.n_files) == (0, 2)
    assert [path.stat().st_mtime_ns for path in files] == before
    assert [name for name, _ in report.problems] == [str(lists.root / "broken.json")]


def test_a_changed_file_replaces_its_playlists(lists, state):
    path = lists.uris("one.m3u", 1)
    collect(state, [path, lists.uris("two.m3u", 2)])
    lists.uris("one.m3u", 3, 4)
    report = collect(state, [lists.root])
    assert report.n_read == 1
    assert songs(state) == {"two": spotify(2), "one": spotify(3, 4)}
    assert len(rows(state, "tracks")) == 3


def test_a_changed_zip_replaces_all_that_came_from_it(lists, state):
    lists.root.mkdir()
    members = {f"{name}.m3u": f"spotify:track:{track_id(n)}\n" for n, name in enumerate("abc")}
    other = lists.uris("export.zip.m3u", 9)
    collect(state, [lists.zip("export.zip", members), other])
    renamed = {"a.m3u": members["a.m3u"], "new.m3u": members["b.m3u"]}
    assert collect(state, [lists.zip("export.zip", renamed)]).n_read == 1
    assert songs(state) == {"a": spotify(0), "export.zip": spotify(9), "new": spotify(1)}
    assert collect(state, [lists.zip("export.zip", {"a.m3u": members["a.m3u"]})]).n_read == 0
    assert songs(state) == {"a": spotify(0), "export.zip": spotify(9)}


def test_a_file_that_cannot_be_read_any_more_leaves_what_was_read_from_it(lists, state):
    path, other = lists.uris("one.m3u", 1, 2), lists.uris("two.m3u", 3)
    collect(state, [path, other])
    before = content(state)
    for spoilt, why in {b"": "it is empty", b"ID3\x04\0": "it is no text"}.items():
        path.write_bytes(spoilt)
        for report in (collect(state, [lists.root]), collect(state, [lists.root])):
            assert report.notes == [f"{path}: {why}; what was read from it before stays"]
            assert (report.n_new, report.n_read, report.n_playlists) == (1, 0, 2)
    assert content(state) == before
    lists.uris("one.m3u", 1, 2, 4)
    assert collect(state, [lists.root]).notes == []
    assert songs(state) == {"two": spotify(3), "one": spotify(1, 2, 4)}


def test_a_file_of_a_zip_that_cannot_be_read_any_more_leaves_what_was_read_from_it(lists, state):
    lists.root.mkdir()
    collect(state, [lists.zip("all.zip", {"a.m3u": spotify(1)[0], "b.m3u": spotify(2)[0]})])
    broken = lists.zip("all.zip", {"a.m3u": "", "b.m3u": spotify(3)[0]})
    assert collect(state, [broken]).notes == [
        f"{broken}: a.m3u: it is empty; what was read from it before stays"
    ]
    assert songs(state) == {"a": spotify(1), "b": spotify(3)}


def test_a_zip_that_is_none_any_more_leaves_what_was_read_from_it(lists, state):
    path, other = lists.uris("all.zip", 0), lists.uris("two.m3u", 3)
    lists.zip("all.zip", {"a.m3u": spotify(1)[0], "b.m3u": spotify(2)[0]})
    collect(state, [path, other])
    before = content(state)
    half = {b"": "it is empty", b"<html>": "it is a web page", b"\0" * 9: "it is no text"}
    for spoilt, why in half.items():
        path.write_bytes(spoilt)
        for report in (collect(state, [lists.root]), collect(state, [path, other])):
            assert report.notes == [f"{path}: {why}; what was read from it before stays"]
            assert (report.n_gone, report.n_playlists) == (0, 3)
    assert content(state) == before
    path.write_text("Title,Artist\nA,B\n")
    assert collect(state, [path]).n_gone == 2
    assert set(songs(state)) == {"two", "all"}


def test_a_given_file_that_cannot_be_read_any_more_is_an_error(lists, state):
    path = lists.uris("one.m3u", 1)
    collect(state, [path])
    path.write_text("")
    with pytest.raises(InputError, match="it is empty; what was read from it before stays"):
        collect(state, [path])
    with pytest.raises(InputError, match="it is empty\\)"):
        collect(state, [path], replaces=True)
    assert songs(state) == {"one": spotify(1)}


def test_replace_forgets_what_was_read_before_where_the_dataset_alone_is_given(mpd, lists, state):
    collect(state, [lists.uris("one.m3u", 1)])
    report = collect(state, [mpd.folder(mpd.slices(1))], replaces=True)
    assert (report.n_playlists, report.dataset is not None) == (0, True)
    assert "one" not in songs(state)


def test_replace_forgets_what_was_read_before(lists, state):
    collect(state, [lists.uris("one.m3u", 1)])
    collect(state, [lists.uris("two.m3u", 2)], replaces=True)
    assert songs(state) == {"two": spotify(2)}


def test_the_state_within_a_folder_holds_no_playlists(lists, state):
    lists.uris("one.m3u", 1)
    inner = lists.root / "state"
    collect(inner, [lists.root])
    (inner / "unresolved.csv").write_text("artist,title,state,why\nA,T,missing,nothing\n")
    assert collect(inner, [lists.root]).n_read == 0
    assert collect(state, [lists.root]).n_playlists == 2
    assert collect(inner, [inner / "unresolved.csv"]).n_playlists == 2


def test_what_cannot_be_read_is_named_and_the_rest_is_read(lists, state):
    lists.uris("good.m3u", 1)
    lists.write("bad.xspf", "<playlist>")
    lists.write("notes.txt", "hello world")
    lists.write("page.html", "<!DOCTYPE html>\n<html><br></html>")
    lists.write("song.mp3", b"ID3\x04\0\0")
    lists.write("Userdata.json", "{}")
    report = collect(state, [lists.root, lists.root / "none.csv"])
    assert sorted(name.rpartition("/")[2] for name, _ in report.problems) == [
        "bad.xspf",
        "none.csv",
    ]
    names = ("Userdata.json", "notes.txt", "page.html")
    others = ", ".join(str(lists.root / name) for name in names)
    assert f"4 other files without a playlist: {others} …" in report.notes
    assert (report.n_files, report.n_new, report.n_read) == (6, 6, 1)
    assert report.n_files == len(list(lists.root.iterdir()))


@pytest.mark.parametrize("name", ["nothing", "empty.m3u", "bad.json"])
def test_nothing_usable_is_an_error_and_changes_nothing(lists, state, name):
    collect(state, [lists.uris("one.m3u", 1)])
    before = content(state)
    lists.write("empty.m3u", "#EXTM3U\n")
    lists.write("bad.json", "{")
    with pytest.raises(InputError, match=r"no playlist with a song in .*; give playlists as"):
        collect(state, [lists.root / name])
    assert content(state) == before
    assert collection.read_own(state / "playlists").files.num_rows == 1


def test_account_data_comes_as_a_zip(lists, state):
    lists.root.mkdir()
    items = [{"track": {"trackName": "T", "artistName": "A", "trackUri": spotify(1)[0]}}]
    members = {
        "Spotify Account Data/Playlist1.json": json.dumps(
            {"playlists": [{"name": "Mine", "items": items, "numberOfFollowers": 5}]}
        ),
        "Spotify Account Data/Userdata.json": "{}",
        "Spotify Account Data/StreamingHistory_music_0.json": "[]",
    }
    report = collect(state, [lists.zip("my_spotify_data.zip", members)])
    assert report.problems == []
    assert [row["num_followers"] for row in rows(state, "playlists")] == [5]


def test_own_playlists_stand_behind_the_datasets_whichever_comes_first(mpd, lists, tmp_path):
    archive, own = mpd.zip(mpd.slices(2)), lists.table("mine.csv", 1, 500)
    collect(tmp_path / "a", [archive])
    collect(tmp_path / "a", [own])
    collect(tmp_path / "b", [own])
    ingest(archive, tmp_path / "b" / "tables")
    collect(tmp_path / "c", [own, archive])
    assert content(tmp_path / "a") == content(tmp_path / "b") == content(tmp_path / "c")
    assert songs(tmp_path / "a")["mine"] == spotify(1, 500)
    assert len(rows(tmp_path / "a", "playlists")) == 21


def test_the_datasets_rows_stay_as_they_were(mpd, lists, state):
    collect(state, [mpd.zip(mpd.slices(2))])
    before = {name: rows(state, name) for name in TABLES}
    collect(state, [lists.table("mine.csv", 1, 500)])
    for name in TABLES:
        assert rows(state, name)[: len(before[name])] == before[name]


@pytest.mark.parametrize("spoilt", ["manifest.json", "albums.parquet"])
def test_own_playlists_are_not_put_into_damaged_tables_of_the_dataset(mpd, lists, state, spoilt):
    archive = mpd.zip(mpd.slices(2))
    collect(state, [archive, lists.uris("old.m3u", 1)])
    os.truncate(state / "tables" / spoilt, 100)
    before = {path: path.read_bytes() for path in state.rglob("*") if path.is_file()}
    what = rf"^.*{spoilt} is .*damaged.*; run `harvest mpd PATH` again, or delete .*tables if "
    with pytest.raises(InputError, match=what):
        collect(state, [lists.uris("new.m3u", 2)])
    assert {path: path.read_bytes() for path in state.rglob("*") if path.is_file()} == before
    collect(state, [archive, lists.uris("new.m3u", 2)])
    assert len(rows(state, "playlists")) == 22


def test_another_dataset_leaves_own_playlists(mpd, lists, state):
    collect(state, [mpd.zip(mpd.slices(2)), lists.uris("mine.m3u", 1, 500)])
    report = ingest(mpd.zip(mpd.slices(1), "other.zip"), state / "tables")
    assert report.is_replacement
    counts = report.manifest.counts
    assert (counts["playlists"], counts["own_playlists"]) == (11, 1)
    assert songs(state)["mine"] == spotify(1, 500)


def test_a_playlist_of_the_dataset_is_not_counted_again(mpd, lists, state):
    slice_ = mpd.slice([mpd.playlist(7, [1, 2]), mpd.playlist(8, [1, 2])])
    collect(state, [mpd.zip({"data/mpd.slice.0-999.json": slice_})])
    same, other = lists.uris("a/Playlist 7.m3u", 1, 2), lists.uris("b/Playlist 7.m3u", 2, 1)
    report = collect(state, [same, other, lists.write("renamed.json", slice_)])
    assert report.n_playlists == 1
    assert len(rows(state, "playlists")) == 3


def test_a_playlist_of_the_dataset_without_ids_is_not_counted_again_either(mpd, lists, state):
    slice_ = mpd.slice([mpd.playlist(7, [1, 2])])
    collect(state, [mpd.zip({"data/mpd.slice.0-999.json": slice_})])
    same = "#EXTM3U\n#EXTINF:1,ARTIST 1 - track 1\na.mp3\n#EXTINF:1,Artist 2 - Track 2\nb.mp3\n"
    other = same.replace("Artist 2 - Track 2", "Artist 2 - Track 3")
    paths = [lists.write("a/Playlist 7.m3u", same), lists.write("b/playlist 7.m3u", other)]
    assert collect(state, paths).n_playlists == 1
    assert [row["name"] for row in rows(state, "playlists")] == ["Playlist 7", "playlist 7"]


def test_two_datasets_are_refused(mpd, state):
    with pytest.raises(InputError, match="both the Million Playlist Dataset; give one"):
        collect(state, [mpd.zip(mpd.slices(1)), mpd.zip(mpd.slices(2), "other.zip")])


def test_exportifys_audio_features_are_taken_over(lists, state):
    path = lists.write(
        "a.csv", f"{HEADER}{spotify(1)[0]},T,A,{SOUND}\n{spotify(2)[0]},U,A{',' * 12}\n"
    )
    assert collect(state, [path]).n_features == 1
    with closing(sqlite3.connect(state / "harvest.db")) as db:
        found = db.execute("SELECT spotify_id, provider, valence FROM audio_features").fetchall()
    assert found == [(track_id(1), "exportify", 0.9)]


def test_features_wait_for_the_harvester_that_holds_the_state(lists, state):
    test_exportifys_audio_features_are_taken_over(lists, state)
    lists.table("plain.csv", 5)
    path = lists.root / "a.csv"
    path.write_text(path.read_text().replace("T,A", "T2,A"))
    with Store.open(state):
        assert collect(state, [lists.root / "plain.csv"]).n_read == 1
        with pytest.raises(StateInUse):
            collect(state, [path])
    assert collect(state, [path]).n_features == 1


def test_an_interrupted_run_leaves_its_parts_for_the_next(lists, state):
    lists.uris("one.m3u", 1)

    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        collect(state, [lists.root], on_piece=stop)
    (part,) = (state / "playlists" / ".parts").iterdir()
    stamp = part.stat().st_mtime_ns
    seen = []
    collect(state, [lists.root], on_piece=lambda *_: seen.append(part.stat().st_mtime_ns))
    assert seen == [stamp]
    assert not (state / "playlists" / ".parts").exists()


@pytest.mark.parametrize("n_moved", range(5))
def test_a_run_killed_while_it_replaces_files_is_finished_by_the_next(mpd, lists, state, n_moved):
    collect(state, [mpd.zip(mpd.slices(1)), lists.uris("one.m3u", 1)])
    whole = content(state)
    scratch = state / "tables" / ".combined"
    scratch.mkdir()
    for name in [*(f"{name}.parquet" for name in TABLES[n_moved:]), "manifest.json"]:
        (state / "tables" / name).replace(scratch / name)
    collect(state, [lists.root])
    assert content(state) == whole
    assert not scratch.exists()


@pytest.mark.parametrize("n_moved", range(4))
def test_own_playlists_survive_a_kill_while_they_are_replaced(lists, state, n_moved):
    collect(state, [lists.uris("one.m3u", 1)])
    folder = state / "playlists"
    scratch = folder / ".parts"
    scratch.mkdir()
    for name in [
        *(f"{name}.parquet" for name in list(collection.SCHEMAS)[n_moved:]),
        "manifest.json",
    ]:
        (folder / name).replace(scratch / name)
    shutil.rmtree(state / "tables")
    combining.combine(state)
    assert songs(state) == {"one": spotify(1)}


def test_many_small_files_take_few_parts(lists, state):
    for number in range(600):
        lists.uris(f"{number % 10}/{number}.m3u", number, number + 1)
    seen = []
    report = collect(state, [lists.root], workers=1, on_piece=lambda *at: seen.append(at))
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert (report.n_playlists, report.tables.counts["tracks"]) == (600, 601)


def test_damaged_own_playlists_are_said(lists, state):
    collect(state, [lists.uris("one.m3u", 1)])
    (state / "playlists" / "entries.parquet").write_bytes(b"x")
    with pytest.raises(InputError, match="not whole, or of another version; bring back a copy"):
        collect(state, [lists.uris("two.m3u", 2)])
