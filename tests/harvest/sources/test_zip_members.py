"""Zips read by hand: the same as zipfile reads, and every kind of damage said."""

import io
import os
import struct
import zipfile
from itertools import islice

import pytest

from harvest.sources import zip_members
from harvest.sources.zip_members import BadMemberError, DamagedZipError, read_member, read_pages
from tests.harvest.msd_files import files, write_zip

MEMBERS = files(range(7))


def read_all(path, *, max_size=10_000, n_members=3):
    """Names and contents, in the order of the directory."""
    pages = list(read_pages(path, n_members=n_members))
    with path.open("rb") as file:
        return [
            read_member(file.fileno(), member, max_size=max_size)
            for page in pages
            for member in page.members
        ]


def refusal(path, **options):
    with pytest.raises(BadMemberError) as caught:
        read_all(path, **options)
    return caught.value.args


def test_members_are_those_that_were_packed(tmp_path):
    path = write_zip(tmp_path / "a.zip", MEMBERS)
    assert dict(read_all(path)) == MEMBERS
    assert [len(page.names) for page in read_pages(path, n_members=3)] == [3, 3, 1]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_zips_of_either_method_with_comments_and_extra_fields_are_read(tmp_path, method):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.comment = b"PK\x05\x06 is what the end begins with" * 9
        for name, content in MEMBERS.items():
            entry = zipfile.ZipInfo(name)
            entry.comment, entry.extra = b"a comment", struct.pack("<2H300s", 0x9999, 300, b"x")
            archive.writestr(entry, content, method)
    assert dict(read_all(path)) == MEMBERS


def test_zip_behind_something_else_is_read(tmp_path):
    path = write_zip(tmp_path / "a.zip", MEMBERS)
    path.write_bytes(b"#!/bin/sh\n" + path.read_bytes())
    assert dict(read_all(path)) == MEMBERS


def test_zip_written_to_a_pipe_is_read(tmp_path):
    class Pipe(io.RawIOBase):
        def __init__(self):
            self.content = b""

        def writable(self):
            return True

        def write(self, data):
            self.content += bytes(data)
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in MEMBERS.items():
            archive.writestr(name, content)
    (tmp_path / "a.zip").write_bytes(pipe.content)
    assert dict(read_all(tmp_path / "a.zip")) == MEMBERS


def test_large_fields_are_read(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("a"), b"content", zipfile.ZIP_DEFLATED)
    # The directory's size field says "see the extra field", as it does above 4 GB.
    raw = bytearray(path.read_bytes())
    at = raw.index(b"PK\x01\x02")
    (packed,) = struct.unpack_from("<L", raw, at + 20)
    large = struct.pack("<2H2Q", 1, 16, 7, packed)
    head = bytearray(raw[at : at + 47])
    struct.pack_into("<2L", head, 20, 2**32 - 1, 2**32 - 1)
    struct.pack_into("<H", head, 30, len(large))
    directory = bytes(head) + large
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(directory), at, 0)
    path.write_bytes(bytes(raw[:at]) + directory + end)
    assert read_all(path) == [("a", b"content")]


def test_more_members_than_sixteen_bits_count_are_listed(tmp_path, monkeypatch):
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 3)
    path = write_zip(tmp_path / "a.zip", MEMBERS)
    assert b"PK\x06\x06" in path.read_bytes()
    assert dict(read_all(path)) == MEMBERS


def test_empty_zip_has_no_pages(tmp_path):
    assert list(read_pages(write_zip(tmp_path / "a.zip", {}), n_members=3)) == []


@pytest.mark.parametrize("content", [b"", b"hello", bytes(1_000)])
def test_what_is_no_zip_is_said(tmp_path, content):
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(DamagedZipError, match="neither a zip file nor a folder"):
        list(read_pages(tmp_path / "a.zip", n_members=3))


