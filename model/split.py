"""Training, validation and test parts: stratified by name and followers, seeded; leak check."""

from dataclasses import dataclass

import numpy as np

from model.amounts import amount
from model.errors import InputError, LeakError
from model.ragged import IntArray
from model.settings import Part
from model.text import number_names

_TEN = np.array([0] * 8 + [1, 2], dtype=np.int64)
_LARGE_NAME = 100


@dataclass(frozen=True, slots=True)
class Split:
    """Numbers of the playlists of each part, ascending; together each playlist once."""

    train: IntArray
    validation: IntArray
    test: IntArray

    def part(self, name: Part) -> IntArray:
        """Give the playlists of a part, by its name."""
        return {"train": self.train, "validation": self.validation, "test": self.test}[name]


def split_playlists(names: list[str], followers: IntArray, *, random_state: int) -> Split:
    """Split playlists 0.8 / 0.1 / 0.1.

    Playlists of one name are lined up, by followers where there are 100 or more of them, else at
    random, and cut into groups of ten; of each group eight go to train and one each to validation
    and test, at random. What is left of each name, under ten, is pooled, shuffled and cut alike.
    So every name of ten and more playlists, and every level of followers of the large ones, is in
    each part, and the shares are exact where the number of playlists divides by ten.

    Parameters
    ----------
    names : list of str, length n_playlists
        Clean names.
    followers : ndarray, shape (n_playlists,)
    random_state : int

    Raises
    ------
    InputError
        If a part would be empty, as of fewer than ten playlists.

    Examples
    --------
    >>> parts = split_playlists(["chill"] * 20, np.arange(20), random_state=0)
    >>> len(parts.train), len(parts.validation), len(parts.test)
    (16, 2, 2)
    """
    n_playlists = len(names)
    if n_playlists < len(_TEN):
        msg = (
            f"{amount(n_playlists, 'usable playlist')} cannot be split into train, validation and "
            "test: at least 10 are needed, and some 100 for `model compare`; get more by "
            "`harvest mpd PATH` or `harvest playlists`"
        )
        raise InputError(msg)
    rng = np.random.default_rng(random_state)
    order = _line_up(names, followers, rng)
    groups = np.tile(_TEN, (-(-n_playlists // len(_TEN)), 1))
    # The last group may have fewer than ten members: its part names are drawn like all others.
    assigned = rng.permuted(groups, axis=1).ravel()[:n_playlists]
    part = np.empty(n_playlists, dtype=np.int64)
    part[order] = assigned
    return Split(*(np.flatnonzero(part == number).astype(np.int64) for number in range(3)))


def check_leaks(fitted_on: dict[str, IntArray], held_out: IntArray) -> None:
    """Fail if anything was fitted on a playlist that is held out.

    Parameters
    ----------
    fitted_on : dict of str to ndarray
        For each fitted thing, the ids of the playlists that it was fitted on.
    held_out : ndarray
        Ids of the playlists that are held out.

    Raises
    ------
    LeakError
        Naming the first thing that saw a held-out playlist.

    Examples
    --------
    >>> check_leaks({"counts": np.array([1, 2])}, np.array([3]))
    """
    for what, playlist_ids in fitted_on.items():
        leaked = np.intersect1d(playlist_ids, held_out)
        if leaked.size:
            msg = (
                f"leak: {what} saw {leaked.size} held-out playlists, the first with playlist_id "
                f"{leaked[0]}; no figure of this run can be believed, please report it"
            )
            raise LeakError(msg, playlist_ids=tuple(int(one) for one in leaked))


def _line_up(names: list[str], followers: IntArray, rng: np.random.Generator) -> IntArray:
    """Order playlists so that tens of one name stand together, with all leftovers at the end."""
    codes = number_names(names)[0]
    sizes = np.bincount(codes)[codes]
    shuffled = rng.random(len(names))
    within = np.where(sizes >= _LARGE_NAME, followers, 0)
    order = np.lexsort((shuffled, within, codes))
    starts = np.r_[0, np.flatnonzero(np.diff(codes[order])) + 1]
    lengths = np.diff(np.r_[starts, len(order)])
    place = np.arange(len(order)) - np.repeat(starts, lengths)
    whole = place < np.repeat(lengths - lengths % len(_TEN), lengths)
    return np.concatenate([order[whole], rng.permutation(order[~whole])])
