"""What decides an artifact's bytes, and what is written down of one that was made."""

import hashlib
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

FORMAT = 1
"""Of the folders; one of another format is made anew."""

_PACKAGES = (
    "playlist-harvest",
    "lightgbm",
    "numba",
    "numpy",
    "pandas",
    "scikit-learn",
    "scipy",
)

Plain: TypeAlias = Any
"""A value that JSON has: what parameters and summaries are made of."""


@cache
def library_versions() -> dict[str, str]:
    """Versions of Python, of this package, and of the libraries that compute."""
    return {"python": platform.python_version()} | {name: version(name) for name in _PACKAGES}


class Recipe(msgspec.Struct, frozen=True, kw_only=True):
    """What decides an artifact's bytes.

    Parameters
    ----------
    stage : str
        What makes it.
    label : str
        For people: the start of its folder's name.
    parameters : dict
        Plain values, the seed among them; they are part of its folder's name.
    inputs : dict of str to str
        A hash of each thing that it is made from.
    versions : dict of str to str
        Of Python and the libraries that compute.
    format : int
        Of the folders.
    """

    stage: str
    label: str
    parameters: dict[str, Plain]
    inputs: dict[str, str]
    versions: dict[str, str] = msgspec.field(default_factory=lambda: dict(library_versions()))
    format: int = FORMAT

    @property
    def name(self) -> str:
        """Name of the folder: the label, and a hash of the parameters.

        Examples
        --------
        >>> recipe = Recipe(stage="split", label="holdout", parameters={"seed": 0}, inputs={})
        >>> recipe.name
        'holdout-bd048884'
        """
        return (
            f"{self.label}-{hash_bytes(msgspec.json.encode(self.parameters, order='sorted'))[:8]}"
        )


class FileStamp(msgspec.Struct, frozen=True):
    """What a file is known by: its size in bytes and the SHA-256 of its content."""

    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What an artifact was made from, and what it holds.

    Parameters
    ----------
    recipe : Recipe
    files : dict of str to FileStamp
    summary : dict
        Plain values that the stage wants to keep, such as counts and notes.
    made_at : float
        Unix seconds.
    duration_s : float
        Seconds that it took.
    """

    recipe: Recipe
    files: dict[str, FileStamp]
    summary: dict[str, Plain]
    made_at: float
    duration_s: float


def hash_bytes(content: bytes) -> str:
    """SHA-256 in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def hash_file(path: Path) -> str:
    """SHA-256 of a file's content, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
