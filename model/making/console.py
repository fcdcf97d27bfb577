"""A playlist on a terminal."""

import math

from rich.console import Group, RenderableType
from rich.text import Text

from model.amounts import amount
from model.layout import plain_table
from model.library.songs import Song
from model.making.playlist import Pick, Playlist
from model.making.profile import Profile
from model.making.text import shown

REASONS_SHOWN = 2
_UNITS = {"duration": " s", "loudness": " dB", "tempo": " BPM"}
_SHOWN = (
    *("danceability", "energy", "valence", "acousticness", "instrumentalness", "tempo"),
    *("loudness", "duration"),
)
_MAXIMA = frozenset({"tempo", "loudness"})


def render(playlist: Playlist) -> RenderableType:
    """Lay out the list, and how it compares with playlists like it."""
    table = plain_table("")
    # As text, not as a string, in which brackets would be markup.
    table.title = _heading(playlist)
    table.add_column("", justify="right", no_wrap=True)
    for heading in ("song", "artist", "why"):
        table.add_column(heading, overflow="fold")
    for place, pick in enumerate(playlist.picks, start=1):
        table.add_row(str(place), *_cells(pick))
    blocks: list[RenderableType] = [table]
    comparison = compare(playlist.profile)
    if comparison:
        blocks += [Text(), Text(comparison)]
    return Group(*blocks)


def named(song: Song) -> str:
    """Name a song in a line of text.

    Examples
    --------
    >>> named(Song(0, "Creep", "Radiohead", "", "", 0, 1))
    'Radiohead – Creep'
    """
    return f"{shown(song.artist)} – {shown(song.title)}"


def compare(profile: Profile) -> str:
    """Say how a list compares with similar playlists, in a line; empty where nothing is known."""
    if not profile.is_known:
        return ""
    parts = [
        f"{'highest ' if name in _MAXIMA else ''}{name} {_figure(name, own)} "
        f"({_figure(name, other)})"
        for name, own, other in sorted(profile.named(), key=lambda one: _place(one[0]))
        if name in _SHOWN
    ]
    line = (
        f"beside {amount(profile.n_similar, 'similar playlist')} (their mean): {', '.join(parts)}"
    )
    if math.isnan(profile.followers):
        return line
    return (
        f"{line}; followers predicted {profile.followers:,.0f} (theirs: "
        f"{profile.similar_predicted:,.0f} predicted, {profile.similar_followers:,.0f} in truth, "
        "medians)"
    )


def _heading(playlist: Playlist) -> Text:
    going_with = ", ".join(named(song) for song in playlist.seeds)
    parts = [f"“{shown(playlist.wish.title)}”" if playlist.wish.title else "", going_with]
    return Text(
        f"{amount(len(playlist.picks), 'song')} for {': '.join(part for part in parts if part)}"
    )


def _cells(pick: Pick) -> tuple[Text, Text, Text]:
    why = "; ".join(str(reason) for reason in pick.reasons[:REASONS_SHOWN])
    return Text(shown(pick.song.title)), Text(shown(pick.song.artist)), Text(why, style="dim")


def _place(name: str) -> int:
    return _SHOWN.index(name) if name in _SHOWN else len(_SHOWN)


def _figure(name: str, value: float) -> str:
    if math.isnan(value):
        return "–"
    return f"{value:.0f}{_UNITS[name]}" if name in _UNITS else f"{value:.2f}"
