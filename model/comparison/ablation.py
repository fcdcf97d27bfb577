"""Sources that recommenders learn from, and training without one of them."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from model.errors import InputError
from model.recommenders.base import Training


def leave_out(train: Training, source: str | None) -> Training:
    """Give the same playlists without what a source says, as if it had never been gathered.

    Parameters
    ----------
    train : Training
    source : str or None
        One of `SOURCES`; None leaves out nothing.

    Raises
    ------
    InputError
        If there is no such source.
    """
    if source is None:
        return train
    if source not in _WITHOUT:
        msg = f"no source {source!r}; there are {', '.join(SOURCES)}"
        raise InputError(msg)
    return _WITHOUT[source](train)


def is_known(train: Training, source: str) -> bool:
    """Say whether a source knows anything that could be left out."""
    if source in {"tags", "similars"}:
        said = getattr(train, source)
        return said is not None and said.nnz > 0
    if source == "audio":
        return bool(np.isfinite(train.songs).any())
    if source == "titles":
        return any(train.names) or any(train.titles or ())
    return getattr(train, source) is not None


def _without_tags(train: Training) -> Training:
    return replace(train, tags=None)


def _without_similars(train: Training) -> Training:
    return replace(train, similars=None)


def _without_audio(train: Training) -> Training:
    return replace(train, songs=np.full_like(train.songs, np.nan))


def _without_titles(train: Training) -> Training:
    nothing = [""] * len(train.names)
    return replace(train, names=nothing, titles=nothing)


def _without_artists(train: Training) -> Training:
    """Let each song have an artist of its own, whose name nobody knows."""
    numbers, names = np.arange(train.n_songs), [""] * train.n_songs
    return replace(train, artists=numbers, artist_names=names)


def _without_albums(train: Training) -> Training:
    numbers, names = np.arange(train.n_songs), [""] * train.n_songs
    return replace(train, albums=numbers, album_names=names)


_WITHOUT: dict[str, Callable[[Training], Training]] = {
    "tags": _without_tags,
    "similars": _without_similars,
    "audio": _without_audio,
    "titles": _without_titles,
    "artists": _without_artists,
    "albums": _without_albums,
}

SOURCES = tuple(_WITHOUT)
"""What may be left out: what was harvested first, then what the dataset itself says."""
