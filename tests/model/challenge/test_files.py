import gzip
import os
import threading
from pathlib import Path

import msgspec
import pytest

from model.challenge.files import read_json, read_lines, shown
from model.errors import InputError

LINES = [(1, "a, b"), (2, ""), (3, "c")]


def as_file(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    "content",
    [
        b"a, b\n\nc",
        b"a, b \r\n\r\n c\r\n",
        b"\xef\xbb\xbfa, b\n\nc\n",
        gzip.compress(b"\xef\xbb\xbfa, b\n\nc\n", mtime=0),
    ],
    ids=["plain", "crlf", "byte order mark", "gzipped"],
)
def test_lines_are_numbered_and_stripped_however_they_were_written(
    tmp_path: Path, content: bytes
) -> None:
    assert list(read_lines(as_file(tmp_path / "lines", content))) == LINES


def test_lines_come_through_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(gzip.compress(b"a, b\n\nc", mtime=0),))
    writer.start()
    assert list(read_lines(pipe)) == LINES
    writer.join()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (gzip.compress(b"a,b\n" * 1000, mtime=0)[:40], "broken or cut off"),
        (b"\x1f\x8bnot gzip at all", "broken or cut off"),
        (b"PK\x03\x04 and so on", "is a zip archive; unpack it"),
    ],
)
def test_a_file_that_cannot_be_unpacked_is_named(
    tmp_path: Path, content: bytes, words: str
) -> None:
    with pytest.raises(InputError, match=words) as caught:
        list(read_lines(as_file(tmp_path / "broken", content)))
    assert str(tmp_path / "broken") in str(caught.value)


def test_a_file_that_is_not_there_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot read .*gone: No such file"):
        list(read_lines(tmp_path / "gone"))
    with pytest.raises(InputError, match="Is a directory"):
        read_json(tmp_path, dict, expected="a map")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"a":\n\n 1,}', "is not JSON: .* in line 3; expected a map"),
        (b'{"a": 1', "is not JSON: .*truncated"),
        (b"[1]", "a.json: it should be an object, not a list; expected a map"),
        (b'{"a": "b"}', "a value should be a whole number, not text"),
        (b" \n", "is empty; expected a map"),
        (gzip.compress(b"", mtime=0), "is empty; expected a map"),
        (b'{"\xff": 1}', "is not JSON: .*invalid start byte"),
    ],
)
def test_what_is_wrong_with_json_is_said_in_one_line(
    tmp_path: Path, content: bytes, words: str
) -> None:
    with pytest.raises(InputError, match=words) as caught:
        read_json(as_file(tmp_path / "a.json", content), dict[str, int], expected="a map")
    assert "\n" not in str(caught.value)


def test_lists_within_lists_without_end_are_refused(tmp_path: Path) -> None:
    path = as_file(tmp_path / "a.json", b'{"x": ' + b"[" * 100_000)
    with pytest.raises(InputError, match="lists within lists, thousands deep; expected a map"):
        read_json(path, dict, expected="a map")


def test_json_is_read_with_a_byte_order_mark_and_with_half_a_surrogate_pair(tmp_path: Path) -> None:
    path = as_file(tmp_path / "a.json", b'\xef\xbb\xbf{"a": "\\ud83d \\ud83d\\ude00 \\\\ud83d"}')
    assert read_json(path, dict[str, str], expected="a map") == {"a": "\ufffd 😀 \\ud83d"}


def test_values_of_structures_are_named_without_the_librarys_marks(tmp_path: Path) -> None:
    class One(msgspec.Struct):
        a: int

    with pytest.raises(InputError, match=": a should be a whole number, not text; expected a one"):
        read_json(as_file(tmp_path / "a.json", b'{"a": "x"}'), One, expected="a one")


def test_a_value_is_shown_on_one_line_whatever_it_holds() -> None:
    assert shown("a\nb\udcff") == "'a\\nb?'"
    assert len(shown("x" * 1000)) < 70
