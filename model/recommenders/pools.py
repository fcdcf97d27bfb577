"""The most followed playlists of each cluster, which the study's generator draws from."""

import numpy as np

from model.clusters import Clusters
from model.ragged import Ragged
from model.recommenders.base import Training


def top_playlists(train: Training, clusters: Clusters, *, n: int) -> Ragged:
    """Find the `n` playlists of each cluster that have the most followers.

    Parameters
    ----------
    train : Training
    clusters : Clusters
        Fitted on the features of just these playlists.
    n : int

    Returns
    -------
    Ragged, n_clusters_ lists
        Numbers of at most `n` playlists, most followers first; ties by playlist id.

    Examples
    --------
    >>> songs = np.zeros((2, 12))
    >>> lists = Ragged.of([[0], [1], [0]])
    >>> train = Training(np.arange(3), [""] * 3, np.array([5, 9, 7]), lists, songs)
    >>> top_playlists(train, Clusters(1).fit(np.zeros((3, 12))), n=2)[0].tolist()
    [1, 2]
    """
    ranked = np.lexsort((train.playlist_ids, -train.num_followers))
    labels = clusters.labels_[ranked]
    order = np.argsort(labels, kind="stable")
    return Ragged.grouped(labels[order], ranked[order], clusters.n_clusters_).limited(n)


def pool_entries(playlists: Ragged, tops: Ragged) -> Ragged:
    """Put the entries of each cluster's top playlists end to end, repeats included.

    Examples
    --------
    >>> pool_entries(Ragged.of([[5], [6, 7], [5, 5]]), Ragged.of([[2, 0], [1]]))[0].tolist()
    [5, 5, 5]
    """
    entries = playlists.take(tops.values)
    return Ragged(entries.indptr[tops.indptr], entries.values)
