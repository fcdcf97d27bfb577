"""A submission and the truth -> figures of every playlist."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from model.amounts import amount
from model.challenge.categories import OTHER
from model.challenge.challenge_set import Asked
from model.challenge.definitions import Definition
from model.challenge.scores import score
from model.challenge.submission import CHOSEN_BY_TEST, read_submission
from model.challenge.truth import Truth
from model.ragged import IntArray, Ragged


@dataclass(frozen=True, slots=True)
class Judged:
    """Figures of a submission.

    Parameters
    ----------
    figures : DataFrame, shape (n_playlists, 4)
        Columns `scores.FIGURES`, a row a playlist of the truth, indexed by pid.
    categories : ndarray, shape (n_playlists,)
    notes : tuple of str
        What keeps the figures from being what they should be.
    """

    figures: pd.DataFrame
    categories: IntArray
    notes: tuple[str, ...]


class _Numbers:
    """Gives every URI a number, in order of appearance."""

    def __init__(self) -> None:
        self.of: dict[str, int] = {}

    def __call__(self, uris: Iterable[str]) -> IntArray:
        of = self.of
        return np.array([of.setdefault(uri, len(of)) for uri in uris], dtype=np.int64)


def judge(
    path: Path, truth: Truth, asked: Iterable[Asked] = (), *, definition: Definition = "code"
) -> Judged:
    """Read a submission, check it, and score it.

    Parameters
    ----------
    path : Path
    truth : Truth
        Says which playlists the submission has to hold; hidden songs that are seeds too are left
        out of it.
    asked : iterable of Asked
        The challenge set, for what the truth does not say: seeds, categories and artists.
    definition : {"rules", "code"}

    Raises
    ------
    InputError
        If the submission would not be accepted.
    """
    given = {one.pid: one for one in asked}
    seeds = {
        one.pid: frozenset(given[one.pid].uris if one.pid in given else one.seeds or ())
        for one in truth.playlists
    }
    numbers = _Numbers()
    hidden = Ragged.of(
        numbers(track.track_uri for track in one.holdouts if track.track_uri not in seeds[one.pid])
        for one in truth.playlists
    )
    comments: list[str] = []
    read = read_submission(path, seeds, on_comment=comments.append)
    listed = {pid: numbers(uris) for pid, uris in read}
    artists, n_unknown = _artists(numbers.of, _artist_of(truth, given))
    figures = score(
        Ragged.of(listed[one.pid] for one in truth.playlists),
        hidden,
        artists,
        definition=definition,
    )
    figures.index = pd.Index([one.pid for one in truth.playlists], name="pid")
    categories = np.array([_category(one.category, given.get(one.pid)) for one in truth.playlists])
    n_seedless = sum(one.seeds is None and one.pid not in given for one in truth.playlists)
    notes = (
        _note_seedless(n_seedless),
        _note_empty(int((hidden.lengths == 0).sum())),
        "" if truth.has_all_artists else _note_unknown(n_unknown, len(artists)),
        _note_choice(comments),
    )
    return Judged(figures, categories, tuple(note for note in notes if note))


def _artist_of(truth: Truth, given: Mapping[int, Asked]) -> dict[str, str]:
    known = {
        track.track_uri: track.artist_uri
        for one in given.values()
        for track in one.tracks
        if track.artist_uri is not None
    }
    return known | truth.artist_of


def _artists(tracks: Iterable[str], artist_of: Mapping[str, str]) -> tuple[IntArray, int]:
    """Give each track its artist's number, −1 where unknown; count these."""
    numbers: dict[str | None, int] = {None: -1}
    artists = np.array(
        [numbers.setdefault(artist_of.get(track), len(numbers) - 1) for track in tracks],
        dtype=np.int64,
    )
    return artists, int((artists < 0).sum())


def _category(said: int | None, asked: Asked | None) -> int:
    if said is not None:
        return said
    return OTHER if asked is None else asked.category


def _note_seedless(count: int) -> str:
    if not count:
        return ""
    return (
        f"of {amount(count, 'playlist')} the seeds are unknown: one that is hidden too counts as "
        "to be found, and nobody checks that none is recommended; give the set by --challenge"
    )


def _note_empty(count: int) -> str:
    return f"{amount(count, 'playlist')} with nothing to find: counted in no mean" if count else ""


def _note_unknown(count: int, total: int) -> str:
    if not count:
        return ""
    return (
        f"the artist of {count:,} of {amount(total, 'track')} is unknown: they earn no credit, and "
        "R-precision with artists is too low; a truth with `artists` has them all"
    )


def _note_choice(comments: Iterable[str]) -> str:
    if not any(one.endswith(CHOSEN_BY_TEST) for one in comments):
        return ""
    return (
        "who recommends was chosen by figures of test playlists, and if those scored here are of "
        "them, these figures flatter it; `model compare --part validation` chooses by others"
    )
