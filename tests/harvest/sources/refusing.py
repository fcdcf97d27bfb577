"""In which words an input is refused."""

from collections.abc import Callable

import pytest

from harvest.errors import InputError


def refused(read: Callable[..., object], *arguments: object, **options: object) -> str:
    """Return the one line that is said of what cannot be read."""
    with pytest.raises(InputError) as caught:
        read(*arguments, **options)
    assert "\n" not in str(caught.value)
    return str(caught.value)
