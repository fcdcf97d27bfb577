"""What `harvest` stores of a track is what `model` believes: the two write their ranges apart."""

from msgspec import inspect

from harvest.records import AudioFeatures
from model import columns


def limits(of):
    """The lowest and highest value of a field, known or not."""
    if isinstance(of, inspect.UnionType):
        (of,) = (each for each in of.types if not isinstance(each, inspect.NoneType))
    return of.ge, of.le


def test_every_value_that_is_stored_is_believed():
    fields = {field.name: field.type for field in inspect.type_info(AudioFeatures).fields}
    assert {name: limits(fields[name]) for name in columns.RANGES} == columns.RANGES
