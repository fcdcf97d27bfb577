"""Contents of chunks: each file, or why it cannot be read."""

import os

import pytest

from harvest.errors import InputError
from harvest.sources.msd_chunks import MAX_FILE_BYTES, Fault
from harvest.sources.msd_input import find_input
from tests.harvest.msd_files import content, files, place, write_folder, write_zip

HUGE = b" " * (MAX_FILE_BYTES + 1)


def contents(path):
    return {name: got for chunk in find_input(path).chunks for name, got in chunk.contents()}


def test_zip_and_folder_give_the_same(tmp_path):
    members = files(range(5))
    assert contents(write_zip(tmp_path / "a.zip", members)) == members
    assert contents(write_folder(tmp_path / "a", members)) == members


@pytest.mark.parametrize("make", [write_zip, write_folder])
def test_giant_is_not_read_and_the_others_are(tmp_path, make):
    got = contents(make(tmp_path / "x", files([1]) | {place(2): HUGE}))
    assert got[place(1)] == content(1)
    assert got[place(2)] == Fault("has 1,048,577 bytes; expected 1,048,576 or less")


def test_damaged_member_is_named_and_the_others_are_read(tmp_path):
    path = write_zip(tmp_path / "a.zip", files([1, 2]))
    raw = bytearray(path.read_bytes())
    at = 30 + len(place(1))
    raw[at : at + 9] = b"\xff" * 9
    path.write_bytes(raw)
    got = contents(path)
    assert got[place(1)].reason.startswith("is damaged: ")
    assert got[place(2)] == content(2)


def test_member_whose_name_is_lost_is_named_by_its_place(tmp_path):
    path = write_zip(tmp_path / "a.zip", files([1, 2]))
    path.write_bytes(b"XX" + path.read_bytes()[2:])
    got = contents(path)
    assert got["member at byte 0"] == Fault("is damaged: there is no member at its place")


def test_broken_link_folder_and_pipe_are_named_and_not_waited_for(tmp_path):
    folder = write_folder(tmp_path / "a", files([1]))
    (folder / place(2)).symlink_to("nowhere")
    os.mkfifo(folder / place(3))
    (folder / place(4)).symlink_to(tmp_path)
    got = contents(folder)
    assert got[place(1)] == content(1)
    assert got[place(2)].reason == "cannot be read: a broken link, or no right to look"
    assert got[place(3)].reason == "is not a file"
    assert got[place(4)].reason in {"is not a file", "cannot be read: Is a directory"}


@pytest.mark.parametrize("change", ["longer", "later", "gone"])
def test_file_that_changed_since_it_was_listed_ends_the_run(tmp_path, change):
    folder = write_folder(tmp_path / "a", files([1]))
    (chunk,) = find_input(folder).chunks
    if change == "longer":
        (folder / place(1)).write_bytes(content(1) + b" ")
    elif change == "later":
        os.utime(folder / place(1), (1, 1))
    else:
        (folder / place(1)).unlink()
    with pytest.raises(InputError, match="changed meanwhile; run the same again"):
        list(chunk.contents())


def test_zip_that_changed_since_it_was_listed_ends_the_run(tmp_path):
    path = write_zip(tmp_path / "a.zip", files([1]))
    (chunk,) = find_input(path).chunks
    os.utime(path, (1, 1))
    with pytest.raises(InputError, match=r"a\.zip changed meanwhile; run the same again"):
        list(chunk.contents())
