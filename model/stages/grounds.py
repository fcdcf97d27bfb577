"""What recommenders are fitted on: the whole catalogue, its split, and what is known of songs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from scipy.sparse import csr_array

from model.artifacts import Artifact
from model.corpus import Corpus
from model.errors import NotHarvested
from model.ragged import IntArray
from model.recommenders.base import Training, training_part
from model.split import Split
from model.stages.corpus import make_corpus, open_corpus
from model.stages.similars import make_similars, open_matches
from model.stages.split import make_split, open_split
from model.stages.tags import make_tags, open_tags
from model.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Grounds:
    """Artifacts that recommenders learn from; they travel to other processes.

    Parameters
    ----------
    corpus, split : Artifact
    tags, similars : Artifact or None
        None where none were gathered.
    """

    corpus: Artifact
    split: Artifact
    tags: Artifact | None
    similars: Artifact | None

    @classmethod
    def of(cls, workspace: Workspace) -> Self:
        """Run the stages that are missing."""
        corpus = make_corpus(workspace)
        tags, similars = known_of_songs(workspace, corpus)
        return cls(corpus, make_split(workspace, corpus), tags, similars)

    @property
    def contents(self) -> dict[str, str]:
        """A hash of each artifact's files."""
        known = {name: getattr(self, name) for name in ("corpus", "split", "tags", "similars")}
        return {name: one.content for name, one in known.items() if one is not None}

    def open(self) -> "OpenGrounds":
        """Map them into memory."""
        return OpenGrounds(
            open_corpus(self.corpus),
            open_split(self.split),
            None if self.tags is None else open_tags(self.tags).weights,
            None if self.similars is None else open_matches(self.similars),
        )


@dataclass(frozen=True, slots=True)
class OpenGrounds:
    """The same in memory.

    Parameters
    ----------
    corpus : Corpus
    split : Split
    tags : csr_array or None, shape (n_songs, n_tags)
    similars : csr_array or None, shape (n_songs, n_songs)
    """

    corpus: Corpus
    split: Split
    tags: csr_array | None
    similars: csr_array | None

    def training(self, rows: IntArray) -> Training:
        """Give the playlists with these numbers as something to fit on."""
        return training_part(self.corpus, rows, tags=self.tags, similars=self.similars)


def known_of_songs(
    workspace: Workspace, corpus: Artifact
) -> tuple[Artifact | None, Artifact | None]:
    """Make the tags and the similars of songs; None, and a word, where none were gathered."""
    return _if_there(make_tags, workspace, corpus), _if_there(make_similars, workspace, corpus)


def _if_there(
    make: Callable[[Workspace, Artifact], Artifact], workspace: Workspace, corpus: Artifact
) -> Artifact | None:
    say: Callable[[str], None] = workspace.say
    try:
        return make(workspace, corpus)
    except NotHarvested:
        say(f"no {make.__name__.removeprefix('make_')} were gathered: recommenders do without")
        return None
