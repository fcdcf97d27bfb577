from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.challenge.catalogue import Catalogue
from model.challenge.challenge_set import Asked, GivenTrack
from model.corpus import Corpus, read_corpus
from model.submissions.answer import seeds_of
from model.submissions.origin import FIRST_OWN_PID, Origin
from model.tables import read_tables
from tests.model.uris import uri

ELSEWHERE = FIRST_OWN_PID + 99


def asked(pid: int, *songs: int, title: str | None = None) -> Asked:
    return Asked(pid, title, tuple(GivenTrack(uri(song)) for song in songs))


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory, made_up: Any) -> Path:
    songs = [made_up.Song(f"Song {row}") for row in range(60)]
    lists = [[5], list(range(10)), list(range(40)), [5, 6, 50]]
    playlists = [made_up.Listed(f"Mix {row}", 2, songs) for row, songs in enumerate(lists)]
    return Path(made_up.write_state(tmp_path_factory.mktemp("state"), playlists, songs))


@pytest.fixture(scope="module")
def corpus(state: Path) -> Corpus:
    return read_corpus(read_tables(state), "challenge")


@pytest.fixture(scope="module")
def dataset(state: Path, corpus: Corpus) -> Catalogue:
    return Catalogue.read(state, corpus.track_ids)


@pytest.fixture(scope="module")
def people(dataset: Catalogue) -> Catalogue:
    """The same, but all playlists are people's own, with pids from 2^40."""
    return replace(dataset, pids=dataset.pids + FIRST_OWN_PID)


def origin(one: Asked, catalogue: Catalogue, corpus: Corpus) -> Origin:
    return Origin.of([one], seeds_of([one], catalogue), catalogue, corpus)


@pytest.mark.parametrize(
    ("one", "own"),
    [
        (asked(1, 0, 3, title="Mix 1"), [1]),
        (asked(1, 0), [1]),
        (asked(1, title="Mix 1"), [1]),
        (asked(1, 0, title="Other"), []),
        (asked(1, 0, 30, title="Mix 1"), []),
        (asked(1, 0, 999), []),
        (asked(77, 0, title="Mix 1"), []),
        (asked(1), []),
    ],
    ids=["all fits", "no title", "title alone", "title", "seed", "unknown seed", "pid", "nothing"],
)
def test_a_playlist_of_the_dataset_is_known_by_pid_title_and_seeds(
    one: Asked, own: list[int], dataset: Catalogue, corpus: Corpus
) -> None:
    found = origin(one, dataset, corpus)
    assert found.own.tolist() == own
    assert not found.changed.size
    assert found.is_foreign == (not own)


def test_an_own_playlist_that_is_as_it_was_is_known_by_its_pid(
    people: Catalogue, corpus: Corpus
) -> None:
    found = origin(asked(FIRST_OWN_PID + 2, title="Mix 2"), people, corpus)
    assert (found.own.tolist(), found.changed.tolist(), found.n_lost) == ([2], [], 0)


@pytest.mark.parametrize(
    ("one", "changed"),
    [
        (asked(ELSEWHERE, 5, title="Mix 3"), [3]),
        (asked(ELSEWHERE, 5, title="Other"), []),
        (asked(ELSEWHERE, title="Mix 0"), [0]),
        (asked(ELSEWHERE, 20, 21, 22, 23, 24, title="Renamed since"), [2]),
        (asked(ELSEWHERE, 20, 21, 22, 57, 58), [2]),
        (asked(ELSEWHERE, 20, 21, 57, 58, 59), []),
        (asked(ELSEWHERE, 0, 1, 2, 3, 4, title="Mix 1"), [1, 2]),
    ],
    ids=["one seed", "no title", "no seed", "renamed", "tracks gone", "others", "alike"],
)
def test_an_own_playlist_that_has_changed_is_known_by_what_is_left_of_it(
    one: Asked, changed: list[int], people: Catalogue, corpus: Corpus
) -> None:
    found = origin(one, people, corpus)
    assert (found.own.tolist(), found.changed.tolist(), found.n_lost) == ([], changed, 1)
    assert found.without(np.arange(4)).tolist() == [row for row in range(4) if row not in changed]


def test_playlists_of_the_dataset_are_nobodys_later_form(
    dataset: Catalogue, corpus: Corpus
) -> None:
    found = origin(asked(ELSEWHERE, 20, 21, 22, 23, 24), dataset, corpus)
    assert not found.changed.size


def test_what_is_found_again_is_not_counted_among_the_changed(
    people: Catalogue, corpus: Corpus
) -> None:
    both = [asked(FIRST_OWN_PID + 1, 0), asked(ELSEWHERE, 0, 1, 2, 3, 4)]
    found = Origin.of(both, seeds_of(both, people), people, corpus)
    assert (found.own.tolist(), found.changed.tolist()) == ([1], [2])


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Origin(np.array([1]), np.array([], dtype=np.int64), 0), [["1 of the playlists are"]]),
        (
            Origin(np.array([1]), np.array([4]), 2),
            [["2 playlists of the set are", "1 own"], ["1 of"]],
        ),
        (Origin(np.array([], dtype=np.int64), np.array([], dtype=np.int64), 3), []),
    ],
    ids=["all there", "some changed", "somebody else's"],
)
def test_what_is_not_learnt_from_is_said(found: Origin, said: list[list[str]]) -> None:
    lines = list(found.notes())
    assert len(lines) == len(said)
    assert all(word in line for line, words in zip(lines, said, strict=True) for word in words)
