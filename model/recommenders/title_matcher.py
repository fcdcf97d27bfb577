"""Names that are like a name: cosine of weighted words, signs and runs of letters."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

import numpy as np
from scipy.sparse import csr_array

from model.recommenders.spreading import Weighted, spread
from model.recommenders.title_words import split_title

if TYPE_CHECKING:
    from sklearn.feature_extraction.text import TfidfVectorizer


@dataclass(slots=True)
class TitleMatcher:
    """Compare names by tf-idf vectors of what they are made of (Salton & Buckley 1988).

    doi:10.1016/0306-4573(88)90021-0.

    Parameters
    ----------
    split : callable
        Lists what a name is made of.

    Attributes
    ----------
    holders_ : Weighted
        Of each part of a name, the names that hold it.
    """

    split: Callable[[str], list[str]] = split_title
    holders_: Weighted | None = field(init=False, default=None)
    _vectorizer: "TfidfVectorizer" = field(init=False, repr=False)

    def fit(self, names: Sequence[str]) -> Self:
        """Learn the parts of these names; they may all be empty."""
        from sklearn.feature_extraction.text import TfidfVectorizer

        self._vectorizer = TfidfVectorizer(analyzer=self.split, sublinear_tf=True, dtype=np.float32)
        self.holders_ = None
        if any(self.split(name) for name in names):
            vectors = csr_array(self._vectorizer.fit_transform(names))
            self.holders_ = Weighted.of_matrix(vectors).transposed()
        return self

    def transform(self, names: Sequence[str]) -> csr_array:
        """Give the vectors of names, of length 1, or 0 where nothing of a name is known."""
        if self.holders_ is None or not names:
            n_parts = 1 if self.holders_ is None else len(self.holders_)
            return Weighted.nothing(len(names), n_parts).matrix
        return csr_array(self._vectorizer.transform(names))

    def match(self, names: Sequence[str], *, n: int) -> Weighted:
        """Give the numbers of the `n` names most like each, with their cosine, best first."""
        if self.holders_ is None:
            return Weighted.nothing(len(names), 1)
        return spread(Weighted.of_matrix(self.transform(names)), self.holders_, n=n)
