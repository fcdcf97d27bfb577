"""Tables -> the playlists and songs that a protocol works on, and a count of all it leaves out."""

from dataclasses import dataclass

import numpy as np

from model.amounts import amount
from model.errors import InputError
from model.ragged import BoolArray, FloatArray, IntArray, Ragged
from model.settings import Protocol
from model.tables import Tables
from model.text import clean_names, number_names


@dataclass(frozen=True, slots=True)
class Unused:
    """One reason why something of the tables is not used, and how often it applies.

    Parameters
    ----------
    what, reason : str
        Of playlists, entries or tracks.
    count : int
        For how many of these it is the first reason that applies.
    total : int
        How many of these the tables hold.
    """

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
        Clean names; may be empty but in the published protocol.
    num_followers, num_tracks, num_albums : ndarray, shape (n_playlists,)
        As the source says.
    playlists : Ragged, n_playlists lists
        Song numbers in order, of songs with features alone (challenge: of all); none is empty.
    track_ids : ndarray, shape (n_songs,)
        `track_id` of the tables that gives each song its features; ascending, or as published in
        order of first appearance.
    songs : ndarray, shape (n_songs, 12)
        `columns.SONG_FEATURES`; no NaN (challenge: NaN where they are unknown).
    artists : ndarray, shape (n_songs,)
        `artist_id` of the tables.
    counted : Ragged
        The lists in which pairs of songs are counted: as published those before the filter by
        followers, else `playlists` themselves.
    unused : tuple of Unused
    albums : ndarray, shape (n_songs,), optional
        `album_id` of the tables (challenge alone).
    titles : list of str, length n_playlists, optional
        Names as their owners wrote them (challenge alone).
    artist_names, album_names : list of str, optional
        Name of each artist and album of the tables (challenge alone).
    """

    playlist_ids: IntArray
    names: list[str]
    num_followers: IntArray
    num_tracks: IntArray
    num_albums: IntArray
    playlists: Ragged
    track_ids: IntArray
    songs: FloatArray
    artists: IntArray
    counted: Ragged
    unused: tuple[Unused, ...]
    albums: IntArray | None = None
    titles: list[str] | None = None
    artist_names: list[str] | None = None
    album_names: list[str] | None = None

    @property
    def n_songs(self) -> int:
        """Number of songs."""
        return len(self.track_ids)


def read_corpus(tables: Tables, protocol: Protocol) -> Corpus:
    """Select and number what a protocol uses, in time and memory linear in the entries.

    ``published``: a song is its clean title, with the track first seen; entries with a name that
    cleans to nothing are skipped, as are playlists. ``holdout``: a song is its track URI, names do
    not matter. Both keep playlists with 1 < followers < the most, and entries with features.
    ``challenge``: every track URI is a song, and every playlist that holds one is kept.

    Raises
    ------
    InputError
        If nothing is left.
    """
    if protocol == "challenge":
        return _read_everything(tables)
    names = clean_names(tables.playlists["name"].tolist())
    is_usable = ~np.isnan(tables.features.values[:, 0])
    is_published = protocol == "published"
    if is_published:
        is_named = _is_named(names)
        track_named, identity = _titles(tables)
        seen = _drop(tables.lists, playlists=is_named, tracks=track_named)
        stand_in = _stand_ins(seen, identity)
        counted = _drop(seen, tracks=is_usable[stand_in])
        counted = Ragged(counted.indptr, stand_in[counted.values])
    else:
        is_named, track_named = np.ones(len(names), np.bool_), np.ones(len(is_usable), np.bool_)
        counted = _drop(tables.lists, tracks=is_usable)
    popular = _is_popular(tables, is_named)
    kept = is_named & popular & (counted.lengths > 0)
    if not kept.any():
        raise _nothing_left(tables, is_named, popular, track_named)
    unused = _count_unused(
        tables, is_named=is_named, track_named=track_named, kept=kept, counted=counted
    )
    return _number(
        tables, names, kept=kept, counted=counted, unused=unused, is_published=is_published
    )


def _read_everything(tables: Tables) -> Corpus:
    """Leave out nothing but playlists without a track; a song's number is its track's id."""
    rows = np.flatnonzero(tables.lists.lengths > 0)
    n_empty = len(tables.lists) - len(rows)
    if not rows.size:
        msg = f"no playlist of {n_empty:,} holds a track; run `harvest mpd PATH` again"
        raise InputError(msg)
    about = tables.playlists.iloc[rows]
    playlists = tables.lists if not n_empty else tables.lists.take(rows)
    unused = Unused("playlists", "no tracks", n_empty, len(tables.lists))
    return Corpus(
        playlist_ids=rows.astype(np.int64),
        names=clean_names(about["name"].tolist()),
        num_followers=about["num_followers"].to_numpy(dtype=np.int64),
        num_tracks=about["num_tracks"].to_numpy(dtype=np.int64),
        num_albums=about["num_albums"].to_numpy(dtype=np.int64),
        playlists=playlists,
        track_ids=np.arange(len(tables.tracks), dtype=np.int64),
        songs=tables.features.values,
        artists=tables.tracks["artist_id"].to_numpy(dtype=np.int64),
        counted=playlists,
        unused=(unused,) if n_empty else (),
        albums=tables.tracks["album_id"].to_numpy(dtype=np.int64),
        titles=about["name"].fillna("").tolist(),
        artist_names=tables.artists["artist_name"].fillna("").tolist(),
        album_names=tables.albums["album_name"].fillna("").tolist(),
    )


def _titles(tables: Tables) -> tuple[BoolArray, IntArray]:
    """Which tracks have names at all, and the number of each one's clean title."""
    titles = clean_names(tables.tracks["track_name"].tolist())
    artist_named = _is_named(clean_names(tables.artists["artist_name"].tolist()))
    album_named = _is_named(clean_names(tables.albums["album_name"].tolist()))
    named = (
        _is_named(titles)
        & artist_named[tables.tracks["artist_id"].to_numpy()]
        & album_named[tables.tracks["album_id"].to_numpy()]
    )
    return named, number_names(titles)[0]


