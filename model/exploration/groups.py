"""How the features of playlists vary together, and the clusters that they fall into."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from model.amounts import amount
from model.columns import MEAN_FEATURES, MODEL_COLUMNS
from model.exploration.exhibits import Exhibit
from model.exploration.plots import draw_heat_map, draw_scatter, draw_steps
from model.exploration.wording import characteristic, describe_centre, distinctive
from model.inputs.track_tags import TrackTags
from model.layout import format_figure
from model.ragged import FloatArray, IntArray, Ragged
from model.text import number_names

EXPLAINED = 88.0
"""Percent of the variance that the study's four components explain."""

MOST_POINTS = 3_000
"""Of the picture: more would hide each other."""

N_NAMES = 5

_MOST_ROWS = 200_000

MIN_TAGGED = 5
"""Songs that a tag has to be given to, to be one of those that describe clusters."""

PLAYLISTS_AT_A_TIME = 5_000


@dataclass(frozen=True, slots=True)
class Grouped:
    """Playlists in clusters.

    Parameters
    ----------
    features : ndarray, shape (n_playlists, 12)
        `columns.MODEL_COLUMNS`, not scaled.
    scaled : ndarray, shape (n_playlists, 12)
        As the clusters were found on them.
    labels : ndarray, shape (n_playlists,)
        Cluster of each, from 0.
    centres : ndarray, shape (n_clusters, 12)
        Not scaled.
    names : list of str, length n_playlists
        Clean names.
    playlists : Ragged, n_playlists lists
        Songs of each.
    """

    features: FloatArray
    scaled: FloatArray
    labels: IntArray
    centres: FloatArray
    names: list[str]
    playlists: Ragged

    @property
    def sizes(self) -> IntArray:
        """Playlists of each cluster."""
        return np.bincount(self.labels, minlength=len(self.centres)).astype(np.int64)


def show_components(unscaled: list[float], scaled: list[float]) -> Exhibit:
    """Show how much the principal components explain, by the published accident and as meant.

    Parameters
    ----------
    unscaled, scaled : list of float
        Shares of the variance, in [0, 1], falling.
    """
    lines = {
        "followers unscaled, as published": 100 * np.cumsum(unscaled),
        "all scaled to [0, 1]": 100 * np.cumsum(scaled),
    }
    n = min(len(unscaled), len(scaled))
    table = pd.DataFrame({"component": np.arange(1, n + 1)})
    for name, shares in (("unscaled", unscaled), ("scaled", scaled)):
        table[f"{name}, %"] = 100 * np.array(shares[:n])
        table[f"{name}, sum %"] = 100 * np.cumsum(shares[:n])
    needed = int(np.searchsorted(lines["all scaled to [0, 1]"], EXPLAINED - 1e-9)) + 1
    return Exhibit(
        "components",
        "Principal components of the playlists' features",
        f"With followers left unscaled one component explains {100 * unscaled[0]:.2f} % of the "
        f"variance; with all sixteen fields scaled {needed} explain {EXPLAINED:.0f} % (study: 4).",
        table,
        lambda: draw_steps(lines, mark=EXPLAINED),
        n_shown=16,
    )


def show_clusters(groups: Grouped, tags: TrackTags | None, *, random_state: int) -> list[Exhibit]:
    """Show what sets clusters apart, their centres, and where they lie.

    Parameters
    ----------
    groups : Grouped
    tags : TrackTags or None
        Of the same songs, where they are known.
    random_state : int
        Of the playlists that the picture shows.
    """
    distances = _distances(groups)
    words = [describe_centre(MODEL_COLUMNS, row) for row in distances]
    return [
        _in_words(groups, words, tags),
        _centres(groups, distances),
        _map(groups, words, random_state=random_state),
    ]


