"""Which songs of a corpus last.fm calls similar."""

from dataclasses import asdict
from pathlib import Path

import msgspec
from scipy.sparse import csr_array

from model.inputs.track_similars import NameKind, SimilarCoverage, TrackSimilars, track_similars
from model.ragged import Ragged
from model.stages.corpus import open_corpus
from model.stages.workspace import Workspace
from model.storage.arrays import save_arrays
from model.storage.artifacts import Artifact
from model.storage.recipes import Plain
from model.tables import read_tracks


def make_similars(workspace: Workspace, corpus: Artifact) -> Artifact:
    """Find the similar songs that last.fm names among those of the corpus; of no playlist.

    Published, a song is its clean title, and so they are found by title alone; else by artist and
    title.

    Raises
    ------
    NotHarvested
        If there are none; the message names the commands that fetch them.
    """
    settings = workspace.settings
    by: NameKind = "title" if settings.protocol == "published" else "artist_title"

    def build(folder: Path) -> dict[str, Plain]:
        tracks, artists = read_tracks(workspace.state)
        songs = open_corpus(corpus).track_ids
        found = track_similars(
            workspace.state, tracks, artists, songs=songs, by=by, min_match=settings.min_match
        )
        arrays = {
            "indptr": found.lists.indptr,
            "songs": found.lists.values,
            "scores": found.matches,
        }
        save_arrays(folder, arrays)
        return asdict(found.coverage)

    return workspace.make(
        "similars",
        build,
        label=f"{settings.protocol}-{settings.min_match:g}",
        parameters={"protocol": settings.protocol, "by": by, "min_match": settings.min_match},
        inputs={"corpus": corpus.content} | workspace.harvested(),
    )


def open_similars(artifact: Artifact) -> TrackSimilars:
    """Map the similar songs of each song into memory; songs go by their number in the corpus."""
    lists = Ragged(artifact.array("indptr"), artifact.array("songs"))
    coverage = msgspec.convert(artifact.manifest.summary, SimilarCoverage)
    return TrackSimilars(lists, artifact.array("scores"), coverage)


def open_matches(artifact: Artifact) -> csr_array:
    """Map how similar two songs are into memory, shape (n_songs, n_songs)."""
    indptr, songs, scores = (artifact.array(name) for name in ("indptr", "songs", "scores"))
    return csr_array((scores, songs, indptr), shape=(len(indptr) - 1, len(indptr) - 1))
