"""What a submission has to be: the same for one that is read and for one that is to be written."""

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from model.amounts import amount
from model.challenge.files import shown
from model.errors import InputError

N_TRACKS = 500
"""Tracks that are recommended for every playlist."""

URI_FORM = "spotify:track: and 22 letters or digits"

_URI = re.compile(r"spotify:track:[0-9A-Za-z]{22}")


def is_track_uri(uri: str) -> bool:
    """Say whether a URI names a Spotify track.

    Examples
    --------
    >>> is_track_uri("spotify:track:" + "0" * 22), is_track_uri("spotify:track:0")
    (True, False)
    """
    return _URI.fullmatch(uri) is not None


class SubmissionChecker:
    """Checks the playlists of a submission one after another, as the challenge's own script did.

    Each playlist of the challenge set once; exactly 500 tracks, all different, no seed of that
    playlist among them, each a Spotify track's URI.

    Parameters
    ----------
    seeds : mapping of int to set of str
        Seeds of each playlist of the challenge set, by pid.
    """

    def __init__(self, seeds: Mapping[int, AbstractSet[str]]) -> None:
        self._seeds = seeds
        self._found: dict[int, str] = {}
        self._known: set[str] = set()

    def check(self, where: str, pid: int, uris: Sequence[str]) -> None:
        """Check one playlist.

        Parameters
        ----------
        where : str
            Where it stands, for messages.
        pid : int
        uris : sequence of str

        Raises
        ------
        InputError
            Saying what is wrong and what was expected.
        """
        if pid not in self._seeds:
            raise _fault(where, f"pid {pid} is not in the challenge set", "a pid of it")
        if pid in self._found:
            what = f"pid {pid} is that of {self._found[pid]} too"
            raise _fault(where, what, "each playlist once")
        self._found[pid] = where
        if len(uris) != N_TRACKS:
            raise _fault(where, f"pid {pid} has {len(uris)} tracks", f"exactly {N_TRACKS}")
        different = set(uris)
        self._check_form(where, pid, uris, different)
        if len(different) != N_TRACKS:
            twice = next(uri for place, uri in enumerate(uris) if uri in uris[:place])
            raise _fault(where, f"pid {pid} names {twice} twice", f"{N_TRACKS} different tracks")
        if not different.isdisjoint(self._seeds[pid]):
            seed = next(uri for uri in uris if uri in self._seeds[pid])
            raise _fault(where, f"pid {pid} names its own seed {seed}", "tracks that are no seeds")

    def finish(self, where: str) -> None:
        """Check that no playlist is missing.

        Raises
        ------
        InputError
            Naming the first one that is.
        """
        missing = self._seeds.keys() - self._found.keys()
        if missing:
            several = amount(len(missing), "playlist is missing", "playlists are missing")
            what = f"{several}, the first with pid {min(missing)}"
            raise _fault(where, what, f"all {len(self._seeds):,} of the challenge set")

    def _check_form(
        self, where: str, pid: int, uris: Sequence[str], different: AbstractSet[str]
    ) -> None:
        new = different - self._known
        if not all(map(is_track_uri, new)):
            place, odd = next(
                (place, uri) for place, uri in enumerate(uris, start=1) if not is_track_uri(uri)
            )
            raise _fault(where, f"track {place} of pid {pid} is {shown(odd)}", URI_FORM)
        self._known |= new


def _fault(where: str, what: str, expected: str) -> InputError:
    return InputError(f"{where}: {what}; expected {expected}")
