"""Arrays in files of their own, mapped into memory where they are needed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from model.errors import StorageError


def save_arrays(folder: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write each array to ``<name>.npy`` in an existing folder.

    Raises
    ------
    OSError
        If it cannot be written; what was written till then stays.
    """
    for name, array in arrays.items():
        with _path(folder, name).open("wb") as file:
            np.save(_Written(file), array, allow_pickle=False)


def open_arrays(folder: Path, names: Sequence[str]) -> dict[str, NDArray[Any]]:
    """Map arrays that `save_arrays` wrote, by their names; see `open_array`."""
    return {name: open_array(_path(folder, name)) for name in names}


def open_array(path: Path) -> NDArray[Any]:
    """Map an array that `save_arrays` wrote into memory; what is not looked at is not read.

    Processes that map the same file share the memory.

    Raises
    ------
    OSError
        If the file is absent.
    StorageError
        If it is no array, or cut short.
    """
    try:
        # Copy-on-write: mapped read-only, it would be another type to compiled functions.
        return np.asarray(np.load(path, mmap_mode="c", allow_pickle=False))
    except (EOFError, ValueError) as error:
        # NumPy's own words advise to trust such a file.
        msg = f"{path} is damaged: it holds no array; run the same again, and it is made anew"
        raise StorageError(msg) from error


def check_shapes(folder: Path, *, is_whole: bool) -> None:
    """Refuse arrays that do not belong together: compiled code would read past their ends.

    Raises
    ------
    StorageError
        Unless they are whole.
    """
    if not is_whole:
        msg = (
            f"the arrays in {folder} do not belong together; run the same again, and they are made "
            "anew"
        )
        raise StorageError(msg)


@dataclass(frozen=True, slots=True)
class _Written:
    """A file of which NumPy sees `write` alone.

    Its own way into a file tells how much of an array had room, and not why the rest has none.
    """

    file: IO[bytes]

    def write(self, content: bytes) -> int:
        """Write the next bytes."""
        return self.file.write(content)


def _path(folder: Path, name: str) -> Path:
    return folder / f"{name}.npy"
