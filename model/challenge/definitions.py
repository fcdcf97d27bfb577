"""The figures of the challenge as two sources define them.

`rules`
    The text: the formulas of the challenge's rules page, and of Chen et al. 2018
    (doi:10.1145/3240323.3240342) for the artists.
`code`
    What was computed: `metrics.py` of the organisers' RecsysChallengeTools; for the artists, which
    it leaves out, the rule that teams of the challenge programmed against its scores.

============================  ======================================  ============================
figure                        rules                                   code
============================  ======================================  ============================
R-precision, tracks           hits in the first R, over R             the same
R-precision, artist credit    0.25 for each artist of the truth that  0.25 for each artist of the
                              is named in the first R, also by hits   truth that a miss in the first
                                                                      R names
NDCG, discount at place i     1 at the first, then 1 / log2(i)        1 / log2(i + 1)
NDCG, ideal                   hits of the list, put first             min(R, 500) hits, put first
clicks                        floor((place of the first hit - 1) / 10), 51 without one
============================  ======================================  ============================

R counts the different songs of the truth. An artist is credited once. Each figure looks at the
first 500 songs. Of a song named twice only the first mention counts: the second takes up a place
for R-precision and clicks and none for NDCG, as in the code. A truth without songs gives NaN. Songs
by an unknown artist, −1, earn no credit.
"""

from typing import Literal, TypeAlias, get_args

import numpy as np

from model.errors import InputError
from model.metrics import RANKED_LENGTH, discounts
from model.ragged import FloatArray

Definition: TypeAlias = Literal["rules", "code"]
DEFINITIONS: tuple[Definition, ...] = get_args(Definition)


def discounts_of(definition: Definition) -> FloatArray:
    """Give what a hit gains at each of the first 500 places.

    Raises
    ------
    InputError
        If there is no such definition.

    Examples
    --------
    >>> discounts_of("rules")[:4].round(3).tolist(), discounts_of("code")[:4].round(3).tolist()
    ([1.0, 1.0, 0.631, 0.5], [1.0, 0.631, 0.5, 0.431])
    """
    if definition not in DEFINITIONS:
        msg = f"definition {definition!r}: expected one of {', '.join(DEFINITIONS)}"
        raise InputError(msg)
    if definition == "code":
        return discounts(RANKED_LENGTH)
    return np.concatenate([[1.0], discounts(RANKED_LENGTH - 1)])
