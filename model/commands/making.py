"""The commands that make playlists for people: `generate`, `serve`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from model.commands.number_options import number_option, whole_option
from model.commands.options import (
    DEFAULT_STATE,
    DEFAULT_WORKERS,
    State,
    Workers,
    is_typed,
    progress,
    seed_option,
)
from model.errors import InputError
from model.making.wish import DEFAULT_METHOD, DEFAULT_SHARE, Wish, check_sense, reads_titles

if TYPE_CHECKING:
    from model.library.recipes import Shelf
    from model.making.playlist import Chooser

app = typer.Typer()

Recommender = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Looked up: neighbours (similar songs), playlists (songs of similar playlists), "
        "titles (of playlists of that name), blend (all three), popularity. Fitted at first use, "
        "which may take minutes: ranker or any other that `model compare` knows; blend:fitted is "
        "its blend.  [default: the best in `model compare`, or blend]",
        show_default=False,
    ),
]


@app.command()
def generate(
    context: typer.Context,
    songs: Annotated[
        list[str] | None,
        typer.Argument(metavar='"ARTIST - TITLE"', help="Songs to go by; a title alone may do."),
    ] = None,
    uri: Annotated[
        list[str] | None,
        typer.Option(metavar="URI", help="A song by its Spotify URI or address; may be repeated."),
    ] = None,
    n: Annotated[int, whole_option("--length", "-n", low=1, high=500, help="Songs wanted.")] = 50,
    title: Annotated[
        str, typer.Option(help="Its name: playlists that are called so count too.")
    ] = "",
    recommender: Recommender = None,
    share: Annotated[
        float, number_option(low=0, high=1, help="Of the blend: share of similar songs.")
    ] = DEFAULT_SHARE,
    diversity: Annotated[
        float,
        number_option(low=0, high=1, help="Weight of being unlike the songs listed before (MMR)."),
    ] = 0.0,
    popularity: Annotated[
        float, number_option(low=-1, high=1, help="Above 0 popular songs, below 0 rare ones.")
    ] = 0.0,
    exclude_artist: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Not this one; may be repeated.")
    ] = None,
    random_state: Annotated[
        int | None, seed_option("Draw another list by chance, the same for the same number.")
    ] = None,
    output: Annotated[
        list[Path] | None,
        typer.Option("--output", "-o", help="A file: .m3u8, .jspf, .csv or .txt; may be repeated."),
    ] = None,
    with_seeds: Annotated[
        bool, typer.Option("--with-seeds", help="Begin the files with the songs given.")
    ] = False,
    state: State = DEFAULT_STATE,
    workers: Workers = DEFAULT_WORKERS,
) -> None:
    """Make a playlist that goes with songs, and say why each song is in it.

    model generate "Radiohead - Creep" "Portishead - Roads" -n 30 -o list.m3u8

    The first time, the state is made ready, which takes minutes for a million playlists; from then
    on an answer takes a second or two.
    """
    from model.library.songs import Library
    from model.making.files import check_outputs
    from model.making.job import generate, settled

    check_outputs(output or [], state)  # Before minutes are spent on what cannot be written.
    title = title.strip()
    method = _method(state, recommender, has_songs=bool(songs or uri))
    _check_wish(context, method, has_songs=bool(songs or uri), title=title)
    wish = Wish(
        seeds=(),
        n=n,
        title=title,
        method=method,
        share=share,
        diversity=diversity,
        popularity=popularity,
        excluded_artists=tuple(exclude_artist or ()),
        random_state=random_state,
    )
    shelf = _shelf(state, workers)
    library = Library.open(shelf)
    # Before minutes are spent on a fit: a song may be misspelt.
    wish = settled(library, songs or [], uri or [], wish, say=_note)
    generate(
        library,
        wish,
        outputs=output or [],
        with_seeds=with_seeds,
        say=_note,
        recommend=_chooser(state, shelf, method).recommend,
    )


@app.command()
def serve(
    port: Annotated[
        int, whole_option(low=0, high=65535, help="Of 127.0.0.1; 0 picks a free one.")
    ] = 8642,
    recommender: Recommender = None,
    state: State = DEFAULT_STATE,
    workers: Workers = DEFAULT_WORKERS,
) -> None:
    """Make playlists in a web page of this machine, which no other can reach.

    Prints the page's address, and serves it until Ctrl-C. The report of `model report` is a tab
    of it.
    """
    from model.library.songs import Library
    from model.making.measured import default_method
    from model.serving.server import listen, serve

    # First of all: nobody wants to wait for a shelf to be told that the port is in use.
    with listen(port) as listener:
        method = _method(state, recommender, has_songs=True)
        # Who asks for a recommender gets no other one behind his back.
        by_title = default_method(state, has_songs=False) if recommender is None else method
        shelf = _shelf(state, workers)
        chooser = _chooser(state, shelf, method, by_title=by_title)
        serve(Library.open(shelf), state, chooser, listener=listener, say=_say_at_once)


def _check_wish(context: typer.Context, method: str, *, has_songs: bool, title: str) -> None:
    """Refuse what a method has nothing to go by for, or does not read; note a title it ignores."""
    if is_typed(context, "share") and method != DEFAULT_METHOD:
        msg = (
            f"--share is of --recommender {DEFAULT_METHOD} alone, and {method} makes this list: "
            f"name {DEFAULT_METHOD}, or leave --share out"
        )
        raise InputError(msg)
    check_sense(method, has_songs=has_songs, has_title=bool(title))
    if title and not reads_titles(method):
        _note(f"{method} reads no titles; the title only names the list")


def _method(state: Path, wanted: str | None, *, has_songs: bool) -> str:
    """Name who is to give answers; refuse one that there is not."""
    from model.making.measured import fitted_name

    method = wanted if wanted is not None else _default(state, has_songs=has_songs)
    name = fitted_name(method)
    if name is not None:
        from model.recommenders.registry import make_recommender

        make_recommender(name)  # there is none of this name: said before anything is made
    return method


def _default(state: Path, *, has_songs: bool) -> str:
    """Name the default, and say how it came about where that may surprise."""
    from model.making.measured import (
        best_measured,
        default_method,
        fitted_name,
        passed_over,
        was_of_other_tables,
    )

    method = default_method(state, has_songs=has_songs)
    for line in passed_over(state, method):
        _note(line)
    best = best_measured(state)
    if best is not None and method != DEFAULT_METHOD:
        quicker = "; --recommender blend is quicker" if fitted_name(method) is not None else ""
        _note(f"{best.words}, recommends{quicker}")
        if was_of_other_tables(state):
            _note("that comparison was of other tables than the state holds now; run it again")
    return method


def _chooser(
    state: Path, shelf: "Shelf", method: str, *, by_title: str = DEFAULT_METHOD
) -> "Chooser":
    """Make ready who is to give answers: what is not looked up is fitted."""
    from model.making.measured import fitted_name
    from model.making.playlist import Chooser

    name = fitted_name(method)
    if name is None:
        return Chooser(method, by_title=by_title)
    from model.making.fitted import open_fitted
    from model.stages.fitted import make_fitted

    fitted = make_fitted(state, shelf, name, say=progress())
    return Chooser(method, open_fitted(fitted.folder), by_title)


def _shelf(state: Path, workers: int) -> "Shelf":
    """Find the artifacts that answers are given from; make them where they are not there."""
    from model.library.recipes import find_shelf

    shelf = find_shelf(state)
    if shelf is None:
        # Imported here, since an answer cannot wait for pandas and a compiler.
        from model.stages.library import make_shelf

        shelf = make_shelf(state, say=progress(), workers=workers)
    if not shelf.is_current:
        _note("a harvester is at work: audio features and tags are as of the last time")
    return shelf


def _note(line: str) -> None:
    print(f"model: {line}", file=sys.stderr)


def _say_at_once(line: str) -> None:
    print(line, flush=True)
