"""What recommenders learn from: the whole catalogue, what is known of its songs, and the split."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from scipy.sparse import csr_array

from model.corpus import Corpus
from model.errors import NotHarvested
from model.inputs import lastfm_tables, msd_tables
from model.ragged import IntArray
from model.recommenders.base import Training, training_part
from model.split import Split
from model.stages.corpus import make_corpus, open_corpus
from model.stages.similars import make_similars, open_matches
from model.stages.split import make_split, open_split
from model.stages.tags import make_tags, open_tags
from model.stages.workspace import Workspace
from model.storage.artifacts import Artifact


@dataclass(frozen=True, slots=True)
class Songs:
    """Artifacts of all playlists, nothing held out, and of what is known of their songs.

    Parameters
    ----------
    corpus : Artifact
    tags, similars : Artifact or None
        None where none were gathered.
    """

    corpus: Artifact
    tags: Artifact | None
    similars: Artifact | None

    @classmethod
    def of(cls, workspace: Workspace) -> Self:
        """Run the stages that are missing."""
        corpus = make_corpus(workspace)
        tags = _if_gathered("tags", "lastfm_tag", make_tags, workspace, corpus)
        similars = _if_gathered("similars", "lastfm_similar", make_similars, workspace, corpus)
        return cls(corpus, tags, similars)

    @property
    def contents(self) -> dict[str, str]:
        """A hash of each artifact's files."""
        known = {"corpus": self.corpus, "tags": self.tags, "similars": self.similars}
        return {name: one.content for name, one in known.items() if one is not None}

    def open(self) -> "OpenSongs":
        """Map them into memory."""
        return OpenSongs(
            open_corpus(self.corpus),
            None if self.tags is None else open_tags(self.tags).weights,
            None if self.similars is None else open_matches(self.similars),
        )


@dataclass(frozen=True, slots=True)
class OpenSongs:
    """The same in memory.

    Parameters
    ----------
    corpus : Corpus
    tags : csr_array or None, shape (n_songs, n_tags)
    similars : csr_array or None, shape (n_songs, n_songs)
    """

    corpus: Corpus
    tags: csr_array | None
    similars: csr_array | None

    def training(self, rows: IntArray) -> Training:
        """Give the playlists with these numbers as something to fit on."""
        return training_part(self.corpus, rows, tags=self.tags, similars=self.similars)


@dataclass(frozen=True, slots=True)
class Grounds:
    """Artifacts that recommenders learn from and are judged by; they travel to other processes.

    Parameters
    ----------
    songs : Songs
    split : Artifact
    """

    songs: Songs
    split: Artifact

    @classmethod
    def of(cls, workspace: Workspace) -> Self:
        """Run the stages that are missing."""
        songs = Songs.of(workspace)
        return cls(songs, make_split(workspace, songs.corpus))

    @property
    def contents(self) -> dict[str, str]:
        """A hash of each artifact's files."""
        return self.songs.contents | {"split": self.split.content}

    def open(self) -> "OpenGrounds":
        """Map them into memory."""
        return OpenGrounds(self.songs.open(), open_split(self.split))


@dataclass(frozen=True, slots=True)
class OpenGrounds:
    """The same in memory.

    Parameters
    ----------
    songs : OpenSongs
    split : Split
    """

    songs: OpenSongs
    split: Split

    @property
    def corpus(self) -> Corpus:
        """All playlists."""
        return self.songs.corpus

    def training(self, rows: IntArray) -> Training:
        """Give the playlists with these numbers as something to fit on."""
        return self.songs.training(rows)


def _if_gathered(
    what: str,
    table: str,
    make: Callable[[Workspace, Artifact], Artifact],
    workspace: Workspace,
    corpus: Artifact,
) -> Artifact | None:
    """Make the artifact; where there is nothing, say so, which takes no right to write."""
    state = workspace.state
    if lastfm_tables.has_rows(state / "harvest.db", table) or not msd_tables.why_absent(state):
        try:
            return make(workspace, corpus)
        except NotHarvested:
            pass
    workspace.say(f"no {what} were gathered: recommenders do without")
    return None
