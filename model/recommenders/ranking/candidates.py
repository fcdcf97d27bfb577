"""What the first stage finds for playlists, as candidates with their places."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from model.ragged import FloatArray, IntArray, Ragged
from model.recommenders.ranking.kernels import order_lists, vote
from model.recommenders.ranking.retrievers import FirstStage
from model.recommenders.ranking.votes import DAMPING
from model.recommenders.scratch import zeros
from model.recommenders.spreading import Weighted


class Query(NamedTuple):
    """Playlists to continue, and what the first stage found.

    Parameters
    ----------
    seeds : Ragged, n_playlists lists
    titles : sequence of str, length n_playlists
    found : list of Weighted
        One a retriever.
    candidates : Ragged, n_playlists lists
        Different songs.
    """

    seeds: Ragged
    titles: Sequence[str]
    found: list[Weighted]
    candidates: Ragged


def ask(stage: FirstStage, seeds: Ragged, titles: Sequence[str]) -> Query:
    """Let the first stage find candidates."""
    found = stage.find(seeds, titles)
    return Query(seeds, titles, found, stage.candidates(found))


def reciprocal_places(query: Query) -> FloatArray:
    """Give 1 / (60 + place) of each candidate among what each retriever found; 0 where it is not.

    Of shape (n_candidates, n_retrievers).
    """
    rows = query.candidates
    votes = np.empty((len(query.found), len(rows.values)))
    for found, own in zip(query.found, votes, strict=True):
        places = zeros("places", found.n_numbers, np.int32)
        vote(rows.indptr, rows.values, found.indptr, found.numbers, DAMPING, places, own)
    return votes.T


def best_of(rows: Ragged, scores: FloatArray, limits: IntArray, n_songs: int) -> Weighted:
    """Put the songs of each list in order of their scores, and keep the first ones.

    Ties go to the lower number.

    Parameters
    ----------
    rows : Ragged, n_playlists lists
        Different songs.
    scores : ndarray, shape (n_candidates,)
        Of each, list by list; at least 0, which the back-off's are.
    limits : ndarray, shape (n_playlists,)
        Songs wanted of each list.
    n_songs : int
    """
    order = order_of(rows, scores)
    kept = Ragged(rows.indptr, rows.values[order]).limited(limits)
    return Weighted.of(kept, scores[order][rows.places < limits[rows.owners]], n_songs)


def places_of(rows: Ragged, scores: FloatArray) -> IntArray:
    """Give the place of each song in its list by the scores, from 0; ties go to the lower number.

    Examples
    --------
    >>> places_of(Ragged.of([[5, 3, 4], [4]]), np.array([1.0, 1.0, 2.0, 0.0])).tolist()
    [2, 1, 0, 0]
    """
    places = np.empty(len(scores), dtype=np.int64)
    places[order_of(rows, scores)] = rows.places
    return places


def order_of(rows: Ragged, scores: FloatArray) -> IntArray:
    """Give the numbers of all candidates list by list, best first; ties go to the lower song."""
    order = np.empty(len(scores), dtype=np.int64)
    order_lists(rows.indptr, rows.values, scores, order)
    return order
