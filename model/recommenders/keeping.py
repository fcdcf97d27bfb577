"""Fitted recommenders in files.

They are written by pickle. What is read back can name nothing but this package's own classes and
the few others that recommenders are made of, so that a file from elsewhere runs no other code.
"""

import pickle
from pathlib import Path
from typing import Any, cast

from model.errors import StorageError
from model.recommenders.base import Recommender

FILE_NAME = "recommender.pickle"

_FOREIGN = frozenset(
    {
        ("functools", "partial"),
        ("numpy", "dtype"),
        ("numpy", "float32"),
        ("numpy", "float64"),
        ("numpy", "ndarray"),
        ("numpy._core.multiarray", "_reconstruct"),
        ("numpy._core.multiarray", "scalar"),
        ("numpy._core.numeric", "_frombuffer"),
        ("scipy.sparse._csr", "csr_array"),
        ("sklearn.feature_extraction.text", "TfidfTransformer"),
        ("sklearn.feature_extraction.text", "TfidfVectorizer"),
    }
)
_OWN_FUNCTIONS = frozenset({"split_name", "split_title"})
_DAMAGES = (
    *(pickle.UnpicklingError, EOFError, AttributeError, ImportError, ValueError, TypeError),
    *(LookupError, MemoryError, OverflowError, RecursionError),
)
"""What comes of a file with other bytes than were written."""


def keep_recommender(recommender: Recommender, folder: Path) -> None:
    """Write a fitted recommender into a folder."""
    with (folder / FILE_NAME).open("wb") as file:
        pickle.dump(recommender, file, protocol=5)


def open_recommender(folder: Path) -> Recommender:
    """Read a fitted recommender from a folder.

    Raises
    ------
    StorageError
        If the file is damaged, or none of ours.
    """
    path = folder / FILE_NAME
    try:
        with path.open("rb") as file:
            return cast("Recommender", _Reader(file).load())
    except _DAMAGES as error:
        msg = f"{path} cannot be read ({error}); delete its folder, and it is made again"
        raise StorageError(msg) from error


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str, /) -> Any:
        is_own = module.startswith("model.") and "." not in name
        if is_own or (module, name) in _FOREIGN:
            found = super().find_class(module, name)
            if not is_own or (found.__module__ == module and _is_harmless(found)):
                return found
        msg = f"it names {module}.{name}, which no recommender is made of"
        raise pickle.UnpicklingError(msg)


def _is_harmless(found: Any) -> bool:
    return isinstance(found, type) or found.__name__ in _OWN_FUNCTIONS
