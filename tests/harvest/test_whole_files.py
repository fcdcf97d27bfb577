"""Files that are there in full or not at all."""

import os

import pytest

from harvest.whole_files import durable, durable_text, sync_folder, whole, whole_text
from tests.harvest.full_disk import room_for


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "folder" / "x.csv"
    path.parent.mkdir()
    path.write_text("old")
    return path


def files(path):
    return {each.name: each.read_text() for each in path.parent.iterdir()}


def test_a_file_that_is_there_is_replaced_at_the_end(path):
    with whole(path) as file:
        file.write(b"new")
        file.flush()
        assert path.read_text() == "old"
    assert files(path) == {"x.csv": "new"}


def test_text_is_utf_8_and_keeps_its_ends_of_lines(path):
    for way in (whole_text, durable_text):
        with way(path) as file:
            file.write("ü\r\nx\n")
        assert path.read_bytes() == b"\xc3\xbc\r\nx\n"


@pytest.mark.parametrize("error", [ValueError("no"), KeyboardInterrupt()])
@pytest.mark.parametrize(("way", "half"), [(whole, b"half"), (whole_text, "half")])
def test_an_error_midway_leaves_the_old_file_and_no_other(path, way, half, error):
    def parts():
        yield half
        raise error

    with pytest.raises(type(error)), way(path) as file:
        file.writelines(parts())
    assert files(path) == {"x.csv": "old"}


@pytest.mark.parametrize(("way", "much"), [(whole, b"x" * 5000), (whole_text, "x" * 5000)])
def test_a_disk_that_is_full_leaves_the_old_file_and_no_other(path, way, much):
    with room_for(2000), pytest.raises(OSError, match="too large"), way(path) as file:
        file.write(much)
    assert files(path) == {"x.csv": "old"}


def test_a_disk_that_fails_at_last_leaves_the_old_file_and_no_other(path, monkeypatch):
    def fail(_):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="Input/output"), whole(path) as file:
        file.write(b"new")
    assert files(path) == {"x.csv": "old"}


def test_a_place_that_is_a_folder_stays_and_no_other_file_is_left(path):
    with pytest.raises(IsADirectoryError), whole(path.parent) as file:
        file.write(b"new")
    assert [each.name for each in path.parent.parent.iterdir()] == ["folder"]


@pytest.mark.parametrize(("way", "text"), [(whole, b"x"), (durable, b"x"), (whole_text, "x")])
def test_what_is_closed_is_on_the_disk(path, monkeypatch, way, text):
    synced = []
    monkeypatch.setattr(os, "fsync", lambda number: synced.append(os.fstat(number).st_size))
    with way(path) as file:
        file.write(text)
    assert synced == [1]


def test_a_file_has_the_rights_that_this_process_gives_files(path):
    before = os.umask(0o027)
    try:
        with whole(path) as file:
            file.write(b"new")
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("letter", ["x", "ü", "\N{MUSICAL SYMBOL G CLEF}"])
def test_a_name_of_as_many_bytes_as_may_be_is_no_hindrance(tmp_path, letter):
    path = tmp_path / (letter * (255 // len(letter.encode())))
    with whole(path) as file:
        file.write(b"new")
    assert path.read_bytes() == b"new"


def test_two_may_write_the_same_and_the_last_to_end_counts(path):
    with whole(path) as one:
        with whole(path) as other:
            other.write(b"other")
        one.write(b"one")
    assert files(path) == {"x.csv": "one"}


def test_the_names_in_a_folder_are_synced_by_the_folder(tmp_path, monkeypatch):
    synced = []
    monkeypatch.setattr(os, "fsync", lambda number: synced.append(os.fstat(number).st_ino))
    sync_folder(tmp_path)
    assert synced == [tmp_path.stat().st_ino]
