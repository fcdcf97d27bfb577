"""Arrays in files of their own, mapped into memory where they are needed."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.errors import StorageError


def save_arrays(folder: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write each array to ``<name>.npy`` in an existing folder."""
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)


def open_array(path: Path) -> NDArray[Any]:
    """Map an array that `save_arrays` wrote into memory; what is not looked at is not read.

    Raises
    ------
    OSError
        If the file is absent.
    StorageError
        If it is no array.
    """
    try:
        # Copy-on-write: mapped read-only, it would be another type to compiled functions.
        return np.asarray(np.load(path, mmap_mode="c", allow_pickle=False))
    except (EOFError, ValueError) as error:
        # NumPy's own words advise to trust such a file.
        msg = f"{path} is damaged: it holds no array; run the same again, and it is made anew"
        raise StorageError(msg) from error
