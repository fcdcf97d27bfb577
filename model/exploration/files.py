"""Exhibits -> files under ``state/explore``, each there in full or not at all."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

import msgspec

from model.drawing import picture_writer
from model.exploration.exhibits import Exhibit, Lacking
from model.settings import Settings
from model.storage.recipes import Plain, hash_file, library_versions
from model.storage.writing import Writer, csv_writer, json_writer, results_folder, write_atomically

CATALOGUE = "explore.json"
"""Written last: names what is there."""


class Shown(msgspec.Struct, kw_only=True):
    """One exhibit, as the catalogue names it: files are in the same folder, by SHA-256."""

    name: str
    title: str
    says: str
    n_rows: int
    n_shown: int
    files: dict[str, str]


class Catalogue(msgspec.Struct, kw_only=True):
    """What ``explore.json`` holds."""

    settings: dict[str, Plain]
    versions: dict[str, str]
    inputs: dict[str, str]
    exhibits: list[Shown]
    lacking: list[Lacking]


def write_exhibits(
    exhibits: Sequence[Exhibit],
    lacking: Sequence[Lacking],
    state: Path,
    *,
    settings: Settings,
    inputs: Mapping[str, str],
) -> Path:
    """Write a CSV an exhibit, an SVG and a PNG where it has a figure, and last the catalogue.

    The same data, settings and versions give the same bytes. Files of an earlier run that this one
    has not made are taken away.

    Parameters
    ----------
    exhibits, lacking : sequence
    state : Path
    settings : Settings
    inputs : dict of str to str
        A hash of each thing that was looked at.

    Returns
    -------
    Path
        The directory.

    Raises
    ------
    StorageError
        If a file cannot be written.
    """
    folder = state / "explore"
    with results_folder(folder):
        before = _files_of(folder)
        shown = [_write(exhibit, folder) for exhibit in exhibits]
        catalogue = Catalogue(
            settings=asdict(settings),
            versions=library_versions() | {"matplotlib": version("matplotlib")},
            inputs=dict(inputs),
            exhibits=shown,
            lacking=list(lacking),
        )
        write_atomically(folder / CATALOGUE, json_writer(msgspec.to_builtins(catalogue)))
        for name in before - _files_of(folder):
            (folder / name).unlink(missing_ok=True)
    return folder


def _write(exhibit: Exhibit, folder: Path) -> Shown:
    files = {}
    for ending, write in _writers(exhibit):
        path = folder / f"{exhibit.name}.{ending}"
        write_atomically(path, write)
        files[path.name] = hash_file(path)
    return Shown(
        name=exhibit.name,
        title=exhibit.title,
        says=exhibit.says,
        n_rows=len(exhibit.table),
        n_shown=exhibit.n_shown,
        files=files,
    )


def _writers(exhibit: Exhibit) -> Iterator[tuple[str, Writer]]:
    """Give the table before anything is drawn, which may fail."""
    yield "csv", csv_writer(exhibit.table)
    if exhibit.draw is not None:
        figure = exhibit.draw()
        yield "svg", picture_writer(figure, "svg")
        yield "png", picture_writer(figure, "png")


def _files_of(folder: Path) -> set[str]:
    """Name the files that the catalogue there speaks of: plain names alone."""
    try:
        catalogue = msgspec.json.decode((folder / CATALOGUE).read_bytes(), type=Catalogue)
    except (FileNotFoundError, ValueError):
        return set()
    names = {name for exhibit in catalogue.exhibits for name in exhibit.files}
    return {name for name in names if Path(name).name == name}
