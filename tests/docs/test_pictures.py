"""Pictures are small, whole, of use, and name no other host; the script that makes them works."""

import os
import re
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from docs.make_pictures import PICTURES
from docs.terminal import picture, shown

ROOT = Path(__file__).parents[2]
FILES = sorted(PICTURES.iterdir())
MOST_BYTES = 150_000


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_picture_is_small_and_stands_on_a_page(file):
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("**/*.md")]
    assert file.stat().st_size < MOST_BYTES
    assert [page for page in pages if f"pictures/{file.name}" in page.read_text(encoding="utf-8")]


@pytest.mark.parametrize("file", sorted(PICTURES.glob("*.svg")), ids=lambda file: file.name)
def test_a_terminals_picture_names_no_other_host(file):
    text = file.read_text(encoding="utf-8")
    ET.fromstring(text)
    assert set(re.findall(r"https?://[^\s\"')]+", text)) == {"http://www.w3.org/2000/svg"}


def test_a_program_is_shown_in_its_colours_as_in_a_terminal(tmp_path):
    code = (
        "import sys; print('\\x1b[31mred\\x1b[0m', sys.stdout.isatty()); sys.stderr.write('aside')"
    )
    printed = shown([sys.executable, "-c", code], folder=tmp_path, settings=os.environ, columns=40)
    svg = picture("a command", printed, columns=40)
    words = "".join(ET.fromstring(svg).itertext()).replace("\xa0", " ")
    assert "$ a command" in words
    assert re.search(r"red *True", words)
    assert "aside" not in words
    assert len(set(re.findall(r"fill: (#\w+)", svg))) > 1
    assert "@font-face" not in svg


def test_a_program_that_fails_makes_no_picture(tmp_path):
    command = [sys.executable, "-c", "raise SystemExit('broken')"]
    with pytest.raises(RuntimeError, match="broken"):
        shown(command, folder=tmp_path, settings=os.environ, columns=40)