def _distances(groups: Grouped) -> FloatArray:
    """Distance of each centre from the mean playlist, in standard deviations."""
    spread = groups.features.std(axis=0)
    return np.asarray(
        (groups.centres - groups.features.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    )


def _in_words(groups: Grouped, words: list[str], tags: TrackTags | None) -> Exhibit:
    table = pd.DataFrame(
        {
            "cluster": np.arange(1, len(words) + 1),
            "playlists": groups.sizes,
            "share, %": 100 * groups.sizes / max(len(groups.labels), 1),
            "in words": words,
            "names": [", ".join(own) for own in _names_of(groups)],
        }
    )
    if tags is not None:
        table["tags"] = [", ".join(own) for own in _tags_of(groups, tags)]
    return Exhibit(
        "clusters",
        "Clusters of playlists",
        f"{amount(len(words), 'cluster')} of the "
        f"{amount(len(groups.labels), 'training playlist')}, by KMeans on "
        "twelve features scaled to [0, 1]. Words: where the centre lies half a standard deviation "
        "or more from the mean playlist, the farthest first. Names: those that occur more here "
        f"than in all.{_OF_TAGS if tags is not None else ''}",
        table,
        n_shown=100,
    )


def _names_of(groups: Grouped) -> list[list[str]]:
    codes, unique = number_names(groups.names)
    shape = (len(groups.centres), len(unique))
    counts = csr_array((np.ones(len(codes)), (groups.labels, codes)), shape=shape)
    counts.sum_duplicates()
    return characteristic(counts, unique, n=N_NAMES)


def _tags_of(groups: Grouped, tags: TrackTags) -> list[list[str]]:
    """Give the tags that many playlists of a cluster have a song with, and fewer of the others.

    A playlist counts once, however many of its songs have a tag; and a tag counts that at least
    `MIN_TAGGED` songs of the playlists have, as what one listener gave to one hit says nothing of
    those who list it.
    """
    has_tag = csr_array(tags.weights).astype(np.float32)
    has_tag.data[:] = 1.0
    in_use = np.bincount(groups.playlists.values, minlength=has_tag.shape[0]) > 0
    is_frequent = (in_use.astype(np.float32) @ has_tag) >= MIN_TAGGED
    chosen = np.flatnonzero(is_frequent)
    held = _holding(groups, csr_array(has_tag[:, chosen]))
    return distinctive(held, groups.sizes, [tags.names[tag] for tag in chosen], n=N_NAMES)


def _holding(groups: Grouped, has_tag: csr_array) -> FloatArray:
    """Count the playlists of each cluster that hold a song with each tag.

    Some thousands at a time: the tags of a million playlists at once would fill a machine.
    """
    held = np.zeros((len(groups.centres), has_tag.shape[1]))
    bounds, songs = groups.playlists.indptr, groups.playlists.values
    for first in range(0, len(groups.labels), PLAYLISTS_AT_A_TIME):
        last = min(first + PLAYLISTS_AT_A_TIME, len(groups.labels))
        n = last - first
        own = songs[bounds[first] : bounds[last]]
        lists = (np.ones(len(own), np.float32), own, bounds[first : last + 1] - bounds[first])
        tagged = csr_array(csr_array(lists, shape=(n, has_tag.shape[0])) @ has_tag)
        tagged.data[:] = 1.0
        owners = (np.ones(n, np.float32), (groups.labels[first:last], np.arange(n)))
        held += (csr_array(owners, shape=(len(held), n)) @ tagged).toarray()
    return held


def _centres(groups: Grouped, distances: FloatArray) -> Exhibit:
    columns = {name: groups.centres[:, place] for place, name in enumerate(MODEL_COLUMNS)}
    table = pd.DataFrame(
        {"cluster": np.arange(1, len(distances) + 1), "playlists": groups.sizes, **columns}
    )
    texts = [[format_figure(value) for value in row] for row in groups.centres.tolist()]
    rows = [f"{place}: {size:,}" for place, size in enumerate(groups.sizes.tolist(), start=1)]
    return Exhibit(
        "centres",
        "Centres of the clusters",
        "The features of each cluster's centre: in units of the features in the cells (duration in "
        "seconds, loudness in dB, tempo in BPM), and by colour in standard deviations from the "
        "mean playlist. Beside the number of a cluster stands that of its playlists.",
        table,
        lambda: draw_heat_map(distances, texts, rows=rows, columns=_HEADINGS),
        n_shown=0,  # `model clusters` prints them; so many columns do not fit here.
    )


def _map(groups: Grouped, words: list[str], *, random_state: int) -> Exhibit:
    """Lay the playlists out by the two directions in which scaled features vary most."""
    places, shares = _lay_out(groups.scaled)
    chosen = _choose(len(places), random_state)
    centres = np.array(
        [places[groups.labels == group].mean(axis=0) for group in range(len(groups.centres))]
    )
    columns = {"component 1": centres[:, 0], "component 2": centres[:, 1], "in words": words}
    return Exhibit(
        "cluster_map",
        "Clusters in two dimensions",
        f"{amount(len(chosen), 'training playlist')} by the two principal components of their "
        f"scaled features, which hold {shares[0]:.0f} and {shares[1]:.0f} % of the variance. A "
        "cluster's number stands at its middle, or a line leads from there to it.",
        pd.DataFrame({"cluster": np.arange(1, len(centres) + 1), **columns}),
        lambda: draw_scatter(
            places[chosen],
            groups.labels[chosen],
            centres,
            x=f"component 1 ({shares[0]:.0f} % of the variance)",
            y=f"component 2 ({shares[1]:.0f} %)",
        ),
        n_shown=100,
    )


def _lay_out(scaled: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Give the places by the first two components, and how much each holds, in percent."""
    middle = scaled.mean(axis=0)
    _, singular, directions = np.linalg.svd(_sample(scaled) - middle, full_matrices=False)
    shares = 100 * np.square(singular) / max(float(np.square(singular).sum()), 1e-300)
    axes = directions[:2]
    # The sign of a direction is chance: its greatest part shall be positive.
    greatest = axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)]
    return (scaled - middle) @ (axes * np.sign(greatest)[:, None]).T, shares


def _sample(X: FloatArray) -> FloatArray:
    """Take evenly spaced rows where there are very many: two directions need no more."""
    return X[:: -(-len(X) // _MOST_ROWS)]


def _choose(n: int, random_state: int) -> IntArray:
    rng = np.random.default_rng(random_state)
    return np.sort(rng.choice(n, min(n, MOST_POINTS), replace=False)).astype(np.int64)


_OF_TAGS = (
    " Tags: the share of the cluster's playlists that hold a song with it, and how many times "
    "the share of all playlists that is."
)
_HEADINGS = (
    *MEAN_FEATURES[:-1],
    "duration, s",
    "max key",
    "max loudness, dB",
    "max tempo, BPM",
    "max beats a bar",
)
