"""What recommenders that know some songs, and not all, have in common."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from model.ragged import FloatArray, IntArray, Ragged
from model.recommenders.backoff import Backoff
from model.recommenders.spreading import Weighted


class Finder(ABC):
    """A recommender that finds songs; the most popular ones fill what it leaves short.

    Attributes
    ----------
    fitted_on_ : ndarray
        Ids of the training playlists.
    """

    __slots__ = ()
    fitted_on_: IntArray
    _backoff: Backoff

    @abstractmethod
    def find(self, seeds: Ragged, titles: Sequence[str], limits: IntArray) -> Weighted:
        """Find songs for many playlists at once.

        Parameters
        ----------
        seeds : Ragged, n_playlists lists
            Song numbers; may be none.
        titles : sequence of str, length n_playlists
            Names; empty where there are none.
        limits : ndarray, shape (n_playlists,)
            At most so many songs of each.

        Returns
        -------
        Weighted, n_playlists lists
            Different songs, none a seed, best first, with scores above 0.
        """

    def recommend(
        self, seeds: Ragged, *, n: IntArray | int, title: Sequence[str | None] | None = None
    ) -> tuple[Ragged, FloatArray]:
        """Recommend what is found, then the most popular songs; see `base.Recommender`."""
        titles = self._backoff.check(seeds, title)
        found = self.find(seeds, titles, self._backoff.limits(seeds, n))
        return self._backoff.fill(found, seeds, n)
