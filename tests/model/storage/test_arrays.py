import errno
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from model.errors import StorageError
from model.storage.arrays import check_shapes, open_array, open_arrays, save_arrays


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Let the system take no more bytes of a file, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize(
    "array", [np.arange(6, dtype=np.int32).reshape(2, 3), np.empty((0, 3)), np.array([True])]
)
def test_what_is_opened_is_what_was_saved(tmp_path: Path, array: np.ndarray) -> None:
    save_arrays(tmp_path, {"one": array})
    opened = open_array(tmp_path / "one.npy")
    assert opened.dtype == array.dtype
    np.testing.assert_array_equal(opened, array)


def test_what_finds_no_room_is_refused_with_the_reason(tmp_path: Path) -> None:
    with files_of_at_most(4096), pytest.raises(OSError, match="File too large") as refused:
        save_arrays(tmp_path, {"one": np.zeros(100_000)})
    assert refused.value.errno == errno.EFBIG


def test_an_array_in_any_order_is_saved_as_numpy_saves_it(tmp_path: Path) -> None:
    for array in (np.zeros((3, 2), order="F"), np.arange(9)[::2], np.array(7)):
        np.save(tmp_path / "own.npy", array)
        save_arrays(tmp_path, {"one": array})
        assert (tmp_path / "one.npy").read_bytes() == (tmp_path / "own.npy").read_bytes()


def test_several_are_opened_by_their_names(tmp_path: Path) -> None:
    made = {"a": np.arange(3, dtype=np.int32), "none": np.empty(0, dtype=np.float32)}
    save_arrays(tmp_path, made | {"other": np.zeros(1)})
    opened = open_arrays(tmp_path, ["a", "none"])
    assert {name: (array.dtype, array.tolist()) for name, array in opened.items()} == {
        name: (array.dtype, array.tolist()) for name, array in made.items()
    }


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"one\.npy"):
        open_arrays(tmp_path, ["one"])


@pytest.mark.parametrize("length", [0, 40, 130])
def test_a_file_that_was_cut_short_is_refused(tmp_path: Path, length: int) -> None:
    save_arrays(tmp_path, {"a": np.arange(3)})
    path = tmp_path / "a.npy"
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(StorageError, match="is damaged"):
        open_arrays(tmp_path, ["a"])


def test_arrays_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    check_shapes(tmp_path, is_whole=True)
    with pytest.raises(StorageError, match="do not belong together; run the same again"):
        check_shapes(tmp_path, is_whole=False)


def test_writing_into_an_opened_array_leaves_the_file_alone(tmp_path: Path) -> None:
    save_arrays(tmp_path, {"one": np.zeros(3)})
    open_array(tmp_path / "one.npy")[0] = 7
    assert open_array(tmp_path / "one.npy").tolist() == [0, 0, 0]


def test_a_pickle_is_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "bad.npy", np.array([{}], dtype=object), allow_pickle=True)
    with pytest.raises(StorageError, match="holds no array"):
        open_array(tmp_path / "bad.npy")


@pytest.mark.parametrize("content", [b"", b"garbage" * 100, b"\x93NUMPY\x01\x00"])
def test_garbage_is_refused_in_words_of_our_own(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.npy").write_bytes(content)
    with pytest.raises(StorageError, match=r"bad\.npy is damaged.*made anew") as caught:
        open_array(tmp_path / "bad.npy")
    assert "pickle" not in str(caught.value)
