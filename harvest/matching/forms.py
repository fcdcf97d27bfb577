"""Names -> the forms in which they are compared, each different name worked on once."""

import shutil
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from harvest.matching.reading import Inputs
from harvest.matching.spelling import canonical
from harvest.sources.part_files import make_parts, read_part, write_part
from harvest.texts.names import clean, plain_artist, plain_title

PIECE_NAMES = 100_000

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

# Words that plain_title takes off of a concert's recording.
_LIVE = frozenset(["live", "vivo", "directo", "direct", "concert", "concierto", "recorded"])
_TEXTS = ("clean", "plain", "canonical")
_SCHEMA = pa.schema([*((name, pa.string()) for name in _TEXTS), ("live", pa.bool_())])


@dataclass(frozen=True, slots=True)
class Side:
    """The names of songs, or of tracks, as numbers; equal forms have equal numbers on both sides.

    Parameters
    ----------
    rows : int
    exact, plain : ndarray of int64, shape (rows,)
        The pair of clean names; the pair of clean names without suffixes.
    artist, title : ndarray of int64, shape (rows,)
        Numbers of the clean plain artist and of the title's canonical spelling, see `Forms`.
    is_live : ndarray of bool, shape (rows,)
        A suffix says that it was recorded at a concert.
    is_unadorned : ndarray of bool, shape (rows,)
        Nothing was to be taken off.
    """

    rows: int
    exact: IntArray
    plain: IntArray
    artist: IntArray
    title: IntArray
    is_live: BoolArray
    is_unadorned: BoolArray

    def between(self, first: int, end: int) -> "Side":
        """Return the rows from the first on, up to the end."""
        columns = {field.name: getattr(self, field.name)[first:end] for field in fields(self)[1:]}
        return Side(rows=end - first, **columns)


@dataclass(frozen=True, slots=True)
class Forms:
    """Both sides, and the texts that their numbers stand for.

    Parameters
    ----------
    songs, tracks : Side
    artists, titles : pa.Array of string
        Texts of `Side.artist` and `Side.title`.
    """

    songs: Side
    tracks: Side
    artists: pa.Array
    titles: pa.Array


def make_forms(inputs: Inputs, scratch: Path, *, workers: int) -> Forms:
    """Bring all names into their forms.

    Parameters
    ----------
    inputs : Inputs
    scratch : Path
        A folder for what the workers hand back; made, and deleted at the end.
    workers : int
        Processes; the outcome does not depend on it.

    Raises
    ------
    Postponed
        A worker was killed.
    """
    names = [
        pa.concat_arrays(inputs.songs[kind].chunks + inputs.tracks[kind].chunks).dictionary_encode()
        for kind in ("artist", "title")
    ]
    pieces = [
        (kind, each.dictionary.slice(at, PIECE_NAMES))
        for kind, each in zip(("artist", "title"), names, strict=True)
        for at in range(0, len(each.dictionary), PIECE_NAMES)
    ]
    scratch.mkdir(parents=True, exist_ok=True)
    try:
        paths = [scratch / f"{at}.part" for at in range(len(pieces))]
        made = list(make_parts(pieces, paths, _make_part, workers=workers))
        tables = [_read(path, piece) for path, piece in zip(made, pieces, strict=True)]
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    n_artists = sum(kind == "artist" for kind, _ in pieces)
    artists, titles = (
        pa.concat_tables([_SCHEMA.empty_table(), *each])
        for each in (tables[:n_artists], tables[n_artists:])
    )
    return _number(inputs.songs.num_rows, names, artists, titles)


def _make_part(piece: tuple[str, pa.Array], path: Path) -> None:
    write_part(path, {"forms": form_names(*piece)})


def _read(path: Path, piece: tuple[str, pa.Array]) -> pa.Table:
    found = read_part(path, ["forms"])
    return found["forms"] if found else form_names(*piece)


def form_names(kind: str, names: pa.Array) -> pa.Table:
    """Bring raw names of one kind, `artist` or `title`, into their forms, row by row.

    Returns
    -------
    pa.Table
        `clean`, `plain` (clean, without suffixes), `canonical`, `live`.
    """
    shorten = plain_title if kind == "title" else plain_artist
    rows = [_forms_of(name, shorten(name)) for name in names.to_pylist()]
    columns = list(zip(*rows, strict=True)) or [(), (), (), ()]
    return pa.table(dict(zip(_SCHEMA.names, columns, strict=True)), schema=_SCHEMA)


def _forms_of(name: str, shortened: str) -> tuple[str, str, str, bool]:
    whole = clean(name)
    plain = whole if shortened is name else clean(shortened)
    return whole, plain, canonical(plain), _says_concert(whole, plain)


def _says_concert(whole: str, plain: str) -> bool:
    """Say whether what was taken off spoke of a concert."""
    if whole == plain:
        return False
    before, after = whole.split(), plain.split()
    return any(before.count(word) > after.count(word) for word in _LIVE)


def _number(
    n_songs: int, names: list[pa.DictionaryArray], artists: pa.Table, titles: pa.Table
) -> Forms:
    of_artist, of_title = (each.indices.to_numpy().astype(np.int64) for each in names)
    artist, title = (_numbers(each) for each in (artists, titles))
    n_titles = len(title.texts)
    has_no_suffix = (artist.clean == artist.plain)[of_artist] & (title.clean == title.plain)[
        of_title
    ]
    both = Side(
        rows=len(of_artist),
        exact=artist.clean[of_artist] * n_titles + title.clean[of_title],
        plain=artist.plain[of_artist] * n_titles + title.plain[of_title],
        artist=artist.plain[of_artist],
        title=title.canonical[of_title],
        is_live=title.is_live[of_title],
        is_unadorned=has_no_suffix,
    )
    songs, tracks = both.between(0, n_songs), both.between(n_songs, both.rows)
    return Forms(songs, tracks, artist.texts, title.texts)


@dataclass(frozen=True, slots=True)
class _Numbers:
    clean: IntArray
    plain: IntArray
    canonical: IntArray
    is_live: BoolArray
    texts: pa.Array


def _numbers(forms: pa.Table) -> _Numbers:
    texts = pa.concat_arrays([forms[name].combine_chunks() for name in _TEXTS])
    encoded = texts.dictionary_encode()
    clean_, plain, spelt = np.split(encoded.indices.to_numpy().astype(np.int64), 3)
    is_live = forms["live"].to_numpy(zero_copy_only=False).astype(bool)
    return _Numbers(clean_, plain, spelt, is_live, encoded.dictionary)
