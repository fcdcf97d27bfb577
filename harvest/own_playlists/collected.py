"""What became of the files in which playlists were looked for, and how people are told."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from harvest.amounts import amount
from harvest.errors import InputError
from harvest.manifests import Manifest
from harvest.sources.lists.finding import File, Found
from harvest.sources.lists.m3u import UNPLACED
from harvest.sources.lists.pieces import EMPTY, NOTES
from harvest.sources.mpd import IngestReport

WANTED = (
    "playlists as Exportify's CSV or another with titles and artists, JSPF, XSPF, M3U, PLS, "
    "iTunes' Library.xml, rekordbox's collection, Spotify's account data or the "
    "Million Playlist Dataset"
)

MOST_NAMED = 3

# What one of them is called, what several are, and why they were left out.
_LEFT_OUT = {
    "episodes": ("episode or audiobook", "episodes and audiobooks", ""),
    "removed": ("entry", "entries", ": the track was removed"),
    "nameless": ("entry", "entries", ": without a Spotify track, and without artist and title"),
    UNPLACED: ("`#EXTINF`", "`#EXTINF`s", ": no file or address follows"),
    "rows": ("row of a table", "rows of tables", ": unreadable"),
    "features": ("track's audio features", "tracks' audio features", ": unreadable or impossible"),
    EMPTY: ("playlist", "playlists", ": without a song"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectReport:
    """What was read, and what stands in the tables now.

    Attributes
    ----------
    n_files, n_new, n_read : int
        Files looked at, those of them that were new or had changed, and those of these that hold
        what could be read.
    n_gone : int
        Files that were read before and that their zips hold no more.
    n_playlists : int
        Own playlists in the tables.
    n_duplicates : int
        Of what was read, playlists that were there already.
    n_features : int
        Tracks whose audio features were taken.
    left_out : Counter of str
        See `notes`.
    problems : sequence of (name, reason)
        Files that cannot be read.
    remarks : sequence of (name, remark)
        What is said of files that were read.
    others : sequence of str
        Files of other kinds, in folders and zips.
    tables : Manifest
    dataset : IngestReport or None
        Set where the Million Playlist Dataset was among the input.
    """

    n_files: int
    n_new: int
    n_read: int
    n_gone: int
    n_playlists: int
    n_duplicates: int
    n_features: int
    left_out: Counter[str]
    problems: Sequence[tuple[str, str]]
    remarks: Sequence[tuple[str, str]]
    others: Sequence[str]
    tables: Manifest
    dataset: IngestReport | None = None

    @property
    def is_unchanged(self) -> bool:
        """Whether nothing was new, and nothing gone."""
        is_same = self.dataset is None or self.dataset.is_unchanged
        return is_same and not self.n_new and not self.n_gone

    @property
    def notes(self) -> list[str]:
        """Sentences of files that cannot be read or are odd, and of what was left out."""
        notes = [f"{name}: {reason}" for name, reason in self.problems] + _remarks(self.remarks)
        return notes + _passed_over(self.others) + _left_out(self.left_out)


@dataclass(slots=True)
class Gathered:
    """What became of the files, while they are read."""

    new: Collection[str] = ()
    n_unread: int = 0
    n_gone: int = 0
    n_duplicates: int = 0
    n_features: int = 0
    others: list[str] = field(default_factory=list)
    tallies: Counter[str] = field(default_factory=Counter)
    problems: list[tuple[str, str]] = field(default_factory=list)
    remarks: list[tuple[str, str]] = field(default_factory=list)

    def listen(self, rows: Iterable[Mapping[str, Any]], files: Sequence[File]) -> None:
        """Take what was noted of these files, now or when they were read (see `pieces.FILES`)."""
        names = {file.place: file for file in files}
        for row in rows:
            file = names.get(row["place"])
            if file is None:
                continue
            told = json.loads(row["tallies"])
            self.remarks += [(file.name, remark) for remark in told.pop(NOTES, ())]
            self.tallies.update(told)
            if not row["problem"]:
                continue
            self.n_unread += file.place in self.new
            if row["is_broken"] or file.is_given:
                self.problems.append((file.name, row["problem"]))
            else:
                self.others.append(file.name)

    def nothing_usable(self, found: Found) -> InputError:
        """Return what is raised where nothing of what was found is a playlist with a song."""
        reasons = [f"{name}: {reason}" for name, reason in self.problems] + _remarks(self.remarks)
        reasons += _passed_over(self.others)
        reasons += _left_out(Counter({k: n for k, n in self.tallies.items() if k != EMPTY}))
        reasons = reasons or _left_out(self.tallies)
        seen = amount(len(found.files), "file") if found.files else "no file"
        why = f" ({'; '.join(reasons[:3])}{' …' * (len(reasons) > 3)})" if reasons else ""
        return InputError(f"no playlist with a song in {seen}{why}; give {WANTED}")


def _remarks(remarks: Sequence[tuple[str, str]]) -> list[str]:
    """Say each remark once, with the first few of the files that it is of."""
    names = defaultdict[str, list[str]](list)
    for name, remark in remarks:
        names[remark].append(name)
    return [f"{_named(of)}: {remark}" for remark, of in names.items()]


def _named(names: Sequence[str]) -> str:
    n_more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {n_more:,} more" if n_more > 0 else "")


def _passed_over(names: Sequence[str]) -> list[str]:
    """Name the first few files that hold no playlist, in a sentence if there are any."""
    if not names:
        return []
    named = f"{', '.join(names[:MOST_NAMED])}{' …' * (len(names) > MOST_NAMED)}"
    return [f"{amount(len(names), 'other file')} without a playlist: {named}"]


def _left_out(tallies: Counter[str]) -> list[str]:
    return [
        f"{amount(n, one, many)} left out{why}"
        for kind, (one, many, why) in _LEFT_OUT.items()
        if (n := tallies[kind])
    ]
