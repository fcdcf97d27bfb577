import pytest

from harvest.sources.lists.elements import parse
from harvest.sources.lists.readings import BrokenFileError


def told(content):
    found = []
    parse(
        content,
        start=lambda name, attributes: found.append((name, attributes)),
        end=found.append,
        text=found.append,
    )
    return found


def test_elements_are_told_of_in_their_order_with_their_namespaces():
    content = '<a xmlns="n:"><b c="1">é&amp;x</b></a>'.encode("utf-16")
    assert told(content) == [("n: a", {}), ("n: b", {"c": "1"}), "é&x", "n: b", "n: a"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<a>", "not well-formed"),
        (b"<!DOCTYPE a><a/>", "declares a document type"),
        (b'<?xml version="1.0" encoding="GBK"?><a>\xc0\xe8</a>', "encoding that is not read"),
    ],
)
def test_what_cannot_be_read_is_refused(content, reason):
    with pytest.raises(BrokenFileError, match=reason):
        told(content)
