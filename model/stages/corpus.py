"""The playlists and songs that a protocol works on."""

from dataclasses import asdict
from pathlib import Path

import msgspec

from model.amounts import amount
from model.corpus import Corpus, Unused, read_corpus
from model.errors import InputError, NotHarvested
from model.ragged import Ragged
from model.settings import Protocol
from model.stages.workspace import Workspace
from model.storage.arrays import save_arrays
from model.storage.artifacts import Artifact
from model.storage.freshness import LASTFM, MSD
from model.storage.recipes import Plain
from model.tables import Tables, read_tables

_ARRAYS = (
    "playlist_ids",
    "num_followers",
    "num_tracks",
    "num_albums",
    "track_ids",
    "songs",
    "artists",
)
_TEXTS = ("titles", "artist_names", "album_names")
"""Read in some protocols alone."""


def make_corpus(workspace: Workspace) -> Artifact:
    """Select and number what the protocol uses of the tables."""
    protocol = workspace.settings.protocol

    def build(folder: Path) -> dict[str, Plain]:
        tables = _read(workspace.state, protocol)
        corpus = read_corpus(tables, protocol)
        _save(corpus, folder)
        return {
            "n_playlists": len(corpus.playlists),
            "n_entries": len(corpus.playlists.values),
            "n_songs": corpus.n_songs,
            "unused": [asdict(unused) for unused in corpus.unused],
            "n_filled": dict(tables.features.n_filled),
        }

    return workspace.make(
        "corpus",
        build,
        label=protocol,
        parameters={"protocol": protocol},
        inputs=_inputs(workspace),
    )


def _inputs(workspace: Workspace) -> dict[str, str]:
    """Leave last.fm's data out where only recommenders look at it: new tags change no figure."""
    inputs = workspace.harvested()
    if workspace.settings.protocol != "challenge":
        return {name: one for name, one in inputs.items() if name not in (LASTFM, MSD)}
    return inputs


def _read(state: Path, protocol: Protocol) -> Tables:
    """Read the tables; where every playlist counts, audio features may be absent."""
    try:
        return read_tables(state)
    except NotHarvested:
        tables = read_tables(state, need_features=False)
        if protocol == "challenge":
            return tables
        _require_followed(tables)  # Else features are gathered for hours, and are no use.
        raise


def _require_followed(tables: Tables) -> None:
    """Refuse tables of which no playlist would be kept, whatever features its songs had."""
    followers = tables.playlists["num_followers"].to_numpy()
    if ((followers > 1) & (followers < followers.max(initial=0))).any():
        return
    n_own = int((followers < 1).sum())
    unknown = f" ({n_own:,} of unknown followers, as own playlists are)" if n_own else ""
    msg = (
        f"nothing to judge: none of {amount(len(followers), 'playlist')} has more than one "
        f"follower and fewer than the most{unknown}; `model compare` and `model generate` need "
        "neither followers nor audio features"
    )
    raise InputError(msg)


def open_corpus(artifact: Artifact) -> Corpus:
    """Map a corpus into memory."""
    unused = msgspec.convert(artifact.manifest.summary["unused"], list[Unused])
    playlists = _open_lists(artifact, "playlists")
    files = artifact.manifest.files
    return Corpus(
        playlist_ids=artifact.array("playlist_ids"),
        num_followers=artifact.array("num_followers"),
        num_tracks=artifact.array("num_tracks"),
        num_albums=artifact.array("num_albums"),
        track_ids=artifact.array("track_ids"),
        songs=artifact.array("songs"),
        artists=artifact.array("artists"),
        names=_open_texts(artifact, "names"),
        playlists=playlists,
        counted=_open_lists(artifact, "counted") if "counted_values.npy" in files else playlists,
        unused=tuple(unused),
        albums=artifact.array("albums") if "albums.npy" in files else None,
        titles=_open_texts_if_there(artifact, "titles"),
        artist_names=_open_texts_if_there(artifact, "artist_names"),
        album_names=_open_texts_if_there(artifact, "album_names"),
    )


def _save(corpus: Corpus, folder: Path) -> None:
    save_arrays(folder, {name: getattr(corpus, name) for name in _ARRAYS})
    _save_texts(folder, "names", corpus.names)
    _save_lists(folder, "playlists", corpus.playlists)
    if corpus.counted is not corpus.playlists:
        _save_lists(folder, "counted", corpus.counted)
    if corpus.albums is not None:
        save_arrays(folder, {"albums": corpus.albums})
    for name in _TEXTS:
        texts = getattr(corpus, name)
        if texts is not None:
            _save_texts(folder, name, texts)


def _save_texts(folder: Path, name: str, texts: list[str]) -> None:
    (folder / f"{name}.json").write_bytes(msgspec.json.encode(texts))


def _open_texts(artifact: Artifact, name: str) -> list[str]:
    return msgspec.json.decode((artifact.folder / f"{name}.json").read_bytes(), type=list[str])


def _open_texts_if_there(artifact: Artifact, name: str) -> list[str] | None:
    return _open_texts(artifact, name) if f"{name}.json" in artifact.manifest.files else None


def _save_lists(folder: Path, name: str, lists: Ragged) -> None:
    save_arrays(folder, {f"{name}_indptr": lists.indptr, f"{name}_values": lists.values})


def _open_lists(artifact: Artifact, name: str) -> Ragged:
    return Ragged(artifact.array(f"{name}_indptr"), artifact.array(f"{name}_values"))
