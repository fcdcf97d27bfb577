"""Arrays as ``.npy`` files of one directory, mapped into memory when they are opened."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.errors import InputError


def save_arrays(directory: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write one file an array into an existing directory.

    Raises
    ------
    OSError
        If it cannot be written; what was written till then stays.
    """
    for name, array in arrays.items():
        np.save(_path(directory, name), array, allow_pickle=False)


def map_arrays(directory: Path, names: Sequence[str]) -> dict[str, NDArray[Any]]:
    """Map the files that `save_arrays` wrote; they are read where they are needed.

    Processes that map the same files share the memory.

    Raises
    ------
    InputError
        If a file is absent, cut short or no array.
    """
    try:
        return {name: _map(_path(directory, name)) for name in names}
    except (EOFError, OSError, ValueError) as error:
        msg = f"cannot read {', '.join(names)} from {directory} ({_why(error)}); make them again"
        raise InputError(msg) from error


def check_shapes(directory: Path, *, is_whole: bool) -> None:
    """Refuse arrays that do not belong together: compiled code would read past their ends."""
    if not is_whole:
        msg = f"the arrays in {directory} do not belong together; make them again"
        raise InputError(msg)


def _why(error: Exception) -> str:
    # NumPy's own words on what is no array advise to trust the file.
    return str(error) if isinstance(error, OSError) else "no array, or cut short"


def _path(directory: Path, name: str) -> Path:
    return directory / f"{name}.npy"


def _map(path: Path) -> NDArray[Any]:
    """Map a file, copying a page only if it were written to, which nothing does."""
    # Mapped as read-only, it would be another type to the compiler, and be compiled for once more.
    return np.asarray(np.load(path, mmap_mode="c", allow_pickle=False))
