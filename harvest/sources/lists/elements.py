"""XML as a stream of elements.

A document type is refused before anything that it declares is expanded, whatever the encoding
(CWE-776, CWE-611).
"""

from collections.abc import Callable
from xml.parsers import expat

from harvest.sources.lists.readings import BrokenFileError


def parse(
    content: bytes,
    *,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], None] = lambda _: None,
) -> None:
    """Go through a document.

    Parameters
    ----------
    content : bytes
        All of it; its own declaration names the encoding.
    start : callable
        Told of each element that begins, as "namespace name", and of its attributes.
    end : callable
        Told of each that ends.
    text : callable
        Told of the characters in between, in pieces.

    Raises
    ------
    BrokenFileError
        It is not well-formed, in an unusual encoding, or declares a document type.

    Examples
    --------
    >>> parse(b"<a><b/></a>", start=lambda name, _: print(name), end=lambda name: None)
    a
    b
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise BrokenFileError(f"it is not well-formed XML: {error}") from error
    except (LookupError, ValueError) as error:  # of the codec, or for want of one
        raise BrokenFileError(f"it is XML in an encoding that is not read: {error}") from error


def _refuse(*_: object) -> None:
    raise BrokenFileError("it declares a document type, by which XML bombs are made")
