"""What the page asks for, and what it is told: plain values, checked on the way in."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from model.amounts import amount
from model.errors import InputError
from model.library.songs import Library, Song
from model.making.files import spotify_uri
from model.making.playlist import STANDARD, Chooser, Playlist
from model.making.text import shown
from model.making.wish import (
    DEFAULT_METHOD,
    DEFAULT_SHARE,
    MOST_SEEDS,
    MOST_SONGS,
    Method,
    Wish,
    reads_titles,
    what_lacks,
)

MOST_EXCLUDED = 100
MOST_LETTERS = 200
"""Of the wished name; artists' names are as long as the songs have them."""

_Share = Annotated[float, Meta(ge=0, le=1)]


class Ask(msgspec.Struct, forbid_unknown_fields=True):
    """A `Wish`, as the page sends it; `seeds` are song numbers.

    What somebody can do amiss on the page itself is left to `_problem`, which says it in its words.
    """

    seeds: list[Annotated[int, Meta(ge=0)]] = []
    n: Annotated[int, Meta(ge=1, le=MOST_SONGS)] = 50
    title: str = ""
    method: Method | None = None
    share: _Share = DEFAULT_SHARE
    diversity: _Share = 0.0
    popularity: Annotated[float, Meta(ge=-1, le=1)] = 0.0
    excluded_artists: list[str] = []
    random_state: Annotated[int, Meta(ge=0, lt=2**32)] | None = None
    with_seeds: bool = False


def read_ask(body: bytes, library: Library, chooser: Chooser = STANDARD) -> tuple[Wish, bool]:
    """Give the wish, and whether a file is to begin with its seeds.

    Parameters
    ----------
    body : bytes
        JSON.
    library : Library
    chooser : Chooser
        Whose methods count where it names none.

    Raises
    ------
    InputError
        Saying what is wrong with it.
    """
    try:
        ask = msgspec.json.decode(body, type=Ask)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        msg = f"not understood: {error}"
        raise InputError(msg) from error
    if any(seed >= library.n_songs for seed in ask.seeds):
        there = "is" if library.n_songs == 1 else "are"
        msg = f"a song number is too high: there {there} {amount(library.n_songs, 'song')}"
        raise InputError(msg)
    wish = _wish(ask, chooser)
    if problem := _problem(wish):
        raise InputError(problem)
    return wish, ask.with_seeds


def told_controls(chooser: Chooser) -> dict[str, Any]:
    """Say which controls of the page count, with songs and without; see `Chooser`."""
    return {
        "with_songs": {
            "has_share": chooser.method == DEFAULT_METHOD,
            "about_title": _about_title(chooser),
        },
        "by_title": {
            "has_share": chooser.by_title == DEFAULT_METHOD,
            "about_title": _about_title_alone(chooser.by_title),
        },
    }


def told_song(song: Song) -> dict[str, Any]:
    """Give a song as the page shows it."""
    return {
        "number": song.number,
        "title": shown(song.title),
        "artist": shown(song.artist),
        "album": shown(song.album) if song.album else "",
        "uri": spotify_uri(song),
        "n_playlists": song.n_playlists,
    }


def told_playlist(playlist: Playlist) -> dict[str, Any]:
    """Give a list as the page shows it."""
    return {
        "songs": [
            told_song(pick.song) | {"reasons": [str(reason) for reason in pick.reasons]}
            for pick in playlist.picks
        ],
        "profile": _told_profile(playlist),
    }


def _wish(ask: Ask, chooser: Chooser) -> Wish:
    fields = msgspec.structs.asdict(ask)
    del fields["with_seeds"]
    fields["seeds"] = tuple(dict.fromkeys(ask.seeds))
    fields["method"] = ask.method or (chooser.method if ask.seeds else chooser.by_title)
    fields["title"] = ask.title.strip()
    fields["excluded_artists"] = tuple(ask.excluded_artists)
    return Wish(**fields)


def _problem(wish: Wish) -> str:
    """Say what is to be done otherwise on the page; empty where nothing is."""
    for n, most, what in (
        (len(wish.seeds), MOST_SEEDS, "songs to go by"),
        (len(wish.excluded_artists), MOST_EXCLUDED, "artists left out"),
        (len(wish.title), MOST_LETTERS, "letters of a name"),
    ):
        if n > most:
            return f"{n} {what}; at most {most} can be given"
    lacking = what_lacks(wish.method, has_songs=bool(wish.seeds), has_title=bool(wish.title))
    return {
        "all": "nothing to go by: add a song, or give a name",
        "songs": f"add a song: {wish.method} reads no names",
        "title": f"give a name: {wish.method} goes by nothing else",
        "nothing": "",
    }[lacking]


def _about_title(chooser: Chooser) -> str:
    """Say what a title does beside songs, where that is not what the page promises."""
    if reads_titles(chooser.method):
        return ""
    if reads_titles(chooser.by_title):
        return f"Counts only where no song is given: {chooser.method} goes by songs alone."
    return f"Only names the list: {chooser.method} reads no names."


def _about_title_alone(method: str) -> str:
    if reads_titles(method):
        return ""
    is_enough = method == "popularity"
    return f"{'Only names the list' if is_enough else 'Add a song'}: {method} reads no names."


def _told_profile(playlist: Playlist) -> dict[str, Any] | None:
    profile = playlist.profile
    if not profile.is_known:
        return None
    return {
        "n_with_features": profile.n_with_features,
        "n_similar": profile.n_similar,
        # What is not a number has no place in JSON: msgspec writes null.
        "features": [
            {"name": name, "own": own, "similar": other} for name, own, other in profile.named()
        ],
        "followers": profile.followers,
        "similar_predicted": profile.similar_predicted,
        "similar_followers": profile.similar_followers,
    }
