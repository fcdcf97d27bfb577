"""Which encoding a text is in that is no UTF-8 and says nothing of it.

Names in Latin letters are taken for Windows-1252: a letter beyond ASCII stands alone in these. In
other scripts such bytes stand in rows, and charset-normalizer tells which one makes sense.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from charset_normalizer import from_bytes

WESTERN = "cp1252"
SAMPLE_BYTES = 2**16

# As people know them.
NAMES: Mapping[str, str] = MappingProxyType(
    {
        "cp1252": "Windows-1252",
        "cp1251": "Windows-1251 (Cyrillic)",
        "koi8_r": "KOI8-R (Cyrillic)",
        "cp866": "DOS 866 (Cyrillic)",
        "cp932": "Shift JIS (Japanese)",
        "euc_jp": "EUC-JP (Japanese)",
        "gb18030": "GBK (Chinese)",
        "big5": "Big5 (Chinese)",
        "cp949": "EUC-KR (Korean)",
        "cp1253": "Windows-1253 (Greek)",
        "cp1255": "Windows-1255 (Hebrew)",
        "cp1256": "Windows-1256 (Arabic)",
        "cp874": "Windows-874 (Thai)",
    }
)

_HIGH = re.compile(rb"[\x80-\xff]+")
_ROW = 3  # letters beyond ASCII that follow each other
_LEAST_IN_ROWS = 0.4
_HANJA = re.compile("[\u4e00-\u9fff]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_MOST_HANJA = 0.1


def encoding_of(content: bytes) -> str:
    r"""Return Python's name of the encoding that a text is in, `cp1252` where none is likelier.

    Examples
    --------
    >>> encoding_of("Кино - Группа крови".encode("cp1251")), encoding_of(b"Bj\xf6rk")
    ('cp1251', 'cp1252')
    """
    sample = _sample(content)
    if _share_in_rows(sample) < _LEAST_IN_ROWS:
        return WESTERN
    others = [name for name in NAMES if name != WESTERN]
    matches = from_bytes(sample, cp_isolation=others, preemptive_behaviour=False)
    likely = (match.encoding for match in matches if not _is_mixed(match.encoding, str(match)))
    return next(likely, WESTERN)


def _sample(content: bytes) -> bytes:
    """Return the first lines that go beyond ASCII: the others say nothing."""
    lines, size = [], 0
    for line in content.splitlines():
        if not line.isascii():
            lines.append(line)
            size += len(line)
        if size > SAMPLE_BYTES:
            break
    return b"\n".join(lines)


def _share_in_rows(sample: bytes) -> float:
    """Return the share of the bytes beyond ASCII that follow each other, three at least."""
    lengths = [len(row[0]) for row in _HIGH.finditer(sample)]
    return sum(n for n in lengths if n >= _ROW) / max(sum(lengths), 1)


def _is_mixed(encoding: str, text: str) -> bool:
    """Say whether Korean is full of Chinese characters, as Chinese is that is read as Korean."""
    if encoding != "cp949":
        return False
    n_hanja, n_hangul = (len(script.findall(text)) for script in (_HANJA, _HANGUL))
    return n_hanja > _MOST_HANJA * (n_hanja + n_hangul)
