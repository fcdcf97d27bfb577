import pytest

from harvest.sources.lists.characters import decoded, odd_bytes
from harvest.sources.lists.readings import BrokenFileError


def test_marks_say_the_encoding():
    for encoding in ("utf-8-sig", "utf-16", "utf-32"):
        assert decoded("Jóga".encode(encoding)) == "Jóga"


def test_without_a_mark_it_is_utf_8_or_else_windows_1252():
    assert decoded("“Jóga”".encode()) == "“Jóga”"
    assert decoded("“Jóga”".encode("cp1252")) == "“Jóga”"
    assert decoded(b"\x81") == "\N{REPLACEMENT CHARACTER}"


def test_half_a_character_of_utf_16_is_said():
    with pytest.raises(BrokenFileError, match="no whole text in UTF-16-LE"):
        decoded(b"\xff\xfea")


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_line_in_windows_1252_spoils_no_other(line_end):
    lines = ["Björk - Jóga", "YOASOBI - 夜に駆ける", "Motörhead", "ASCII"]
    encoded = [line.encode("cp1252" if line == "Motörhead" else "utf-8") for line in lines]
    content = line_end.encode().join(encoded)
    assert decoded(content) == line_end.join(lines)
    assert odd_bytes(content) == "line 3 is not UTF-8; its odd bytes are read as Windows-1252"


def test_a_byte_that_is_no_utf_8_spoils_not_even_its_own_line():
    assert decoded("Café: Jóga, Björk, ".encode() + b"Mot\xf6rhead") == (
        "Café: Jóga, Björk, Motörhead"
    )


def test_a_text_that_is_cut_within_a_character_keeps_the_rest():
    content = "Sigur Rós - Sæglópur".encode()
    assert decoded(content[: content.index("ó".encode(), 12) + 1]) == "Sigur Rós - SæglÃ"


def test_a_byte_that_means_nothing_is_a_replacement_character():
    assert decoded("Jóga ".encode() + b"\x81") == "Jóga \N{REPLACEMENT CHARACTER}"


def test_many_lines_that_are_odd_are_counted_and_the_first_named():
    content = "夜に駆ける\n".encode() + b"\xf6\n" * 5
    assert odd_bytes(content) == (
        "lines 2, 3, 4 and 2 more are not UTF-8; their odd bytes are read as Windows-1252"
    )


@pytest.mark.parametrize(
    ("text", "encoding", "name"),
    [
        ("Jóga", "cp1252", "Windows-1252"),
        ("Кино - Группа крови", "cp1251", "Windows-1251 (Cyrillic), which its letters speak for"),
        ("夜に駆ける", "cp932", "Shift JIS (Japanese), which its letters speak for"),
    ],
)
def test_a_text_in_an_old_encoding_is_read_and_told_of(text, encoding, name):
    content = f"Title,Artist\n{text}\n".encode(encoding)
    assert decoded(content) == f"Title,Artist\n{text}\n"
    assert odd_bytes(content) == (
        f"it is not UTF-8, and read as {name}; save it as UTF-8 if its names look wrong"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_text_in_unicode_has_no_odd_bytes(encoding):
    assert odd_bytes("Jóga\nBjörk\n".encode(encoding)) == ""