def _is_named(names: list[str]) -> BoolArray:
    return np.array([bool(name) for name in names], dtype=np.bool_)


def _is_popular(tables: Tables, is_named: BoolArray) -> BoolArray:
    """Which playlists have more than one follower and fewer than the most of those named."""
    followers = tables.playlists["num_followers"].to_numpy()
    most = followers[is_named].max(initial=0)
    return np.asarray((followers > 1) & (followers < most))


def _drop(lists: Ragged, *, tracks: BoolArray, playlists: BoolArray | None = None) -> Ragged:
    """Keep the entries of `tracks`, and of `playlists` where these are given."""
    keep = tracks[lists.values]
    if playlists is not None:
        keep &= np.repeat(playlists, lists.lengths)
    return lists.where(keep)


def _stand_ins(seen: Ragged, identity: IntArray) -> IntArray:
    """Track that stands for each track's song: the song's first in the playlists, -1 if unseen."""
    first = np.full(int(identity.max(initial=-1)) + 1, -1, dtype=seen.values.dtype)
    # Written from the last entry to the first, so that the first one is what stays.
    first[identity[seen.values[::-1]]] = seen.values[::-1]
    return first[identity]


def _number(
    tables: Tables,
    names: list[str],
    *,
    kept: BoolArray,
    counted: Ragged,
    unused: tuple[Unused, ...],
    is_published: bool,
) -> Corpus:
    """Give the songs that are left dense numbers, in order of first appearance.

    As published, that is among the playlists counted; else in the tables. Ties go by these numbers.
    """
    rows = np.flatnonzero(kept)
    about = tables.playlists.iloc[rows]
    track_ids = _songs_of(counted, n_tracks=len(tables.tracks), by_appearance=is_published)
    numbers = np.empty(len(tables.tracks), dtype=np.int32)
    numbers[track_ids] = np.arange(len(track_ids), dtype=np.int32)
    numbered = Ragged(counted.indptr, numbers[counted.values])
    playlists = numbered.take(rows)
    filled = np.flatnonzero(numbered.lengths > 0)
    return Corpus(
        playlist_ids=rows.astype(np.int64),
        names=[names[row] for row in rows],
        num_followers=about["num_followers"].to_numpy(dtype=np.int64),
        num_tracks=about["num_tracks"].to_numpy(dtype=np.int64),
        num_albums=about["num_albums"].to_numpy(dtype=np.int64),
        playlists=playlists,
        track_ids=track_ids,
        songs=tables.features.values[track_ids],
        artists=tables.tracks["artist_id"].to_numpy(dtype=np.int64)[track_ids],
        counted=numbered.take(filled) if is_published else playlists,
        unused=unused,
    )


