"""What the page says in the place of what cannot be read, so that the rest of it is there."""

from collections.abc import Callable, Sequence

from model.errors import InputError
from model.report.blocks import Block, Missing
from model.report.reading import Found


def damage(error: InputError, command: str) -> Missing:
    """Say which file cannot be read and why, and the command that makes it again.

    Examples
    --------
    >>> damage(InputError("cannot read a.csv (it is empty); make it again"), "model x").words
    'Cannot read a.csv (it is empty):'
    """
    what, _, _ = str(error).rpartition("; ")
    words = what or str(error)
    return Missing(f"{words[0].upper()}{words[1:]}:", command, is_damage=True)


def sound(make: Callable[[], Sequence[Block]], command: str) -> list[Block]:
    """Make blocks, or say in their place what of their files cannot be read."""
    try:
        return list(make())
    except InputError as error:
        return [damage(error, command)]


def damages(found: Found, name: str, command: Callable[[str], str]) -> list[Block]:
    """Say which of the files of this name could not be read.

    Parameters
    ----------
    found : Found
    name : str
        Of the file; each lies in a folder of its own.
    command : callable
        Gives the command that writes it, by the name of its folder.
    """
    return [
        damage(error, command(path.parent.name))
        for path, error in found.damaged.items()
        if path.name == name
    ]
