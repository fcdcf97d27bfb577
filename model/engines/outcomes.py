"""What becomes of a piece of work that is done elsewhere: its result, or the error that ended it.

An error is carried as a value, and raised where the results are asked for. Pickled by itself, one
of this package whose `__init__` wants more than a message could not be made again.
"""

import pickle
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from threadpoolctl import threadpool_limits

from model.errors import ModelError

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Done(Generic[Result]):
    """Work that came to its end."""

    result: Result


@dataclass(frozen=True, slots=True)
class Failed:
    """Work that an error ended.

    Parameters
    ----------
    error : bytes
        The error as `pickle` keeps it; see `restore`.
    where : str
        The traceback, for people.
    """

    error: bytes
    where: str


Outcome: TypeAlias = Done[Result] | Failed


def attempt(work: Callable[[Item], Result], item: Item) -> Outcome[Result]:
    """Do a piece of work on one thread, in a process that is there for such work.

    Sums over several threads are added in another order: on one, they are everywhere the same, and
    as many processes as processors do not get into each other's way.

    Examples
    --------
    >>> attempt(len, "four")
    Done(result=4)
    """
    # For good, and not for this piece: where a worker has threads, one's end would free another.
    threadpool_limits(1)
    try:
        return Done(work(item))
    except Exception as error:
        return failure_of(error)


def failure_of(error: Exception) -> Failed:
    """Make an error fit to travel; one that cannot becomes a `RuntimeError` of the same text."""
    where = "".join(traceback.format_exception(error))
    try:
        content = _pack(error)
        _unpack(content)
    except Exception:
        content = _pack(RuntimeError(f"{type(error).__name__}: {error}"))
    return Failed(content, where)


def result_of(outcome: Outcome[Result]) -> Result:
    """Give the result, or raise the error as itself.

    Raises
    ------
    Exception
        What the work raised: of the same type, with the same attributes, and a note of where.

    Examples
    --------
    >>> result_of(attempt(int, "4"))
    4
    """
    if isinstance(outcome, Done):
        return outcome.result
    error = _unpack(outcome.error)
    error.add_note(f"raised in a worker:\n{outcome.where}")
    raise error


def _pack(error: Exception) -> bytes:
    if isinstance(error, ModelError):
        return pickle.dumps(_Parts(type(error), error.args, vars(error)))
    return pickle.dumps(error)


def _unpack(content: bytes) -> Exception:
    # Made by `_pack` in a worker, whose every result is unpickled on its way here in any case.
    kept = pickle.loads(content)  # noqa: S301
    if not isinstance(kept, _Parts):
        assert isinstance(kept, Exception)
        return kept
    error = kept.kind.__new__(kept.kind, *kept.arguments)
    vars(error).update(kept.attributes)
    return error


@dataclass(frozen=True, slots=True)
class _Parts:
    """An error in parts, from which it is made again without its `__init__`."""

    kind: type[ModelError]
    arguments: tuple[object, ...]
    attributes: dict[str, object]
