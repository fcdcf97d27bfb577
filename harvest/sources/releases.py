"""What is known of a track beside its names: of several recordings of one name, which it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from harvest.tables import iter_releases
from harvest.texts.names import clean, plain_title

NEAR_MS = 3000  # that lengths may differ by, of one recording on two releases


@dataclass(frozen=True, slots=True)
class Release:
    """An album and a length.

    Attributes
    ----------
    album : str
        Raw; empty where it is unknown.
    duration_ms : int
        0 where it is unknown.
    """

    album: str = ""
    duration_ms: int = 0

    def likeness(self, other: "Release") -> int:
        """Return in how many of the two both agree, 0 to 2; what is unknown agrees with nothing.

        Examples
        --------
        >>> Release("Ten", 200_000).likeness(Release("TEN (Deluxe Edition)", 202_000))
        2
        >>> Release("", 0).likeness(Release("", 0))
        0
        """
        album = clean(plain_title(self.album))
        is_same_album = bool(album) and album == clean(plain_title(other.album))
        has_lengths = min(self.duration_ms, other.duration_ms) > 0
        is_near = has_lengths and abs(self.duration_ms - other.duration_ms) <= NEAR_MS
        return is_same_album + is_near


def read_releases(tables_dir: Path) -> Mapping[str, Release]:
    """Return what the tables hold of the tracks that have no Spotify id, by their URIs.

    Raises
    ------
    InputError
        A table is missing or damaged.
    """
    return {
        uri: Release(album, duration_ms)
        for page in iter_releases(tables_dir)
        for uri, album, duration_ms in page
        if album or duration_ms
    }
