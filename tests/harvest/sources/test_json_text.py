"""Escapes that are no characters."""

import json

from hypothesis import given
from hypothesis import strategies as st

from harvest.sources.json_text import mend_surrogates


def test_halves_are_replaced_wherever_they_stand():
    for half in (rb"\ud800", rb"\uDFFF", rb"\udc00\ud800"):
        mended = json.loads(mend_surrogates(b'"a' + half + b'b"'))
        assert set(mended) == {"a", "b", "\ufffd"}


@given(st.text())
def test_whole_text_stays_as_it_is(text):
    content = json.dumps(text).encode()
    assert mend_surrogates(content) == content
