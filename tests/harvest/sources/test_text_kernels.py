import json

import numpy as np
import pytest

from harvest.sources import msd_song
from harvest.sources.text_kernels import clean_tag, read_string, skip_blanks


def bytes_of(text):
    return np.frombuffer(text + b"\0" * 8, np.uint8)


def read(text):
    out = np.zeros(100, np.uint8)
    end, to = read_string(bytes_of(text), 1, out, 0)
    return end, out[:to].tobytes()


@pytest.mark.parametrize(
    "text", ["", "plain", 'a "b" \\ /', "\b\f\n\r\t", "é", "夜", "😀", "\u0001\u007f"]
)
def test_strings_are_read_as_json_has_them(text):
    written = json.dumps(text).encode()
    assert read(written) == (len(written), text.encode())


@pytest.mark.parametrize("text", [rb'"\x"', rb'"\u12g4"', rb'"\ud800"', rb'"\udc00"', b'"\n"'])
def test_what_is_no_string_is_refused(text):
    assert read(text)[0] == -1


@pytest.mark.parametrize("tag", ["Rock", " Hip-Hop ", "R&B  soul", "80s", "\u212a\u0130", "夜", ""])
def test_tags_are_cleaned_as_elsewhere(tag):
    written, out = tag.encode(), np.zeros(100, np.uint8)
    end = clean_tag(bytes_of(written), 0, len(written), out, 0)
    assert out[:end].tobytes().decode() == msd_song.clean_tag(tag)


def test_blanks_are_passed_over():
    assert skip_blanks(bytes_of(b" \t\n\r x"), 0) == 5
