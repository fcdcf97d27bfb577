"""Followers, lengths and names of all playlists, and how many of their songs have features."""

import numpy as np
import pandas as pd

from model.amounts import amount
from model.exploration.counting import describe, even_edges, histogram, log_edges, value_counts
from model.exploration.exhibits import Exhibit
from model.exploration.plots import draw_histogram, draw_ranks
from model.ragged import BoolArray, FloatArray, IntArray
from model.tables import Tables
from model.text import clean_names

MANY_FOLLOWERS = 1_000
FIRST_NAMES = 500
"""Names of the curve, as in the study."""

_FOLLOWERS = "followers of a playlist"
_PLAYLISTS = "playlists"


def explore_playlists(tables: Tables) -> list[Exhibit]:
    """Show what the source says of all playlists, be they used or not."""
    about = tables.playlists
    followers = about["num_followers"].to_numpy(dtype=np.int64)
    return [
        *_followers(followers),
        _lengths(about["num_tracks"].to_numpy(dtype=np.int64), "tracks"),
        _lengths(about["num_albums"].to_numpy(dtype=np.int64), "albums"),
        *_names(clean_names(about["name"].tolist())),
        _incomplete(tables, followers),
    ]


def describe_playlists(table: pd.DataFrame) -> Exhibit:
    """Describe the engineered features of the playlists that are used (`playlist_table`)."""
    return Exhibit(
        "playlists",
        "Features of the playlists",
        f"Means and maxima over the songs of {amount(len(table), 'playlist')}: those with more "
        "than one follower, fewer than the most, and a song with audio features. Duration in "
        "seconds, loudness in dB, tempo in BPM.",
        describe(table, what="feature"),
        n_shown=20,
    )


def _followers(followers: IntArray) -> list[Exhibit]:
    counts = value_counts(followers, value="followers", count=_PLAYLISTS)
    most = int(followers.max(initial=0))
    one = int((followers == 1).sum())
    many = followers[followers > MANY_FOLLOWERS]
    says = (
        f"{one:,} of {amount(len(followers), 'playlist')} {'has' if one == 1 else 'have'} one "
        f"follower, {len(many):,} more than "
        f"{MANY_FOLLOWERS:,}; the most is {most:,}."
    )
    return [
        Exhibit("follower_counts", "Playlists by number of followers", says, counts),
        _follower_histogram("followers", "Followers", followers[followers > 0], says),
        _follower_histogram(
            "followers_above_1000",
            f"Followers above {MANY_FOLLOWERS:,}",
            many,
            f"{amount(len(many), 'playlist has', 'playlists have')} more than {MANY_FOLLOWERS:,} "
            "followers.",
        ),
    ]


def _follower_histogram(name: str, title: str, followers: IntArray, says: str) -> Exhibit:
    """Put followers into bins of one ratio: their numbers span five powers of ten."""
    if not followers.size:
        return Exhibit(name, title, says, pd.DataFrame({"from": [], "to": [], _PLAYLISTS: []}))
    least, most = int(followers.min()), int(followers.max())
    bins = histogram(followers, log_edges(least, most), count=_PLAYLISTS)
    if least == most:  # One bar, under an axis that has no room for a number.
        return Exhibit(name, title, says, bins)
    return Exhibit(
        name,
        title,
        f"{says} Both axes are logarithmic.",
        bins,
        lambda: draw_histogram(bins, x=_FOLLOWERS, y=_PLAYLISTS, is_log=True),
    )


def _lengths(numbers: IntArray, what: str) -> Exhibit:
    bins = histogram(numbers, even_edges(int(numbers.max(initial=0))), count=_PLAYLISTS)
    low, middle, high = np.percentile(numbers, [25, 50, 75]) if numbers.size else (0, 0, 0)
    return Exhibit(
        f"num_{what}",
        f"{what.capitalize()} of a playlist",
        f"Half of the playlists have {low:,.0f} to {high:,.0f} {what}; "
        f"the median is {middle:,.0f}.",
        bins,
        lambda: draw_histogram(bins, x=f"{what} of a playlist", y=_PLAYLISTS),
    )


def _names(names: list[str]) -> list[Exhibit]:
    """Count clean names, the most frequent first; ties by name."""
    counts = pd.Series(names, dtype=object).value_counts()
    empty = int(counts.get("", 0))
    frequencies = counts.rename_axis("name").rename(_PLAYLISTS).reset_index()
    frequencies = frequencies[frequencies["name"] != ""]
    frequencies = frequencies.sort_values([_PLAYLISTS, "name"], ascending=[False, True])
    frequencies = frequencies.reset_index(drop=True)
    first = frequencies[_PLAYLISTS].to_numpy(dtype=np.int64)[:FIRST_NAMES]
    shares = int(first.sum()) / max(len(names), 1)
    says = (
        f"{amount(len(names), 'playlist has', 'playlists have')} "
        f"{amount(len(frequencies), 'different name')} once these are "
        f"cleaned; the {len(first):,} most frequent name {shares:.0%} of them. "
        f"Of {empty:,} nothing is left."
    )
    return [
        Exhibit("names", "Names of playlists", says, frequencies, n_shown=20),
        Exhibit(
            "name_frequency",
            f"Frequency of the {FIRST_NAMES} most frequent names",
            says,
            pd.DataFrame({"rank": np.arange(1, len(first) + 1), _PLAYLISTS: first}),
            lambda: draw_ranks(
                first, x="rank of the name", y="playlists of that name", is_log=False
            ),
        ),
    ]


def _incomplete(tables: Tables, followers: IntArray) -> Exhibit:
    """Count playlists by the share of their entries that have audio features."""
    usable = ~np.isnan(tables.features.values[:, 0])
    known = tables.lists.where(usable[tables.lists.values]).lengths
    total = tables.lists.lengths
    used = (followers > 1) & (followers < followers.max(initial=0))
    rows = [
        (label, int(mask.sum()), int((mask & used).sum()))
        for label, mask in _levels(known, total).items()
    ]
    n_whole, n_none = rows[0][1], rows[-2][1]
    return Exhibit(
        "incomplete",
        "Playlists with incomplete features",
        f"{n_whole:,} of {amount(len(total), 'playlist')} {'has' if n_whole == 1 else 'have'} "
        "audio features of every entry, "
        f"{n_none:,} of none. 'Used' are those with more than one follower and fewer than the "
        "most.",
        pd.DataFrame(rows, columns=["entries with features", _PLAYLISTS, "used"]),
    )


def _levels(known: IntArray, total: IntArray) -> dict[str, BoolArray]:
    share: FloatArray = known / np.maximum(total, 1)
    has = total > 0
    return {
        "all": has & (known == total),
        "75 % to all": has & (share >= 0.75) & (known < total),
        "50 to 75 %": has & (share >= 0.5) & (share < 0.75),
        "25 to 50 %": has & (share >= 0.25) & (share < 0.5),
        "under 25 %": has & (known > 0) & (share < 0.25),
        "none": has & (known == 0),
        "no entries": ~has,
    }
