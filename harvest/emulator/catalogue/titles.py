"""Made-up names of artists, tracks and playlists, shaped like real ones."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from harvest.emulator.catalogue import words

Numbers = NDArray[np.int64]

_DECORATED_SHARE = 0.12
_REPEATED_SHARE = 0.04

_ARTIST_SHAPES = (
    "The {adjective} {nouns}",
    "The {nouns}",
    "{adjective} {nouns}",
    "{first} {last}",
    "{first} {last}",
    "{first} & the {nouns}",
    "{adjective} {singular}",
    "{singular}/{singular2}",
    "{last} & {last2}",
)
_GENRE_ARTIST_SHAPES = {
    "rap": ("MC {singular}", "Lil {singular}", "{adjective} {first}", "Young {last}", "{first}$"),
    "electronic": ("DJ {singular}", "{singular}", "{adjective} {singular}", "{nouns} (Live Set)"),
    "classical": ("{first} {last}", "{last} Quartet", "{last} Chamber Orchestra"),
    "latin": ("{first} {last}", "Los {spanish}", "Grupo {spanish}", "{first} y {first2}"),
}
_TITLE_SHAPES = (
    "{singular}",
    "{adjective} {singular}",
    "{verb} Me",
    "{verb} the {singular}",
    "Don't {verb}",
    "{nouns}",
    "{singular} & {singular2}",
    "{adjective} {nouns}",
    "{verb} It",
    "{singular} / {singular2}",
    "I {verb} the {nouns}",
    "{nouns} of {singular}",
    "{spanish}",
    "{singular} in {first}'s {singular2}",
)
_DECORATIONS = (
    " - Remastered 2011",
    " - Remastered",
    " (feat. {first} {last})",
    " (feat. {singular} & {first})",
    " - Radio Edit",
    " - Live at {place}",
    " (Acoustic)",
)
_PLAYLIST_SHAPES = ("{genre}", "{genre} {mood}", "{mood} {genre}", "{genre} {year}", "{genre}!!")


def artist_name(rng: np.random.Generator, genre: str) -> str:
    """Make up an artist's name.

    Parameters
    ----------
    rng : numpy.random.Generator
        Where the choice comes from.
    genre : str
        Name of the genre; some have shapes of their own.

    Returns
    -------
    str
        Not necessarily unique, as in life.

    Examples
    --------
    >>> artist_name(np.random.default_rng(0), "rap") != ""
    True
    """
    return _fill(rng, _pick(rng, _GENRE_ARTIST_SHAPES.get(genre, _ARTIST_SHAPES)))


def plain_title(rng: np.random.Generator) -> str:
    """Make up a title without any suffix.

    Parameters
    ----------
    rng : numpy.random.Generator
        Where the choice comes from.

    Returns
    -------
    str
        A title.

    Examples
    --------
    >>> " - " in plain_title(np.random.default_rng(0))
    False
    """
    return _fill(rng, _pick(rng, _TITLE_SHAPES))


def track_titles(
    rng: np.random.Generator, artist_of: Numbers
) -> tuple[list[str], NDArray[np.bool_]]:
    """Make up titles; some repeat another title of the same artist, some bear a suffix.

    Parameters
    ----------
    rng : numpy.random.Generator
        Where the choices come from.
    artist_of : ndarray of shape (n_tracks,)
        Row of the artist, ascending.

    Returns
    -------
    titles : list of str of length n_tracks
        As a service would show them.
    is_decorated : ndarray of shape (n_tracks,)
        Whether a suffix such as "- Remastered 2011" follows the title.

    Examples
    --------
    >>> made, _ = track_titles(np.random.default_rng(0), np.array([0, 0]))
    >>> len(made)
    2
    """
    plain = [plain_title(rng) for _ in range(len(artist_of))]
    is_repeat = rng.random(len(plain)) < _REPEATED_SHARE
    for row in range(1, len(plain)):
        if is_repeat[row] and artist_of[row] == artist_of[row - 1]:
            plain[row] = plain[row - 1]
    is_decorated = rng.random(len(plain)) < _DECORATED_SHARE
    made = [
        title + _fill(rng, _pick(rng, _DECORATIONS)) if decorated else title
        for title, decorated in zip(plain, is_decorated.tolist(), strict=True)
    ]
    return made, is_decorated


def base_title(title: str) -> str:
    """Strip the suffix that `track_titles` adds.

    Parameters
    ----------
    title : str
        A made-up title.

    Returns
    -------
    str
        The title before " - " or " (".

    Examples
    --------
    >>> base_title("Paper Moon - Remastered 2011"), base_title("Fever (feat. Lil Glass)")
    ('Paper Moon', 'Fever')
    """
    return title.partition(" - ")[0].partition(" (")[0]


def playlist_name(rng: np.random.Generator, playlist_words: Sequence[str], mood: str) -> str:
    """Make up a playlist's name: a genre's, a general one, or now and then an odd one.

    Parameters
    ----------
    rng : numpy.random.Generator
        Where the choice comes from.
    playlist_words : sequence of str
        Names usual for the genre, the most usual first.
    mood : str
        A word for the mood, or nothing.

    Returns
    -------
    str
        A few names are shared by many playlists; about one in a hundred has no letter or no
        ASCII letter.

    Examples
    --------
    >>> playlist_name(np.random.default_rng(1), ["Rock"], "Chill") != ""
    True
    """
    kind = rng.random()
    if kind < 0.015:
        return _pick(rng, words.ODD_NAMES)
    if kind < 0.35:
        return _vary(rng, _pick_first(rng, words.GENERIC_NAMES))
    genre = _pick_first(rng, playlist_words)
    if kind < 0.65 or not mood:
        return _vary(rng, genre)
    shape = _pick(rng, _PLAYLIST_SHAPES)
    year = 2010 + int(rng.integers(0, 8))
    return _vary(rng, shape.format(genre=genre, mood=mood, year=year))


def _pick(rng: np.random.Generator, choices: Sequence[str]) -> str:
    return choices[int(rng.random() * len(choices))]


def _pick_first(rng: np.random.Generator, choices: Sequence[str]) -> str:
    return choices[int(rng.random() ** 2 * len(choices))]


def _vary(rng: np.random.Generator, name: str) -> str:
    kind = rng.random()
    if kind < 0.15:
        return name.lower()
    if kind < 0.19:
        return f"{name} "
    return name.upper() if kind < 0.22 else name


def _fill(rng: np.random.Generator, shape: str) -> str:
    return shape.format(
        adjective=_pick(rng, words.ADJECTIVES),
        nouns=_pick(rng, words.NOUNS),
        first=_pick(rng, words.FIRST_NAMES),
        first2=_pick(rng, words.FIRST_NAMES),
        last=_pick(rng, words.LAST_NAMES),
        last2=_pick(rng, words.LAST_NAMES),
        verb=_pick(rng, words.VERBS),
        singular=_pick(rng, words.SINGULAR),
        singular2=_pick(rng, words.SINGULAR),
        spanish=_pick(rng, words.SPANISH),
        place=_pick(rng, words.PLACES),
    )