def _songs_of(lists: Ragged, *, n_tracks: int, by_appearance: bool) -> IntArray:
    """List the tracks that occur, each once: ascending, or in the order in which they appear."""
    size = len(lists.values)
    place = np.full(n_tracks, size, dtype=np.int64)
    # Written from the last entry to the first, so that the first place is what stays.
    place[lists.values[::-1]] = np.arange(size - 1, -1, -1, dtype=np.int64)
    occurring = np.flatnonzero(place < size)
    return occurring[np.argsort(place[occurring])] if by_appearance else occurring


def _nothing_left(
    tables: Tables, is_named: BoolArray, popular: BoolArray, track_named: BoolArray
) -> InputError:
    usable, n_unpopular = ~np.isnan(tables.features.values[:, 0]), int((is_named & ~popular).sum())
    n_own = int((tables.playlists["num_followers"] < 1).sum())
    unknown = f" ({n_own:,} of unknown followers, as own playlists are)" if n_own else ""
    nameless = _nameless(int((~is_named).sum()), int((~track_named).sum()))
    remedies = {
        "choose `--protocol holdout`, which keeps these": nameless,
        "run `harvest spotify` for more": (is_named & popular).any() and not usable.all(),
        "run `harvest mpd PATH` for other playlists": n_unpopular,
        "`model compare` and `model generate`, which need neither followers nor features": True,
    }
    return InputError(
        f"no playlist is left of {len(popular):,}: {n_unpopular:,} "
        f"{'has' if n_unpopular == 1 else 'have'} one follower or the most{unknown}, and "
        f"{int(usable.sum()):,} of {amount(len(usable), 'track')} have audio features{nameless}; "
        f"{', or '.join(words for words, is_due in remedies.items() if is_due)}"
    )


def _nameless(n_playlists: int, n_tracks: int) -> str:
    names = f"{amount(n_playlists, 'playlist')} and {amount(n_tracks, 'track')}"
    return f"; the names of {names} clean to nothing" if n_playlists or n_tracks else ""


def _count_unused(
    tables: Tables,
    *,
    is_named: BoolArray,
    track_named: BoolArray,
    kept: BoolArray,
    counted: Ragged,
) -> tuple[Unused, ...]:
    """Count what is left out, each thing under the first reason that applies."""
    followers, popular = tables.playlists["num_followers"].to_numpy(), _is_popular(tables, is_named)
    has_row, is_usable = tables.features.has_row, ~np.isnan(tables.features.values[:, 0])
    n_entries = int(tables.lists.lengths.sum())
    n_in_kept = int(tables.lists.lengths[kept].sum())
    n_named = int(_drop(tables.lists, tracks=track_named, playlists=kept).indptr[-1])
    n_used = int(counted.lengths[kept].sum())
    totals = {"playlists": len(is_named), "entries": n_entries, "tracks": len(is_usable)}
    counts = (
        ("playlists", "name cleans to nothing", (~is_named).sum()),
        ("playlists", "fewer than two followers", (is_named & (followers <= 1)).sum()),
        ("playlists", "the most followers", (is_named & ~popular & (followers > 1)).sum()),
        ("playlists", "no track with audio features", (is_named & popular & ~kept).sum()),
        ("entries", "in a playlist not used", n_entries - n_in_kept),
        ("entries", "a name cleans to nothing", n_in_kept - n_named),
        ("entries", "no audio features", n_named - n_used),
        ("tracks", "no audio features", (~has_row).sum()),
        ("tracks", "audio features incomplete or out of range", (has_row & ~is_usable).sum()),
    )
    return tuple(
        Unused(what, reason, int(count), totals[what]) for what, reason, count in counts if count
    )
