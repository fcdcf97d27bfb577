"""What was decided of each track, step by step."""

from dataclasses import dataclass

import numpy as np

from harvest.matching.forms import Forms, IntArray
from harvest.matching.fuzzy import near_pairs
from harvest.matching.keys import Pairs, exact_pairs, n_of_each, plain_pairs
from harvest.sources.msd_tables import StepCounts

SAME_NAMES = "several songs have these names"
NEARLY_SAME = "the best songs are too near each other"


@dataclass(frozen=True, slots=True)
class Step:
    """What one step came to.

    Parameters
    ----------
    name : str
        `exact`, `plain` or `fuzzy`.
    matched : Pairs
        One pair a track.
    undecided : Pairs
        Two or more a track.
    passed_over : int
        Tracks that were too many to compare.
    """

    name: str
    matched: Pairs
    undecided: Pairs
    passed_over: int = 0

    @property
    def why_undecided(self) -> str:
        """The reason, for people."""
        return NEARLY_SAME if self.name == "fuzzy" else SAME_NAMES


def decide(forms: Forms, *, threshold: float, workers: int) -> list[Step]:
    """Go through the steps; what one has decided, or found undecided, the next leaves alone.

    Parameters
    ----------
    forms : Forms
    threshold : float
        Of the fuzzy step, in (0, 1].
    workers : int
        Threads; the outcome does not depend on it.
    """
    steps = [_step("exact", exact_pairs(forms.songs, forms.tracks))]
    rest = np.setdiff1d(np.arange(forms.tracks.rows), _settled(steps))
    steps.append(_step("plain", plain_pairs(forms.songs, forms.tracks, rest)))
    rest = np.setdiff1d(rest, _settled(steps))
    near = near_pairs(forms, rest, threshold=threshold, workers=workers)
    return [*steps, _step("fuzzy", near.pairs, passed_over=near.passed_over)]


def counts(steps: list[Step]) -> dict[str, StepCounts]:
    """Count what each step came to."""
    return {
        step.name: StepCounts(
            tracks=len(step.matched.tracks),
            songs=len(np.unique(step.matched.songs)),
            ambiguous=len(np.unique(step.undecided.tracks)),
            passed_over=step.passed_over,
        )
        for step in steps
    }


def _step(name: str, pairs: Pairs, *, passed_over: int = 0) -> Step:
    is_alone = n_of_each(pairs.tracks) == 1
    return Step(name, pairs.where(is_alone), pairs.where(~is_alone), passed_over)


def _settled(steps: list[Step]) -> IntArray:
    return np.concatenate(
        [each.tracks for step in steps for each in (step.matched, step.undecided)]
    )
