from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
import pytest

from model.challenge.catalogue import Catalogue
from model.challenge.challenge_set import Asked, GivenTrack
from model.corpus import Corpus, read_corpus
from model.errors import InputError
from model.ragged import FloatArray, IntArray, Ragged
from model.recommenders.base import Training, training_part
from model.submissions.answer import CHUNK, Filler, answer, seed_sets, seeds_of
from model.tables import read_tables
from tests.model.uris import uri

N_SONGS = 620
LOCAL = 7
"""A song whose URI is no Spotify track's."""


class Reversed:
    """Recommend songs from the last to the first, at most as many as it is told."""

    fitted_on_: IntArray

    def __init__(self, most: int = 500) -> None:
        self.most = most
        self.titles: list[str] = []

    def fit(self, train: Training) -> Self:
        return self

    def recommend(
        self, seeds: Ragged, *, n: IntArray | int, title: Sequence[str] | None = None
    ) -> tuple[Ragged, FloatArray]:
        self.titles += list(title or [])
        ranked = np.arange(N_SONGS)[::-1]
        rows = [ranked[~np.isin(ranked, seeds[row])][: self.most] for row in range(len(seeds))]
        songs = Ragged.of(rows)
        return songs, np.zeros(len(songs.values))


def quiet(_: str) -> None:
    pass


def asked(pid: int, *uris: str, title: str | None = None) -> Asked:
    return Asked(pid, title, tuple(GivenTrack(uri) for uri in uris))


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory, made_up: Any) -> Path:
    songs = [made_up.Song(f"Song {row}") for row in range(N_SONGS)]
    # Song 5 is in three playlists, songs 0 to 9 in two, and so on; songs from 300 in none.
    lists = [[5], list(range(10)), list(range(300)), [5, 6]]
    playlists = [made_up.Listed(f"Mix {row}", 2, songs) for row, songs in enumerate(lists)]
    return Path(made_up.write_state(tmp_path_factory.mktemp("state"), playlists, songs))


@pytest.fixture(scope="module")
def corpus(state: Path) -> Corpus:
    return read_corpus(read_tables(state), "challenge")


@pytest.fixture
def catalogue(state: Path, corpus: Corpus) -> Catalogue:
    names = Catalogue.read(state, corpus.track_ids)
    names.uris[LOCAL] = "spotify:local:mine"
    return names


@pytest.fixture
def filler(catalogue: Catalogue, corpus: Corpus) -> Filler:
    return Filler.of(catalogue, training_part(corpus, np.arange(4)))


def test_seeds_that_nobody_knows_are_left_out_but_never_recommended(
    catalogue: Catalogue, filler: Filler
) -> None:
    unknown = "spotify:track:" + "x" * 22
    lists = [asked(3, uri(4), unknown, uri(2)), asked(8, unknown), asked(9)]
    seeds = seeds_of(lists, catalogue)
    assert [seeds[row].tolist() for row in range(3)] == [[4, 2], [], []]
    assert seed_sets(lists)[3] == {uri(4), unknown, uri(2)}


def test_a_list_that_is_too_short_is_filled_with_popular_songs(
    catalogue: Catalogue, filler: Filler
) -> None:
    lists = [asked(3, uri(5))]
    rows = dict(
        answer(lists, seeds_of(lists, catalogue), Reversed(2), filler, catalogue, say=quiet)
    )
    # Song 5 is a seed; then song 6 of three playlists, those of two, those of one, those of none.
    assert rows[3][:4] == [uri(619), uri(618), uri(6), uri(0)]
    assert len(rows[3]) == len(set(rows[3])) == 500


def test_songs_that_no_submission_may_name_are_replaced(
    catalogue: Catalogue, filler: Filler
) -> None:
    lists = [asked(3, *map(uri, range(610, 620)), *map(uri, range(8)))]
    seeds = Ragged.of([list(range(100, 200))])
    rows = dict(answer(lists, seeds, Reversed(), filler, catalogue, say=quiet))
    assert "spotify:local:mine" not in rows[3]
    assert len(set(rows[3])) == 500


def test_titles_are_handed_on_as_they_are_and_empty_where_there_is_none(
    catalogue: Catalogue, filler: Filler
) -> None:
    lists, recommender = [asked(1, title="Road Trip!"), asked(2)], Reversed()
    list(answer(lists, seeds_of(lists, catalogue), recommender, filler, catalogue, say=quiet))
    assert recommender.titles == ["Road Trip!", ""]


def test_too_small_a_catalogue_is_said_with_the_playlist_and_the_counts(
    catalogue: Catalogue, filler: Filler
) -> None:
    lists = [asked(1), asked(2, *map(uri, range(130)))]
    # Song 7 is not to be named: of 620 songs 619 are left, less the 129 seeds that could be.
    words = "only 490 of 620 tracks have a Spotify URI and are no seeds of pid 2"
    with pytest.raises(InputError, match=words):
        filler.check(lists, seeds_of(lists, catalogue))
    filler.check(lists[:1], seeds_of(lists[:1], catalogue))


def test_progress_is_said_after_each_chunk(catalogue: Catalogue, filler: Filler) -> None:
    lists, said = [asked(pid) for pid in range(CHUNK + 1)], list[str]()
    seeds = seeds_of(lists, catalogue)
    pids = [pid for pid, _ in answer(lists, seeds, Reversed(), filler, catalogue, say=said.append)]
    assert pids == list(range(CHUNK + 1))
    assert said == ["1,000 of 1,001 playlists", "1,001 of 1,001 playlists"]
