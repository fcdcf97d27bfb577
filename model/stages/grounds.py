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
from model.stages.split import make_split, open_split
from model.stages.tags import make_tags, open_tags
from model.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Grounds:
    """Artifacts that recommenders learn from; they travel to other processes.

    Parameters
    ----------
    corpus, split : Artifact
    tags : Artifact or None
        None where no tags were gathered.
    """

    corpus: Artifact
    split: Artifact
    tags: Artifact | None

    @classmethod
    def of(cls, workspace: Workspace) -> Self:
        """Run the stages that are missing."""
        corpus = make_corpus(workspace)
        return cls(corpus, make_split(workspace, corpus), tags_if_there(workspace, corpus))

    @property
    def contents(self) -> dict[str, str]:
        """A hash of each artifact's files."""
        known = {"corpus": self.corpus, "split": self.split, "tags": self.tags}
        return {name: one.content for name, one in known.items() if one is not None}

    def open(self) -> "OpenGrounds":
        """Map them into memory."""
        return OpenGrounds(
            open_corpus(self.corpus),
            open_split(self.split),
            None if self.tags is None else open_tags(self.tags).weights,
        )


@dataclass(frozen=True, slots=True)
class OpenGrounds:
    """The same in memory.

    Parameters
    ----------
    corpus : Corpus
    split : Split
    tags : csr_array or None, shape (n_songs, n_tags)
    """

    corpus: Corpus
    split: Split
    tags: csr_array | None

    def training(self, rows: IntArray) -> Training:
        """Give the playlists with these numbers as something to fit on."""
        return training_part(self.corpus, rows, tags=self.tags)


def tags_if_there(workspace: Workspace, corpus: Artifact) -> Artifact | None:
    """Make the tags of songs; None, and a word, where none were gathered."""
    say: Callable[[str], None] = workspace.say
    try:
        return make_tags(workspace, corpus)
    except NotHarvested:
        say("no tags were gathered: recommenders do without")
        return None
