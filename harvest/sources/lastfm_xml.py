"""A reply of last.fm as an XML tree, within bounds, and nothing that XML may hide in it."""

import re
from xml.etree import ElementTree as ET

from harvest.errors import UnusableReply

# A reply of 1,000 similars has 1 MB; a tree may take forty times the bytes of its text.
MAX_XML_BYTES = 2 * 2**20

# Control characters, which last.fm has been seen to send within names and XML 1.0 forbids.
_CONTROL = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def root_of(body: bytes) -> ET.Element:
    """Parse a document in UTF-8, whatever it declares.

    One that declares a document type is refused before it is parsed, and with it every entity: no
    reply of last.fm has one, and they are how XML bombs are made (CWE-776) and files are read
    (CWE-611).

    Parameters
    ----------
    body : bytes
        As it came.

    Returns
    -------
    xml.etree.ElementTree.Element
        The root; control characters are left out.

    Raises
    ------
    UnusableReply
        If it is no such document.

    Examples
    --------
    >>> root_of(b'<lfm status="ok"/>').tag
    'lfm'
    """
    if len(body) > MAX_XML_BYTES:
        raise UnusableReply(f"it has {len(body):,} bytes, more than any reply of last.fm")
    try:
        text = body.decode("utf-8-sig")
        try:
            return _parse(text)
        except ET.ParseError:
            return _parse(_CONTROL.sub("", text))
    except (UnicodeDecodeError, ET.ParseError) as error:
        raise UnusableReply(str(error)) from error


def _parse(text: str) -> ET.Element:
    if "\0" in text:
        # The parser takes these for UTF-16, in which the next test would see no document type.
        raise UnusableReply("it is not in UTF-8")
    if "<!DOCTYPE" in text:
        raise UnusableReply("it declares a document type")
    return ET.fromstring(text)  # noqa: S314 - no document type, no entities
