"""Finding and reading slices: what is accepted, and what is said about the rest."""

import zipfile
from functools import partial
from pathlib import Path

import pytest

from harvest.errors import InputError
from harvest.sources import mpd_input
from harvest.sources.mpd_input import Slice, find_slices, gaps, input_fingerprint, read_slice
from tests.harvest.sources.refusing import refused

refusal = partial(refused, find_slices)


def test_slices_are_sorted_by_number_not_by_name(mpd):
    members = {f"x/mpd.slice.{first}-{first + 999}.json": b"" for first in (10_000, 2_000, 0)}
    assert [each.first for each in find_slices(mpd.zip(members))] == [0, 2_000, 10_000]
    assert [each.first for each in find_slices(mpd.folder(members))] == [0, 2_000, 10_000]


def test_other_files_are_passed_over(mpd):
    members = {
        "README.md": b"",
        "data/mpd.slice.0-9.json": b"x",
        "__MACOSX/data/._mpd.slice.0-9.json": b"y",
        "data/mpd.slice.0-9.json.bak": b"z",
    }
    for path in (mpd.zip(members), mpd.folder(members)):
        assert [each.name for each in find_slices(path)] == ["data/mpd.slice.0-9.json"]


def test_single_slice_file_is_accepted(mpd):
    path = mpd.folder({"mpd.slice.0-9.json": b"content"}) / "mpd.slice.0-9.json"
    (found,) = find_slices(path)
    assert read_slice(found) == b"content"


def test_content_is_read_from_zip_and_folder(mpd):
    members = {"data/mpd.slice.0-9.json": b"content"}
    for path in (mpd.zip(members), mpd.folder(members)):
        assert [read_slice(each) for each in find_slices(path)] == [b"content"]


def test_path_that_does_not_exist_is_said(tmp_path):
    assert refusal(tmp_path / "none").endswith(
        "none does not exist; give the Million Playlist Dataset's zip file, or the folder that it"
        " was unpacked into"
    )


def test_text_file_is_neither_zip_nor_folder(tmp_path):
    (tmp_path / "notes.txt").write_text("hello")
    assert "notes.txt is neither a zip file nor a folder" in refusal(tmp_path / "notes.txt")


def test_empty_file_is_neither_zip_nor_folder(tmp_path):
    (tmp_path / "mpd.zip").touch()
    assert "neither" in refusal(tmp_path / "mpd.zip")


def test_zip_cut_short_is_said(mpd):
    path = mpd.zip(mpd.slices(2))
    path.write_bytes(path.read_bytes()[:-200])
    assert "is a zip file whose end is missing; get the file again" in refusal(path)


def test_zip_with_a_damaged_directory_is_said(mpd):
    path = mpd.zip(mpd.slices(2))
    content = path.read_bytes()
    path.write_bytes(content.replace(b"PK\x01\x02", b"PK\x09\x09"))
    assert "cannot read" in refusal(path)


def test_damaged_member_is_named(mpd):
    path = mpd.zip(mpd.slices(2))
    content = bytearray(path.read_bytes())
    content[200:220] = bytes(20)
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"cannot read data/mpd\.slice\.0-9\.json in .*again"):
        read_slice(find_slices(path)[0])


def test_wrong_checksum_is_said(mpd, tmp_path):
    path = tmp_path / "stored.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("mpd.slice.0-9.json", b"content")
    path.write_bytes(path.read_bytes().replace(b"content", b"contenT", 1))
    with pytest.raises(InputError, match="Bad CRC-32"):
        read_slice(find_slices(path)[0])


def test_encrypted_zip_is_refused(mpd):
    path = mpd.zip({"mpd.slice.0-9.json": b"content"})
    content = bytearray(path.read_bytes())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + flags] |= 1
    path.write_bytes(content)
    assert "is encrypted; unpack it and give the folder" in refusal(path)


def test_unknown_compression_is_said(mpd):
    path = mpd.zip({"mpd.slice.0-9.json": b"content"})
    content = bytearray(path.read_bytes())
    for signature, method in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        content[content.index(signature) + method] = 99
    path.write_bytes(content)
    with pytest.raises(InputError, match="compression method"):
        read_slice(find_slices(path)[0])


def test_input_without_slices_says_what_was_sought_and_found(mpd):
    members = {"challenge_set.json": b"{}", "README.md": b""}
    wanted = "no file mpd.slice.<first>-<last>.json in"
    for path in (mpd.zip(members), mpd.folder(members)):
        assert wanted in refusal(path)
        assert "but 2 other files, such as " in refusal(path)


def test_empty_folder_is_said(tmp_path):
    assert ", but nothing at all; give" in refusal(tmp_path)


def test_giant_slice_is_refused_before_it_is_read(mpd, monkeypatch):
    monkeypatch.setattr(mpd_input, "MAX_SLICE_BYTES", 1000)
    path = mpd.zip({"mpd.slice.0-9.json": bytes(1001)})
    assert "mpd.slice.0-9.json in" in refusal(path)
    assert "unpacks to 1,001 bytes; a slice may have 1,000" in refusal(path)


def test_file_that_changes_while_it_is_read_is_refused(mpd):
    folder = mpd.folder({"mpd.slice.0-9.json": b"content"})
    (found,) = find_slices(folder)
    (folder / found.name).write_bytes(b"longer content")
    with pytest.raises(InputError, match="changed meanwhile"):
        read_slice(found)


def test_file_that_vanishes_is_said(mpd):
    folder = mpd.folder({"mpd.slice.0-9.json": b"content"})
    (found,) = find_slices(folder)
    (folder / found.name).unlink()
    with pytest.raises(InputError, match="No such file"):
        read_slice(found)


def test_fingerprint_changes_with_content_and_not_with_place(mpd):
    prints = [
        input_fingerprint(find_slices(mpd.zip({"mpd.slice.0-9.json": content}, name)))
        for content, name in ((b"one", "a.zip"), (b"one", "b.zip"), (b"two", "c.zip"))
    ]
    assert prints[0] == prints[1] != prints[2]


def test_overlapping_slices_leave_no_gap():
    slices = [
        Slice(Path(), "", first, last, 0, "") for first, last in ((0, 99), (10, 19), (50, 120))
    ]
    assert gaps(slices) == ()
