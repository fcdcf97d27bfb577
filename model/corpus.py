"""Tables -> the playlists and songs that a protocol works on, and a count of all it leaves out."""

from dataclasses import dataclass

import numpy as np

from model.errors import InputError
from model.ragged import BoolArray, FloatArray, IntArray, Ragged
from model.settings import Protocol
from model.tables import Tables
from model.text import clean_names, number_names


@dataclass(frozen=True, slots=True)
class Unused:
    """One reason why something of the tables is not used, and how often it applies."""

    what: str
    reason: str
    count: int
    total: int


@dataclass(frozen=True, slots=True)
class Corpus:
    """Playlists and songs as one protocol sees them.

    Parameters
    ----------
    playlist_ids : ndarray, shape (n_playlists,)
        `playlist_id` of the tables.
    names : list of str, length n_playlists
        Clean names; may be empty in the holdout protocol.
    num_followers : ndarray, shape (n_playlists,)
    playlists : Ragged, n_playlists lists
        Song numbers in order, of songs with features alone; none is empty.
    track_ids : ndarray, shape (n_songs,)
        `track_id` of the tables that gives each song its features, ascending.
    songs : ndarray, shape (n_songs, 12)
        `columns.SONG_FEATURES`; no NaN.
    artists : ndarray, shape (n_songs,)
        `artist_id` of the tables.
    counted : Ragged
        The lists in which the published protocol counts pairs of songs: those before the filter
        by followers.
    unused : tuple of Unused
    """

    playlist_ids: IntArray
    names: list[str]
    num_followers: IntArray
    playlists: Ragged
    track_ids: IntArray
    songs: FloatArray
    artists: IntArray
    counted: Ragged
    unused: tuple[Unused, ...]

    @property
    def n_songs(self) -> int:
        """Number of songs."""
        return len(self.track_ids)


def read_corpus(tables: Tables, protocol: Protocol) -> Corpus:
    """Select and number what a protocol uses.

    ``published``: a song is its clean title, with the track first seen; entries with a name that
    cleans to nothing are skipped, as are playlists. ``holdout``: a song is its track URI, names do
    not matter. Both keep playlists with 1 < followers < the most, and entries with features.

    Raises
    ------
    InputError
        If nothing is left.
    """
    names = clean_names(tables.playlists["name"])
    if protocol == "published":
        named = np.array([bool(name) for name in names], dtype=np.bool_)
        entry_named, identity = _titles(tables)
    else:
        named = np.ones(len(names), dtype=np.bool_)
        entry_named = np.ones(len(tables.entries), dtype=np.bool_)
        identity = np.arange(len(tables.tracks), dtype=np.int64)
    return _select(tables, names, named=named, entry_named=entry_named, identity=identity)


def _titles(tables: Tables) -> tuple[BoolArray, IntArray]:
    """Which entries have names at all, and the number of each track's clean title."""
    titles = clean_names(tables.tracks["track_name"])
    artist_named = _is_named(clean_names(tables.artists["artist_name"]))
    album_named = _is_named(clean_names(tables.albums["album_name"]))
    named = (
        _is_named(titles)
        & artist_named[tables.tracks["artist_id"].to_numpy()]
        & album_named[tables.tracks["album_id"].to_numpy()]
    )
    return named[tables.lists.values], number_names(titles)[0]


def _is_named(names: list[str]) -> BoolArray:
    return np.array([bool(name) for name in names], dtype=np.bool_)


def _select(
    tables: Tables,
    names: list[str],
    *,
    named: BoolArray,
    entry_named: BoolArray,
    identity: IntArray,
) -> Corpus:
    lists = tables.lists
    seen = lists.where(entry_named & named[lists.owners])
    first_track = _first_tracks(seen, identity)
    track_of_entry = first_track[identity[seen.values]]
    usable = ~np.isnan(tables.features[:, 0])
    counted = Ragged(seen.indptr, track_of_entry).where(usable[track_of_entry])

    followers = tables.playlists["num_followers"].to_numpy(dtype=np.int64)
    popular = (followers > 1) & (followers < followers.max())
    kept = named & popular & (counted.lengths > 0)
    if not kept.any():
        raise _nothing_left(popular, usable)
    rows = np.flatnonzero(kept)
    track_ids, values = np.unique(counted.values, return_inverse=True)
    numbered = Ragged(counted.indptr, values.astype(np.int64))
    return Corpus(
        playlist_ids=rows.astype(np.int64),
        names=[names[row] for row in rows],
        num_followers=followers[rows],
        playlists=numbered.take(rows),
        track_ids=track_ids,
        songs=tables.features[track_ids],
        artists=tables.tracks["artist_id"].to_numpy(dtype=np.int64)[track_ids],
        counted=numbered.take(np.flatnonzero(numbered.lengths > 0)),
        unused=_count_unused(
            tables,
            named=named,
            popular=popular,
            entry_named=entry_named,
            kept=kept,
            n_used=int(counted.lengths[rows].sum()),
        ),
    )


def _nothing_left(popular: BoolArray, usable: BoolArray) -> InputError:
    return InputError(
        f"no playlist is left of {len(popular)}: {int((~popular).sum())} have one follower or "
        f"the most, and {int(usable.sum())} of {len(usable)} tracks have audio features; "
        "run `harvest spotify` for more, or `harvest mpd PATH` for other playlists"
    )


def _first_tracks(seen: Ragged, identity: IntArray) -> IntArray:
    """Track that stands for each song: the one seen first; -1 for a song never seen."""
    songs, first = np.unique(identity[seen.values], return_index=True)
    track = np.full(int(identity.max(initial=-1)) + 1, -1, dtype=np.int64)
    track[songs] = seen.values[first]
    return track


def _count_unused(
    tables: Tables,
    *,
    named: BoolArray,
    popular: BoolArray,
    entry_named: BoolArray,
    kept: BoolArray,
    n_used: int,
) -> tuple[Unused, ...]:
    """Count what is left out, each thing under the first reason that applies."""
    followers = tables.playlists["num_followers"].to_numpy()
    usable = ~np.isnan(tables.features[:, 0])
    in_kept = kept[tables.lists.owners]
    n_named = int((in_kept & entry_named).sum())
    totals = {"playlists": len(named), "entries": len(in_kept), "tracks": len(usable)}
    counts = (
        ("playlists", "name cleans to nothing", (~named).sum()),
        ("playlists", "fewer than two followers", (named & (followers <= 1)).sum()),
        ("playlists", "the most followers", (named & ~popular & (followers > 1)).sum()),
        ("playlists", "no track with audio features", (named & popular & ~kept).sum()),
        ("entries", "in a playlist not used", (~in_kept).sum()),
        ("entries", "a name cleans to nothing", in_kept.sum() - n_named),
        ("entries", "no audio features", n_named - n_used),
        ("tracks", "no audio features", (~tables.has_row).sum()),
        ("tracks", "audio features incomplete or out of range", (tables.has_row & ~usable).sum()),
    )
    return tuple(
        Unused(what, reason, int(count), totals[what]) for what, reason, count in counts if count
    )
