"""What a sound value of each column is, taken from the records, as conditions for SQLite."""

import sqlite3
import sys
from typing import Any

import msgspec
from msgspec import inspect

_STORED_AS = {inspect.FloatType: "real", inspect.IntType: "integer", inspect.StrType: "text"}
KEY = "spotify_id"
_LIMITS = {"ge": ">=", "gt": ">", "le": "<=", "lt": "<"}


def conditions(kind: type[msgspec.Struct]) -> dict[str, str]:
    """Return for each column of a record the condition that a sound value meets.

    SQLite keeps "not a number" as null, infinities as they are, and bytes that are no UTF-8 as
    text; none of them is sound.

    Parameters
    ----------
    kind : type
        A struct whose fields have the columns' names. What bytes stand in `KEY` is left to whoever
        holds the tables against each other: it is in every row.

    Returns
    -------
    dict of str to str
        By column. A condition is true or false, never null. See `know_texts`.

    Examples
    --------
    >>> from harvest.records import Tag
    >>> conditions(Tag)["weight"]
    "(typeof(weight) = 'integer' AND weight >= 0 AND weight <= 100)"
    """
    struct = inspect.type_info(kind)
    assert isinstance(struct, inspect.StructType)
    return {field.name: _condition(field.name, field.type) for field in struct.fields}


def know_texts(db: sqlite3.Connection) -> None:
    """Let a connection to SQLite know the functions that conditions call."""
    db.create_function("is_ascii", 1, bytes.isascii, deterministic=True)
    db.create_function("is_utf_8", 1, _is_utf_8, deterministic=True)


def _is_utf_8(octets: bytes) -> bool:
    try:
        octets.decode()
    except UnicodeDecodeError:
        return False
    return True


def _condition(column: str, of: inspect.Type) -> str:
    if isinstance(of, inspect.UnionType):
        return f"({' OR '.join(_condition(column, each) for each in of.types)})"
    if isinstance(of, inspect.NoneType):
        return f"{column} IS NULL"
    if isinstance(of, inspect.LiteralType):
        either = " OR ".join(f"{column} = '{value}'" for value in of.values)
        return f"(typeof({column}) = 'text' AND ({either}))"
    is_stored_right = f"typeof({column}) = '{_STORED_AS[type(of)]}'"
    return f"({' AND '.join([is_stored_right, *_limits(column, of)])})"


def _limits(column: str, of: Any) -> list[str]:
    limits = [
        f"{column} {sign} {limit!r}"
        for name, sign in _LIMITS.items()
        if (limit := getattr(of, name, None)) is not None
    ]
    if isinstance(of, inspect.FloatType) and len(limits) < 2:  # two keep infinities out
        limits.append(f"abs({column}) <= {sys.float_info.max!r}")
    if isinstance(of, inspect.StrType):
        limits += [f"length({column}) >= {of.min_length}"] * bool(of.min_length)
        limits += [_is_legible(column)] * (column != KEY)
    return limits


def _is_legible(column: str) -> str:
    """Return the condition that a text is UTF-8; most are ASCII, which is told without Python."""
    octets = f"CAST(ifnull({column}, '') AS BLOB)"
    return f"(is_ascii({octets}) OR is_utf_8({octets}))"
