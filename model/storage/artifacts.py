"""What the stages leave under ``state/model``: each artifact a folder, whole or not there.

A folder holds arrays, tables and `manifest.json`, which names what it was made from. It is made in
a scratch folder beside its place and renamed into it. Where inputs or versions have changed, it is
made anew, in place of the old one; parameters are part of its name. One of which a file differs
from what was written counts as absent.
"""

import contextlib
import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, TypeAlias

import msgspec
from numpy.typing import NDArray

from model.errors import StateInUse, StorageError
from model.saying import Say, say_nothing
from model.storage.arrays import open_array
from model.storage.recipes import FileStamp, Manifest, Plain, Recipe, hash_bytes, hash_file
from model.storage.summaries import check_summary
from model.storage.wholeness import find_damage, note_whole

MANIFEST_NAME = "manifest.json"
_RECIPE_NAME = "recipe.json"

Build: TypeAlias = Callable[[Path], dict[str, Plain]]


@dataclass(frozen=True, slots=True)
class Artifact:
    """A folder that is whole.

    Parameters
    ----------
    folder : Path
    manifest : Manifest
    is_new : bool
        Whether it was made just now.
    """

    folder: Path
    manifest: Manifest
    is_new: bool = field(default=False, compare=False)

    @property
    def content(self) -> str:
        """A hash of all its files: the same bytes, the same hash."""
        stamps = {name: stamp.sha256 for name, stamp in self.manifest.files.items()}
        return hash_bytes(msgspec.json.encode(stamps, order="sorted"))

    def array(self, name: str) -> NDArray[Any]:
        """Map the array `name` into memory; what is never looked at is never read."""
        return open_array(self.folder / f"{name}.npy")


def open_artifact(folder: Path) -> Artifact:
    """Open a whole artifact by its folder, as another process does that was told of it.

    Raises
    ------
    OSError, ValueError
        If its manifest cannot be read, or does not hold what is read of its stage's.
    """
    content = (folder / MANIFEST_NAME).read_bytes()
    manifest = msgspec.json.decode(content, type=Manifest)
    check_summary(manifest.recipe.stage, manifest.summary)
    return Artifact(folder, manifest)


class Artifacts:
    """The artifacts of one state directory.

    Parameters
    ----------
    state : Path
    """

    def __init__(self, state: Path) -> None:
        self.root = state / "model"

    def find(self, recipe: Recipe) -> Artifact | None:
        """Return the artifact that `recipe` makes, where it is there and whole."""
        last = self.last(recipe)
        return last if last and last.manifest.recipe == recipe else None

    def last(self, recipe: Recipe) -> Artifact | None:
        """Return what lies in the recipe's place and is whole, be it made from other inputs."""
        return _open(self.folder(recipe))[0]

    def folder(self, recipe: Recipe) -> Path:
        """Where the artifact that `recipe` makes lies."""
        return self.root / recipe.stage / recipe.name

    def make(
        self,
        recipe: Recipe,
        build: Build,
        *,
        is_resumable: bool = False,
        say: Say = say_nothing,
    ) -> Artifact:
        """Return the artifact that `recipe` makes; build it where it is not there.

        Parameters
        ----------
        recipe : Recipe
        build : callable
            Fills the folder that it is given, and returns the manifest's summary.
        is_resumable : bool
            Whether `build` goes on with what an interrupted run of the same recipe has left there.
        say : callable
            Takes a line where what was there is damaged.

        Raises
        ------
        StateInUse
            If another process is making artifacts of this state.
        StorageError
            If the folder cannot be written.
        """
        found = self.find(recipe)
        if found:
            return found
        try:
            with self._locked():
                return self.find(recipe) or self._make(recipe, build, is_resumable, say)
        except OSError as error:
            msg = (
                f"cannot write {error.filename or self.root} ({error.strerror or error}): free "
                "space or rights are needed there, or a copy of the state elsewhere, named with "
                "--state; what was finished is kept, run the same again"
            )
            raise StorageError(msg) from error

    def _make(self, recipe: Recipe, build: Build, is_resumable: bool, say: Say) -> Artifact:
        folder = self.folder(recipe)
        scratch = folder.with_name(f".{folder.name}")
        _, damage = _open(folder)
        if damage:
            say(f"{recipe.stage}: {folder / damage} is damaged; it is made again")
        if not is_resumable:
            _clear(folder.parent)
        try:
            _prepare(scratch, recipe, is_resumable=is_resumable)
            manifest = _fill(scratch, recipe, build)
            _put_in_place(scratch, folder)
        except BaseException:
            if not is_resumable:
                shutil.rmtree(scratch, ignore_errors=True)
            raise
        return Artifact(folder, manifest, is_new=True)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / "lock").open("a+", encoding="ascii") as lock:
            _lock(lock, self.root)
            yield


def _open(folder: Path) -> tuple[Artifact | None, str]:
    """Open what lies in a folder; where it is not whole, name the file that is not."""
    try:
        manifest = open_artifact(folder).manifest
    except FileNotFoundError:
        return None, ""
    except (OSError, ValueError):
        return None, MANIFEST_NAME
    damage = find_damage(folder, manifest.files)
    return (None, damage) if damage else (Artifact(folder, manifest), "")


def _clear(stage: Path) -> None:
    """Remove what a process that was killed has left, whichever recipe it was at."""
    for left in stage.glob(".*"):
        shutil.rmtree(left, ignore_errors=True)


def _prepare(scratch: Path, recipe: Recipe, *, is_resumable: bool) -> None:
    """Make an empty scratch folder, or keep the one that the same recipe has begun."""
    begun = scratch / _RECIPE_NAME
    is_ours = begun.is_file() and begun.read_bytes() == msgspec.json.encode(recipe)
    if not (is_resumable and is_ours):
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        begun.write_bytes(msgspec.json.encode(recipe))


def _fill(scratch: Path, recipe: Recipe, build: Build) -> Manifest:
    """Build, and say in a manifest what came of it."""
    began = time.monotonic()
    summary = build(scratch)
    (scratch / _RECIPE_NAME).unlink()
    manifest = Manifest(
        recipe=recipe,
        files=_stamps(scratch),
        summary=summary,
        made_at=round(time.time(), 3),
        duration_s=round(time.monotonic() - began, 3),
    )
    _write(scratch / MANIFEST_NAME, manifest)
    note_whole(scratch, manifest.files)
    return manifest


def _stamps(folder: Path) -> dict[str, FileStamp]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): FileStamp(path.stat().st_size, hash_file(path))
        for path in paths
    }


def _write(path: Path, manifest: Manifest) -> None:
    content = msgspec.json.format(msgspec.json.encode(manifest, order="deterministic"), indent=2)
    path.write_bytes(content + b"\n")


def _put_in_place(scratch: Path, folder: Path) -> None:
    """Replace `folder` by `scratch`; interrupted between, the folder is absent, and made anew."""
    for path in scratch.rglob("*"):
        _sync(path)
    old = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    scratch.rename(folder)
    _sync(folder.parent)
    shutil.rmtree(old, ignore_errors=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _lock(lock: IO[str], root: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.seek(0)
        holder = lock.read().strip() or "unknown"
        msg = f"another `model` (process {holder}) is at work in {root}; wait for it to end"
        raise StateInUse(msg) from error
    lock.seek(0)
    lock.truncate()
    lock.write(f"{os.getpid()}\n")
    lock.flush()
