from pathlib import Path

import numpy as np
import pytest

from model.errors import InputError
from model.similarity.array_files import check_shapes, map_arrays, save_arrays


def test_what_was_saved_is_mapped_unchanged(tmp_path: Path) -> None:
    made = {"a": np.arange(3, dtype=np.int32), "none": np.empty(0, dtype=np.float32)}
    save_arrays(tmp_path, made)
    for name, array in map_arrays(tmp_path, ["a", "none"]).items():
        assert array.dtype == made[name].dtype
        assert array.tolist() == made[name].tolist()


@pytest.mark.parametrize("length", [0, 40, 130])
def test_a_file_that_was_cut_short_is_refused(tmp_path: Path, length: int) -> None:
    save_arrays(tmp_path, {"a": np.arange(3)})
    path = tmp_path / "a.npy"
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(InputError, match="cannot read a from"):
        map_arrays(tmp_path, ["a"])


def test_garbage_is_refused_without_the_advice_to_trust_it(tmp_path: Path) -> None:
    (tmp_path / "a.npy").write_bytes(b"garbage" * 100)
    with pytest.raises(InputError, match="make them again") as caught:
        map_arrays(tmp_path, ["a"])
    assert "pickle" not in str(caught.value)


def test_an_absent_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="make them again"):
        map_arrays(tmp_path, ["a"])


def test_arrays_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    check_shapes(tmp_path, is_whole=True)
    with pytest.raises(InputError, match="do not belong together"):
        check_shapes(tmp_path, is_whole=False)
