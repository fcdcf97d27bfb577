"""What reading a file yields, and what it may end in."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from harvest.records import AudioFeatures
from harvest.sources.lists.entries import Listed, Tracks


class BrokenFileError(Exception):
    """A file is of a format that is known, and cannot be read; says why."""


class NoPlaylistError(Exception):
    """A file holds no playlist in any format that is known; says what it holds."""


@dataclass(slots=True)
class Reading:
    """The playlists of a file.

    Attributes
    ----------
    playlists : list of Listed
    tallies : Counter of str
        What was left out, see `Tracks`; with `rows`, those of a table that cannot be read.
    features : sequence of AudioFeatures
        Those that stand in the same file.
    notes : list of str
        What else people are told of the file, each the rest of a sentence behind its name.
    """

    playlists: list[Listed] = field(default_factory=list)
    tallies: Counter[str] = field(default_factory=Counter)
    features: Sequence[AudioFeatures] = ()
    notes: list[str] = field(default_factory=list)

    def count(self, tracks: Tracks) -> None:
        """Add what was left out of a playlist."""
        self.tallies.update(tracks.tallies)
