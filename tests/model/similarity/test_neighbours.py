from pathlib import Path

import numpy as np
import pytest

from model.errors import StorageError
from model.similarity.neighbours import Neighbours, join


def made(indptr: list[int], songs: list[int]) -> Neighbours:
    counts = np.arange(len(songs), 0, -1, dtype=np.int32)
    scores = counts.astype(np.float32) / 4
    return Neighbours(np.array(indptr), np.array(songs, dtype=np.int32), counts, scores)


@pytest.mark.parametrize("found", [made([0, 2, 2, 3], [5, 6, 7]), made([0, 0], []), made([0], [])])
def test_what_was_saved_is_opened_unchanged(tmp_path: Path, found: Neighbours) -> None:
    found.save(tmp_path)
    opened = Neighbours.open(tmp_path)
    for name in ("indptr", "songs", "counts", "scores"):
        assert getattr(opened, name).dtype == getattr(found, name).dtype
        assert getattr(opened, name).tolist() == getattr(found, name).tolist()


@pytest.mark.parametrize(
    ("name", "array"),
    [("songs", np.zeros(2, np.int32)), ("scores", np.zeros(3)), ("indptr", np.array([0, 4]))],
)
def test_files_that_do_not_belong_together_are_refused(
    tmp_path: Path, name: str, array: np.ndarray
) -> None:
    made([0, 2, 2, 3], [5, 6, 7]).save(tmp_path)
    np.save(tmp_path / f"{name}.npy", array)
    with pytest.raises(StorageError, match="do not belong together"):
        Neighbours.open(tmp_path)


def test_absent_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="indptr"):
        Neighbours.open(tmp_path)


def test_parts_stand_end_to_end() -> None:
    whole = join(iter([made([0, 2], [5, 6]), made([0], []), made([0, 0, 1], [7])]))
    assert whole.indptr.tolist() == [0, 2, 2, 3]
    assert whole.songs.tolist() == [5, 6, 7]
    assert whole.counts.tolist() == [2, 1, 1]
    assert whole.scores.tolist() == [0.5, 0.25, 0.25]


def test_no_parts_are_no_songs() -> None:
    assert join([]).indptr.tolist() == [0]


def test_lists_share_the_memory() -> None:
    found = made([0, 2, 2, 3], [5, 6, 7])
    assert found.lists.values is found.songs
    assert [found.lists[song].tolist() for song in range(3)] == [[5, 6], [], [7]]
