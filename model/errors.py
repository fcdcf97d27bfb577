"""Every error that `model` raises on purpose, and the exit code that each ends in.

::

    ModelError                  1   base
    ├── InputError              2   a file, option or the data is not usable as given
    │   └── NotHarvested            what is asked for was never gathered
    ├── LeakError               1   a held-out playlist reached something fitted
    ├── StorageError           74   the results cannot be written
    └── StateInUse             75   another process is at work in the same state
"""

EXIT_INPUT = 2
EXIT_STORAGE = 74
EXIT_LATER = 75


class ModelError(Exception):
    """Base of all errors raised by `model`; its text is fit to be shown to a user."""

    exit_code = 1


class InputError(ModelError):
    """A file, an option or the data cannot be used as given."""

    exit_code = EXIT_INPUT


class NotHarvested(InputError):
    """What is asked for was never gathered; the text names the command that gathers it."""


class LeakError(ModelError):
    """A playlist that is held out reached something that was fitted.

    Parameters
    ----------
    message : str
        What was fitted on which held-out playlists.
    playlist_ids : tuple of int
        The held-out playlists concerned.
    """

    def __init__(self, message: str, *, playlist_ids: tuple[int, ...]) -> None:
        super().__init__(message)
        self.playlist_ids = playlist_ids


class StorageError(ModelError):
    """The results cannot be written."""

    exit_code = EXIT_STORAGE


class StateInUse(ModelError):
    """Another process is at work in the same state."""

    exit_code = EXIT_LATER
