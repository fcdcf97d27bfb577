"""Which text of this package decides what is made, so that another one makes it anew."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import model
from model.storage.recipes import hash_bytes

RECOMMENDING = (
    "recommenders",
    "similarity",
    *("challenge/assigning.py", "challenge/categories.py", "challenge/cutting.py"),
    *("clusters.py", "compiling.py", "corpus.py", "features.py", "features_kernels.py"),
    *("folding.py", "ragged.py", "ragged_kernels.py", "text.py", "storage/arrays.py"),
    *("inputs/entries.py", "inputs/song_names.py", "inputs/song_places.py"),
    *("inputs/track_similars.py", "inputs/track_tags.py"),
)
"""What decides which songs a recommender gives, beside the data and the versions of libraries."""


@cache
def hash_program(places: Sequence[str]) -> str:
    """Give a hash of the text of modules.

    Parameters
    ----------
    places : tuple of str
        Files and folders of this package.
    """
    root = Path(model.__file__).parent
    paths = (root / place for place in places)
    files = [file for path in paths for file in (path.rglob("*.py") if path.is_dir() else [path])]
    return hash_bytes(b"".join(hash_bytes(file.read_bytes()).encode() for file in sorted(files)))
