"""Settings in `.env`; `harvest` reads the same file by the same rules."""

import os
from pathlib import Path

from dotenv import load_dotenv
from dotenv.parser import Binding, parse_stream

from model.errors import InputError


def load_env_file(path: Path) -> None:
    """Add the settings in `path` to the environment, which wins where both name one.

    Without such a file nothing is added.

    Raises
    ------
    InputError
        If it cannot be read, or a line is no setting.
    """
    if not path.is_file():
        if os.path.lexists(path):
            msg = f"cannot read the settings in {path}: it is no file"
            raise InputError(msg)
        return
    try:
        _require_settings(path)
        load_dotenv(path, override=False)
    except (OSError, ValueError) as error:  # not UTF-8, or no name or value that there can be
        msg = f"cannot read the settings in {path}: {error}; expected lines of NAME=value"
        raise InputError(msg) from error


def _require_settings(path: Path) -> None:
    """Raise `ValueError` for the first line that is no setting, without what it holds."""
    with path.open(encoding="utf-8") as file:
        broken = next((each for each in parse_stream(file) if _is_broken(each)), None)
    if broken:
        text = broken.original.string
        n_blank = text[: len(text) - len(text.lstrip())].count("\n")
        msg = f"line {broken.original.line + n_blank} is none, or has a quote that nothing closes"
        raise ValueError(msg)


def _is_broken(binding: Binding) -> bool:
    """Say whether what should be a setting is none; a name alone is one without a value."""
    return binding.error or (binding.value is None and ":" in (binding.key or ""))
