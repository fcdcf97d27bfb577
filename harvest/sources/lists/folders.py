"""The files of a folder and of those within it, by way of links too."""

import os
from collections.abc import Iterator
from pathlib import Path

from harvest.amounts import amount

LINKS_NAMED = 3


class Walk:
    """Goes through a folder.

    Hidden files and folders are passed over. A folder that links lead to is entered once; not where
    it lies above the folder that is gone through, as a link to the root of a disc does.

    Parameters
    ----------
    root : Path
    own : Path, optional
        A folder that is passed over where it lies below, or a link leads into it.

    Attributes
    ----------
    problems : list of (name, reason)
        What cannot be looked into; complete once the files were gone through.
    """

    def __init__(self, root: Path, *, own: Path | None) -> None:
        self.problems: list[tuple[str, str]] = []
        self._root = root
        self._own = own
        self._entered = {root.resolve()}
        self._unfollowed: list[str] = []

    def files(self) -> Iterator[Path]:
        """Yield the files of each folder by their names."""
        for folder, folders, names in os.walk(self._root, onerror=self._note, followlinks=True):
            below = (Path(folder, name) for name in sorted(folders) if not is_hidden(name))
            folders[:] = [path.name for path in below if self._is_to_be_entered(path)]
            for name in sorted(names):
                path = Path(folder, name)
                if is_hidden(name):
                    continue
                if path.is_file():
                    yield path
                elif path.is_symlink() and not path.exists():
                    self._unfollowed.append(name)
        if self._unfollowed:
            self.problems.append((str(self._root), _told(self._unfollowed)))

    def _is_to_be_entered(self, folder: Path) -> bool:
        place = folder.resolve()
        if place in self._entered or place == self._own:
            return False
        if folder.is_symlink():
            if self._own in place.parents:
                return False
            if folder.parent.resolve().is_relative_to(place):
                self._unfollowed.append(folder.name)
                return False
        self._entered.add(place)
        return True

    def _note(self, error: OSError) -> None:
        self.problems.append((str(error.filename), error.strerror or str(error)))


def is_hidden(name: str) -> bool:
    """Say whether a name is one of those that people do not see, or that macOS adds to zips."""
    return name.startswith(".") or name == "__MACOSX"


def _told(links: list[str]) -> str:
    named = ", ".join(links[:LINKS_NAMED]) + " …" * (len(links) > LINKS_NAMED)
    are_one = len(links) == 1
    why = "leads" if are_one else "lead"
    where = "nowhere or to a folder above"
    return f"{amount(len(links), 'link')} not followed, which {why} {where}: {named}"
