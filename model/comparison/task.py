"""What is measured at a time: one recommender, on a share of the playlists, without a source."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from model.challenge.cutting import Challenge, cut_challenge
from model.errors import InputError
from model.ragged import IntArray
from model.settings import Part
from model.stages.grounds import OpenGrounds

SHARES = (0.125, 0.25, 0.5, 1.0)
"""Of the training playlists, for the learning curve."""


@dataclass(frozen=True, slots=True)
class Cutting:
    """Which playlists are to be continued.

    Parameters
    ----------
    part : {"validation", "test"}
    seed : int
        Of the cut, and of the playlists that a share is made of.
    n_playlists : int
        At most this many, ten categories together.
    """

    part: Part
    seed: int
    n_playlists: int

    def cut(self, grounds: OpenGrounds) -> Challenge:
        """Hide a part of these playlists; the same grounds give the same."""
        corpus = grounds.corpus
        titles = corpus.titles if corpus.titles is not None else corpus.names
        rows = grounds.split.part(self.part)
        n_playlists = min(self.n_playlists, len(rows))
        return cut_challenge(corpus.playlists, titles, rows, self.seed, n_playlists=n_playlists)

    def training_rows(self, grounds: OpenGrounds, share: float) -> IntArray:
        """Draw a share of the training playlists; a smaller share is a part of a larger one."""
        rows = grounds.split.train
        order = np.random.default_rng(self.seed).permutation(len(rows))
        kept: IntArray = np.sort(rows[order[: max(1, round(share * len(rows)))]])
        return kept


@dataclass(frozen=True, slots=True)
class Task:
    """One recommender to be measured.

    Parameters
    ----------
    recommender : str
        As the registry calls it.
    share : float
        Of the training playlists, in (0, 1].
    without : str, optional
        One of `ablation.SOURCES`.
    """

    recommender: str
    share: float = 1.0
    without: str | None = None

    @property
    def is_plain(self) -> bool:
        """Whether it is the recommender as it is, on all training playlists."""
        return self.share == 1.0 and self.without is None

    @property
    def label(self) -> str:
        """Say it in a few words.

        Examples
        --------
        >>> Task("als", share=0.125).label, Task("ranker", without="tags").label
        ('als, 1/8 of the playlists', 'ranker without tags')
        """
        share = "" if self.share == 1.0 else f", {Fraction(self.share)} of the playlists"
        return self.recommender + (f" without {self.without}" if self.without else "") + share


def tasks_of(
    names: Sequence[str], *, has_curve: bool, ablated: str | None, sources: Sequence[str]
) -> list[Task]:
    """List what is to be measured: first all that stand beside each other, then the rest.

    Parameters
    ----------
    names : sequence of str
        Recommenders.
    has_curve : bool
        Whether all are fitted on smaller shares too.
    ablated : str or None
        Recommender that is fitted without each source too.
    sources : sequence of str

    Raises
    ------
    InputError
        If there is nothing to be measured, or a recommender is named twice.

    Examples
    --------
    >>> tasks = tasks_of(["als"], has_curve=True, ablated=None, sources=[])
    >>> [task.share for task in tasks]
    [1.0, 0.5, 0.25, 0.125]
    """
    if not names or len(set(names)) != len(names):
        msg = f"--recommenders {','.join(names)!r}: expected names with commas between, each once"
        raise InputError(msg)
    together = dict.fromkeys([*names, *([ablated] if ablated else [])])
    tasks = [Task(name) for name in together]
    if has_curve:
        tasks += [Task(name, share=share) for share in SHARES[-2::-1] for name in together]
    return tasks + [Task(ablated, without=source) for source in sources if ablated]