def test_every_cut_is_said(tmp_path):
    path = write_zip(tmp_path / "a.zip", files(range(2)))
    content = path.read_bytes()
    for length in range(4, len(content)):
        path.write_bytes(content[:length])
        with pytest.raises(DamagedZipError, match="whose end is missing"):
            list(read_pages(path, n_members=3))


def test_damaged_directory_is_said(tmp_path):
    path = write_zip(tmp_path / "a.zip", MEMBERS)
    content = path.read_bytes()
    path.write_bytes(content.replace(b"PK\x01\x02", b"PK\x09\x09", 1))
    with pytest.raises(DamagedZipError, match="directory is damaged"):
        list(read_pages(path, n_members=3))
    at = content.rindex(b"PK\x05\x06")
    path.write_bytes(content[: at + 12] + b"\xff\xff\xff\x7f" + content[at + 16 :])
    with pytest.raises(DamagedZipError, match="directory is not at its place"):
        list(read_pages(path, n_members=3))


@pytest.mark.parametrize("field_at", [28, 30, 32], ids=["name", "extra", "comment"])
@pytest.mark.parametrize("n_members", [3, 10])
def test_a_directory_that_claims_more_than_it_holds_is_damaged(tmp_path, field_at, n_members):
    path = write_zip(tmp_path / "a.zip", MEMBERS)
    content = bytearray(path.read_bytes())
    last = content.rfind(b"PK\x01\x02")
    content[last + field_at + 1] ^= 0xA2  # 41,472 bytes more
    path.write_bytes(content)
    with pytest.raises(DamagedZipError, match="whose directory is damaged"):
        list(islice(read_pages(path, n_members=n_members), len(MEMBERS)))


def test_bomb_is_not_unpacked_whether_it_says_its_size_or_not(tmp_path):
    path = write_zip(tmp_path / "a.zip", {"a": bytes(5_000_000)})
    assert refusal(path) == ("has 5,000,000 bytes; expected 10,000 or less", "a")
    content = path.read_bytes().replace(struct.pack("<L", 5_000_000), struct.pack("<L", 100))
    path.write_bytes(content)
    assert "its size or checksum is not what the zip says" in refusal(path)[0]


def test_inflating_stops_one_byte_behind_what_was_said(tmp_path):
    path = write_zip(tmp_path / "a.zip", {"a": bytes(5_000_000)})
    (page,) = read_pages(path, n_members=1)
    (member,) = page.members
    with path.open("rb") as file:
        packed = os.pread(file.fileno(), int(member["packed"]), 30 + 1)
    assert len(zip_members._inflated(packed, 100, "a")) == 101


def test_damaged_content_is_said_with_the_members_name(tmp_path):
    path = write_zip(tmp_path / "a.zip", {"a": b"some content" * 9})
    content = bytearray(path.read_bytes())
    content[35:40] = b"\xff" * 5
    path.write_bytes(content)
    reason, name = refusal(path)
    assert (reason.startswith("is damaged: "), name) == (True, "a")


def test_wrong_checksum_is_said(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a", b"content")
    path.write_bytes(path.read_bytes().replace(b"content", b"contenT", 1))
    assert "size or checksum" in refusal(path)[0]


def test_encrypted_member_is_said(tmp_path):
    path = write_zip(tmp_path / "a.zip", {"a": b"content"})
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    assert refusal(path) == ("is encrypted", "a")


def test_unusual_method_is_said(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a", b"content")
    assert refusal(path) == ("is packed by method 14; expected 8 (deflate) or 0", "a")


@pytest.mark.parametrize("offset", [2**31, 7])
def test_member_that_is_not_at_its_place_is_said(tmp_path, offset):
    path = write_zip(tmp_path / "a.zip", {"a": b"content"})
    content = bytearray(path.read_bytes())
    struct.pack_into("<L", content, content.index(b"PK\x01\x02") + 42, offset)
    path.write_bytes(content)
    assert "there is no member at its place" in refusal(path)[0]
