"""What a sound value of each column is, taken from the records, as conditions for SQLite."""

import sys
from typing import Any

import msgspec
from msgspec import inspect

_STORED_AS = {inspect.FloatType: "real", inspect.IntType: "integer", inspect.StrType: "text"}
_LIMITS = {"ge": ">=", "gt": ">", "le": "<=", "lt": "<"}


def conditions(kind: type[msgspec.Struct]) -> dict[str, str]:
    """Return for each column of a record the condition that a sound value meets.

    SQLite keeps "not a number" as null, and infinities as they are; neither is sound.

    Parameters
    ----------
    kind : type
        A struct whose fields have the columns' names.

    Returns
    -------
    dict of str to str
        By column. A condition is true or false, never null.

    Examples
    --------
    >>> from harvest.records import Tag
    >>> conditions(Tag)["weight"]
    "(typeof(weight) = 'integer' AND weight >= 0 AND weight <= 100)"
    """
    struct = inspect.type_info(kind)
    assert isinstance(struct, inspect.StructType)
    return {field.name: _condition(field.name, field.type) for field in struct.fields}


def _condition(column: str, of: inspect.Type) -> str:
    if isinstance(of, inspect.UnionType):
        return f"({' OR '.join(_condition(column, each) for each in of.types)})"
    if isinstance(of, inspect.NoneType):
        return f"{column} IS NULL"
    is_stored_right = f"typeof({column}) = '{_STORED_AS[type(of)]}'"
    return f"({' AND '.join([is_stored_right, *_limits(column, of)])})"


def _limits(column: str, of: Any) -> list[str]:
    limits = [
        f"{column} {sign} {limit!r}"
        for name, sign in _LIMITS.items()
        if (limit := getattr(of, name, None)) is not None
    ]
    if isinstance(of, inspect.FloatType):
        limits.append(f"abs({column}) <= {sys.float_info.max!r}")
    if isinstance(of, inspect.StrType) and of.min_length:
        limits.append(f"length({column}) >= {of.min_length}")
    return limits
