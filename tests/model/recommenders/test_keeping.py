"""What is kept is read back whole, and a file from elsewhere runs nothing."""

import os
import pickle
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array

from model.errors import StorageError
from model.ragged import Ragged
from model.recommenders.base import Training
from model.recommenders.keeping import FILE_NAME, keep_recommender, open_recommender
from model.recommenders.ranker import Ranker
from model.recommenders.ranking.second_stage import SecondStage
from model.recommenders.registry import NAMES, make_recommender


def made_up() -> Training:
    """Sixty playlists of two tastes, with all that can be known of songs."""
    rng = np.random.default_rng(3)
    lists = [rng.permutation(30)[:15] + 30 * (row % 2) for row in range(60)]
    return Training(
        playlist_ids=np.arange(60),
        names=["mix", "road trip"] * 30,
        num_followers=np.arange(60) + 1,
        playlists=Ragged.of(lists),
        songs=rng.random((60, 12)),
        artists=np.arange(60) // 5,
        albums=np.arange(60) // 3,
        titles=["Mix!", "Road Trip"] * 30,
        artist_names=[f"artist {number}" for number in range(12)],
        album_names=[f"album {number}" for number in range(20)],
        tags=csr_array(rng.random((60, 4)) * (rng.random((60, 4)) < 0.4)),
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_kept_recommender_answers_as_before(name: str, tmp_path: Path) -> None:
    recommender = make_recommender(name)
    if isinstance(recommender, Ranker):
        recommender.second_stage = SecondStage(n_trees=3, min_leaf=5)
    fitted = recommender.fit(made_up())
    keep_recommender(fitted, tmp_path)
    kept = open_recommender(tmp_path)
    seeds, titles = Ragged.of([[1, 2], [40]]), ["mix", ""]
    (songs, scores), (same, level) = (
        one.recommend(seeds, n=20, title=titles) for one in (fitted, kept)
    )
    assert songs.values.tolist() == same.values.tolist()
    assert scores.tolist() == level.tolist()


class Trap:
    """Names a function of somebody else when it is read back."""

    def __init__(self, called: object, *arguments: object) -> None:
        self.called, self.arguments = called, arguments

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return self.called, self.arguments


def test_a_file_from_elsewhere_runs_nothing(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    for called, argument in ((os.mkdir, str(victim)), (keep_recommender, 1), (print, "x")):
        (tmp_path / FILE_NAME).write_bytes(pickle.dumps(Trap(called, argument)))
        with pytest.raises(StorageError, match="which no recommender is made of"):
            open_recommender(tmp_path)
    assert not victim.exists()


def test_names_behind_dots_lead_nowhere(tmp_path: Path) -> None:
    # Protocol 4 lets a name walk on from a module to what that has imported.
    content = b"\x80\x04\x8c\x1cmodel.recommenders.threads\x94\x8c\x07os.name\x94\x93\x94."
    content = content.replace(b"\x8c\x1c", bytes([0x8C, len("model.recommenders.threads")]))
    (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises(StorageError, match=r"threads\.os\.name"):
        open_recommender(tmp_path)


def test_a_changed_byte_is_a_damage_or_changes_nothing_that_is_read(tmp_path: Path) -> None:
    keep_recommender(make_recommender("popularity").fit(made_up()), tmp_path)
    whole = (tmp_path / FILE_NAME).read_bytes()
    rng, n_refused = np.random.default_rng(0), 0
    for place in range(min(len(whole), 1_000)):
        changed = bytearray(whole)
        changed[place] = rng.integers(256)
        (tmp_path / FILE_NAME).write_bytes(changed)
        try:
            open_recommender(tmp_path)
        except StorageError:
            n_refused += 1
    assert n_refused > 100


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\x80\x05"])
def test_a_damaged_file_says_what_to_do(content: bytes, tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises(StorageError, match="delete its folder"):
        open_recommender(tmp_path)
