"""Functions that run as machine code. Importing this takes half a second: only for much data."""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function when it is first called, without the interpreter's lock.

    The machine code is kept beside the file or, where that cannot be written, in the user's cache
    directory; where neither can, every process compiles for itself.
    """
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
    try:
        made = numba.njit(cache=True, **options)(function)
    except RuntimeError:  # Numba's only word for having found no place to keep the code.
        made = numba.njit(**options)(function)
    return cast("Callable[P, R]", made)
