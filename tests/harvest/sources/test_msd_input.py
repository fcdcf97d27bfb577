"""Finding the files of songs: what is taken, and what is said about the rest."""

import os
import pickle
import zipfile
from functools import partial

import pytest

from harvest.sources import msd_input
from harvest.sources.msd_input import find_input
from tests.harvest.msd_files import content, files, place, song_id, write_folder, write_zip
from tests.harvest.sources.refusing import refused

refusal = partial(refused, find_input)


def found(path):
    return [name for chunk in find_input(path).chunks for name, _ in chunk.contents()]


def test_files_of_a_folder_are_sorted_and_those_of_a_zip_are_as_they_lie(tmp_path):
    members = files([30, 2, 100])
    assert found(write_zip(tmp_path / "a.zip", members)) == list(members)
    folder = write_folder(tmp_path / "a", members)
    assert found(folder) == [place(2), place(30), place(100)]


def test_other_and_hidden_files_are_passed_over_but_json_of_another_name_is_not(tmp_path):
    members = {
        place(1): content(1),
        "README.md": b"",
        ".DS_Store": b"",
        f"__MACOSX/._{song_id(1)}.json": b"",
        f"A/.{song_id(1)}.json": b"",
        "odd.json": b"",
    }
    for path in (write_zip(tmp_path / "a.zip", members), write_folder(tmp_path / "a", members)):
        assert sorted(found(path)) == sorted([place(1), "odd.json"])
        assert find_input(path).n_files == 2


def test_single_file_is_taken(tmp_path):
    path = write_folder(tmp_path, {place(1): content(1)}) / place(1)
    assert found(path) == [f"{song_id(1)}.json"]


def test_chunks_are_bounded_by_number_and_by_size(tmp_path, monkeypatch):
    monkeypatch.setattr(msd_input, "CHUNK_FILES", 4)
    members = files(range(10))
    for path in (write_zip(tmp_path / "a.zip", members), write_folder(tmp_path / "a", members)):
        assert [chunk.n_files for chunk in find_input(path).chunks] == [4, 4, 2]
    monkeypatch.setattr(msd_input, "CHUNK_BYTES", 1)
    for path in (tmp_path / "a.zip", tmp_path / "a"):
        assert max(chunk.n_files for chunk in find_input(path).chunks) == 1
        assert sorted(found(path)) == sorted(members)


def test_chunks_travel_to_other_processes(tmp_path):
    members = files(range(3))
    for path in (write_zip(tmp_path / "a.zip", members), write_folder(tmp_path / "a", members)):
        (chunk,) = pickle.loads(pickle.dumps(find_input(path).chunks))
        assert dict(chunk.contents()) == members


def test_fingerprint_follows_content_and_not_the_place(tmp_path):
    first = find_input(write_zip(tmp_path / "a.zip", files([1, 2])))
    moved = find_input(write_zip(tmp_path / "b.zip", files([1, 2])))
    other = {place(1): content(1), place(2): content(2, title="other")}
    assert first.fingerprint == moved.fingerprint
    assert first.fingerprint != find_input(write_zip(tmp_path / "c.zip", other)).fingerprint


def test_fingerprint_of_a_folder_follows_sizes_and_times(tmp_path):
    folder = write_folder(tmp_path / "a", files([1]))
    before = find_input(folder).fingerprint
    os.utime(folder / place(1), (1, 1))
    assert find_input(folder).fingerprint != before


def test_links_to_folders_are_not_entered(tmp_path):
    folder = write_folder(tmp_path / "a", files([1]))
    (folder / "again").symlink_to(folder)
    assert found(folder) == [place(1)]


def test_what_does_not_exist_is_said_with_what_is_wanted(tmp_path):
    said = refusal(tmp_path / "none.zip")
    assert "none.zip does not exist; give the Million Song Dataset's last.fm files" in said


def test_text_file_is_neither_zip_nor_folder(tmp_path):
    (tmp_path / "notes.txt").write_text("hello")
    assert "notes.txt is neither a zip file nor a folder; give the" in refusal(
        tmp_path / "notes.txt"
    )


def test_pipe_is_neither_zip_nor_folder_and_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert "pipe is neither a zip file nor a folder" in refusal(tmp_path / "pipe")


def test_zip_cut_short_is_said(tmp_path):
    path = write_zip(tmp_path / "a.zip", files(range(9)))
    path.write_bytes(path.read_bytes()[:-30])
    assert refusal(path).endswith("a.zip is a zip file whose end is missing; get the file again")


@pytest.mark.parametrize("make", [write_zip, write_folder])
def test_input_without_songs_says_what_is_there_instead(tmp_path, make):
    members = {"a/readme.md": b"", "b.json": b""}
    said = refusal(make(tmp_path / "x", members))
    assert said.startswith("no file TR<16 letters and digits>.json in ")
    assert "but 2 other files, such as " in said


def test_empty_inputs_are_said(tmp_path):
    (tmp_path / "a").mkdir()
    assert "in " + str(tmp_path / "a") + ", but nothing at all; give the" in refusal(tmp_path / "a")
    zipfile.ZipFile(tmp_path / "a.zip", "w").close()
    assert "a.zip, but nothing at all; give the" in refusal(tmp_path / "a.zip")


def test_the_other_dataset_is_known(tmp_path):
    path = write_zip(tmp_path / "mpd.zip", {"data/mpd.slice.0-999.json": b"{}"})
    assert "is the Million Playlist Dataset, which `harvest mpd` reads" in refusal(path)
