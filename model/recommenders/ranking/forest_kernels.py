"""Decision trees, followed row by row: compiled, without checks."""

import numpy as np

from model.compiling import compiled
from model.ragged import BoolArray, FloatArray, SongArray
from model.recommenders.spread_kernels import WeightArray


@compiled
def score_rows(
    roots: SongArray,
    features: SongArray,
    thresholds: WeightArray,
    unknown_left: BoolArray,
    children: SongArray,
    leaves: FloatArray,
    rows: WeightArray,
    scores: FloatArray,
) -> None:
    """Add up what each tree says of each row; parameters are those of `forest.Forest`.

    `scores`, of shape (n_rows,), is written to.
    """
    for row in range(len(rows)):
        score = 0.0
        for root in roots:
            at = root
            while at >= 0:
                value = rows[row, features[at]]
                # A branch, so that the processor need not wait for it: it guesses often enough.
                if value <= thresholds[at] or (unknown_left[at] and np.isnan(value)):
                    at = children[at, 0]
                else:
                    at = children[at, 1]
            score += leaves[-at - 1]
        scores[row] = score
