"""A few playlists with the songs that the study's generator makes up for them, by name."""

from dataclasses import asdict, dataclass

import numpy as np

from model.corpus import Corpus
from model.protocols import holdout
from model.protocols.judging import Case, open_learnt
from model.ragged import IntArray, Ragged, SongArray
from model.recommenders.base import training_part
from model.stages.corpus import open_corpus
from model.stages.split import open_split
from model.stages.workspace import Workspace
from model.tables import read_tracks

N_EXAMPLES = 6
MOST_SONGS = 20
"""Of a list that are named."""


@dataclass(frozen=True, slots=True)
class NamedSong:
    """A song, and whether it stands in the other list too."""

    title: str
    artist: str
    is_hit: bool


@dataclass(frozen=True, slots=True)
class Example:
    """A playlist that is held out: what was given, what was made, and what it really holds.

    Parameters
    ----------
    name : str
        Clean.
    followers : int
    seeds, made, true : list of NamedSong
        At most `MOST_SONGS` each.
    """

    name: str
    followers: int
    seeds: list[NamedSong]
    made: list[NamedSong]
    true: list[NamedSong]


def make_examples(workspace: Workspace, case: Case, *, n: int = N_EXAMPLES) -> list[Example]:
    """Draw playlists of the part that was judged, and make up songs for them once more.

    What a playlist is given depends on its seeds and the settings alone: these are the lists that
    the figures are of.

    Parameters
    ----------
    workspace : Workspace
    case : Case
        Of the holdout protocol.
    n : int
        How many.
    """
    corpus, split = open_corpus(case.materials.corpus), open_split(case.materials.split)
    rows = split.part(case.settings.parts[-1])
    long_enough = rows[corpus.playlists.take(rows).distinct().lengths > case.settings.n_seeds]
    rng = np.random.default_rng(case.settings.random_state)
    chosen = np.sort(rng.choice(long_enough, min(n, len(long_enough)), replace=False))
    learnt = open_learnt(case, split)
    fitted = holdout.fit_all(training_part(corpus, split.train), case.settings, learnt)
    truth, seeds = holdout.hide_songs(corpus, chosen, learnt.scaler, n_seeds=case.settings.n_seeds)
    made, _ = fitted.recommenders["nucleus"].recommend(seeds, n=truth.songs.lengths)
    return _named(workspace, corpus, chosen, seeds=seeds, made=made, true=truth.songs)


def plain_examples(examples: list[Example], case: Case) -> dict[str, object]:
    """Put examples into plain values, with the settings that they were made by."""
    return {"settings": asdict(case.settings), "examples": [asdict(one) for one in examples]}


def _named(
    workspace: Workspace,
    corpus: Corpus,
    chosen: IntArray,
    *,
    seeds: Ragged,
    made: Ragged,
    true: Ragged,
) -> list[Example]:
    songs = np.unique(np.concatenate([seeds.values, made.values, true.values]))
    names = _names_of(workspace, corpus, songs)
    return [
        Example(
            name=corpus.names[row],
            followers=int(corpus.num_followers[row]),
            seeds=_beside(names, seeds[place], seeds[place]),
            made=_beside(names, made[place], true[place]),
            true=_beside(names, true[place], made[place]),
        )
        for place, row in enumerate(chosen.tolist())
    ]


def _names_of(workspace: Workspace, corpus: Corpus, songs: SongArray) -> dict[int, tuple[str, str]]:
    """Look up title and artist of each song."""
    tracks, artists = read_tracks(workspace.state)
    own = tracks.iloc[corpus.track_ids[songs]]
    singers = artists["artist_name"].iloc[own["artist_id"]]
    named = zip(songs.tolist(), own["track_name"], singers, strict=True)
    return {song: (str(title or ""), str(singer or "")) for song, title, singer in named}


def _beside(
    names: dict[int, tuple[str, str]], songs: SongArray, others: SongArray
) -> list[NamedSong]:
    """Name the first songs of a list, and mark those of the other one."""
    hits = set(others.tolist())
    return [NamedSong(*names[song], song in hits) for song in songs[:MOST_SONGS].tolist()]
