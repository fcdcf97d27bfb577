"""Which recordings last.fm knows, and by which names."""

from collections.abc import Mapping

import numpy as np

from harvest.emulator.catalogue import noise, titles
from harvest.emulator.catalogue.features import Numbers
from harvest.emulator.catalogue.songs import Songs
from harvest.texts.names import clean, plain_title


def lookup_key(artist: str, title: str) -> str:
    r"""Name a recording as last.fm matches it: without regard to case.

    Parameters
    ----------
    artist, title : str
        Raw names.

    Returns
    -------
    str
        Both in lower case, without spaces around them, a tab between them.

    Examples
    --------
    >>> lookup_key("The FOXES", "Paper Moon")
    'the foxes\tpaper moon'
    """
    return f"{artist.strip().casefold()}\t{title.strip().casefold()}"


def spelling(key: str) -> str:
    r"""Reduce a name to what its spellings have in common, which is how last.fm corrects them.

    Parameters
    ----------
    key : str
        Of `lookup_key`.

    Returns
    -------
    str
        Artist and title as `harvest.texts.names.clean` makes them.

    Examples
    --------
    >>> spelling(lookup_key("Beyoncé & Söhne", "Don’t"))
    'beyonce and sohne\tdont'
    """
    artist, _, title = key.partition("\t")
    return f"{clean(artist)}\t{clean(title)}"


def spellings(row_of: Mapping[str, int]) -> dict[str, int]:
    """Map the spelling of each recording to its row; of two that are spelt alike, the first counts.

    Parameters
    ----------
    row_of : mapping of str to int
        Rows by `lookup_key`.

    Returns
    -------
    dict of str to int
        Rows by `spelling`.
    """
    found: dict[str, int] = {}
    for key, row in row_of.items():
        found.setdefault(spelling(key), row)
    return found


def index(names: list[str], artist_of: Numbers, track_titles: list[str]) -> dict[str, int]:
    """Map each recording to the first row that bears its names.

    Parameters
    ----------
    names : list of str of length n_artists
        Artists' names.
    artist_of : ndarray of shape (n_tracks,)
        Row of the artist.
    track_titles : list of str of length n_tracks
        Titles.

    Returns
    -------
    dict of str to int
        Rows by `lookup_key`.
    """
    row_of: dict[str, int] = {}
    folded = [name.strip().casefold() for name in names]
    for row, (artist, title) in enumerate(zip(artist_of.tolist(), track_titles, strict=True)):
        row_of.setdefault(f"{folded[artist]}\t{title.strip().casefold()}", row)
    return row_of


def plain_for_some(raw: list[str], share: float) -> list[str]:
    """Take the suffixes off a share of the titles that have any.

    Parameters
    ----------
    raw : list of str
        Titles; each decides by itself whether it is among them.
    share : float
        0 … 1.

    Returns
    -------
    list of str
        The titles that last.fm knows.

    Examples
    --------
    >>> plain_for_some(["Hey - Remastered 2011", "Hey"], 1.0)
    ['Hey', 'Hey']
    """
    return [plain_title(title) if noise.key(title) < share * 2**32 else title for title in raw]


def titles_of(songs: Songs) -> list[str]:
    """Return the titles of the made-up catalogue as last.fm has them.

    Parameters
    ----------
    songs : Songs
        The catalogue.

    Returns
    -------
    list of str
        Without its suffix where last.fm does not know the title with it.
    """
    return [
        title if known else titles.base_title(title)
        for title, known in zip(songs.titles, songs.on_lastfm.tolist(), strict=True)
    ]


def known_of(songs: Songs) -> dict[str, int]:
    """Index the recordings of the made-up catalogue that last.fm knows.

    Parameters
    ----------
    songs : Songs
        The catalogue.

    Returns
    -------
    dict of str to int
        Rows by `lookup_key`; of those unknown with their suffix, by the title without it.
    """
    row_of = index(songs.artist_names, songs.artist_of, songs.titles)
    unknown = np.flatnonzero(~songs.on_lastfm).tolist()
    artists = {row: songs.artist_names[songs.artist_of[row]] for row in unknown}
    for row in unknown:
        row_of.pop(lookup_key(artists[row], songs.titles[row]), None)
    for row in unknown:
        base = titles.base_title(songs.titles[row])
        if base != songs.titles[row]:
            row_of.setdefault(lookup_key(artists[row], base), row)
    return row_of
