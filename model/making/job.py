"""What `model generate` does: texts -> songs -> a playlist -> the terminal and files."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from model.amounts import amount
from model.errors import InputError
from model.layout import print_blocks
from model.library.finding import find_artist, find_song, find_uri
from model.library.songs import Library, Song
from model.making.console import named, render
from model.making.files import format_of, left_out, write_playlists
from model.making.playlist import make_playlist
from model.making.sparse import Scored
from model.making.text import clipped, shown
from model.making.wish import MOST_SEEDS, Wish
from model.saying import Say


def settled(
    library: Library, texts: Sequence[str], uris: Sequence[str], wish: Wish, *, say: Say
) -> Wish:
    """Find the songs of a wish, which takes no time, before something is fitted for it.

    Parameters
    ----------
    library : Library
    texts : sequence of str
        As "Artist - Title".
    uris : sequence of str
    wish : Wish
        Without seeds.
    say : callable
        Takes a note for the user.

    Returns
    -------
    Wish
        With the songs as seeds, each once.

    Raises
    ------
    InputError
        If a song is not found, saying which are spelt alike, or there are too many.
    """
    found = [*(_song(library, text, say) for text in texts), *(_of(library, uri) for uri in uris)]
    seeds = tuple(dict.fromkeys(found))
    if len(seeds) > MOST_SEEDS:
        msg = f"{len(seeds)} songs to go by; at most {MOST_SEEDS} can be given"
        raise InputError(msg)
    for name in wish.excluded_artists:
        _note_unknown_artist(library, name, say)
    return replace(wish, seeds=seeds)


def generate(
    library: Library,
    wish: Wish,
    *,
    outputs: Sequence[Path],
    with_seeds: bool,
    say: Say,
    recommend: Callable[[Wish], Scored] | None = None,
) -> None:
    """Make the list, print it, write it.

    Parameters
    ----------
    library : Library
    wish : Wish
        See `settled`.
    outputs : sequence of Path
        See `making.files.check_outputs`.
    with_seeds : bool
        Whether the files begin with the songs given.
    say : callable
        Takes a note for the user.
    recommend : callable, optional
        Scores songs; see `making.playlist.make_playlist`.

    Raises
    ------
    InputError
        If there is nothing to go by, or a file could hold no song.
    StorageError
        If a file cannot be written.
    """
    playlist = make_playlist(library, wish, recommend=recommend)
    if len(playlist.picks) < wish.n:
        say(f"only {amount(len(playlist.picks), 'song')} can be found for this")
    write_playlists(outputs, playlist, with_seeds=with_seeds)
    print_blocks(render(playlist))
    for path in outputs:
        if missing := left_out(format_of(path), playlist, with_seeds=with_seeds):
            say(f"{missing} of {path}")
        say(f"written to {path}")


def _song(library: Library, text: str, say: Say) -> int:
    found = find_song(library, text)
    if found.song is None:
        raise InputError(_unknown(text, found.others))
    if not found.is_exact:
        say(f"took “{clipped(text)}” for {named(found.song)}")
    elif others := _other_artists(found.song, found.others):
        by = ", ".join(map(shown, others))
        say(f"“{clipped(text)}” is {named(found.song)}; others are by {by}: name the artist")
    return found.song.number


def _note_unknown_artist(library: Library, name: str, say: Say) -> None:
    is_known, others = find_artist(library, name)
    if not is_known:
        near = [f"“{shown(one)}”" for one in others]
        asked = f"; did you mean {_list(near)}?" if near else ""
        say(f"no artist “{clipped(name)}” in the state, so that nobody is left out by it{asked}")


def _other_artists(song: Song, others: Sequence[Song]) -> list[str]:
    return list(dict.fromkeys(each.artist for each in others if each.artist != song.artist))


def _unknown(text: str, others: Sequence[Song]) -> str:
    if not others:
        return (
            f"no song “{clipped(text)}” in the state, and none spelt like it; write "
            '"Artist - Title", or give its --uri'
        )
    names = [f"“{named(song)}”" for song in others]
    return f"no song “{clipped(text)}” in the state; did you mean {_list(names)}?"


def _list(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _of(library: Library, uri: str) -> int:
    number = find_uri(library, uri)
    if number is None:
        msg = f"no song with the URI {clipped(uri)} in the state; expected spotify:track:ID"
        raise InputError(msg)
    return number
