"""The Million Playlist Dataset -> `state/tables`: every slice parsed once, then merged.

Slices are parsed into part files under `state/tables/.parts`, and merged in order as they come.
Whatever ends the run, the parts stay, and the next run takes up at the slice where this one
stopped. The tables that were there stay until the new ones are complete.
"""

import contextlib
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from harvest.amounts import amount
from harvest.errors import HarvestError, InputError
from harvest.machine.processors import default_workers
from harvest.manifests import Manifest, read_manifest
from harvest.sources.lists.combining import combine, require_own
from harvest.sources.mpd_input import Slice, find_slices, gaps, input_fingerprint
from harvest.sources.mpd_merge import Merger
from harvest.sources.mpd_parts import parse, part_path, parts
from harvest.sources.part_files import keep_only, tidy
from harvest.table_writer import finish_publishing, publish, stamps, writers, writing
from harvest.tables import SCRATCH_NAME

_ODDITIES = {
    "duplicate_playlists": (
        "playlist left out: its pid occurs earlier in the input",
        "playlists left out: their pid occurs earlier in the input",
    ),
    "num_tracks_mismatches": (
        "playlist has another number of tracks than it says",
        "playlists have another number of tracks than they say",
    ),
    "mended_slices": (
        "slice holds broken characters, kept as U+FFFD",
        "slices hold broken characters, kept as U+FFFD",
    ),
    "other_version_slices": (
        "slice is of another version than v1, read as v1",
        "slices are of another version than v1, read as v1",
    ),
}
"""What is said of each tally in a manifest's counts, of one and of several."""

OnSlice = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """What an ingest found and did.

    Parameters
    ----------
    manifest : Manifest
        Of the tables, people's own playlists among them. Its counts are each table's rows and

        - ``duplicate_playlists``, left out because their pid had been met;
        - ``num_tracks_mismatches``, playlists whose `num_tracks` is not the number of their
          tracks; kept as they are;
        - ``mended_slices``, with half surrogate pairs in a text, read as U+FFFD;
        - ``other_version_slices``, that say another version than v1; read as v1;
        - ``own_playlists``, those of the playlists that `harvest playlists` read.
    slices, slices_reused : int
        Found in the input; of these, parsed already by a run that was interrupted.
    gaps : tuple of str
        Ranges of pids between slices that no slice covers.
    is_unchanged : bool
        The tables were made from this input before; nothing was done.
    is_replacement : bool
        There were tables made from another input.
    """

    manifest: Manifest
    slices: int
    slices_reused: int = 0
    gaps: tuple[str, ...] = ()
    is_unchanged: bool = False
    is_replacement: bool = False

    @property
    def warnings(self) -> tuple[str, ...]:
        """A sentence for each oddity, none where there was none."""
        counts = self.manifest.counts
        found = [amount(counts[name], *said) for name, said in _ODDITIES.items() if counts[name]]
        if self.gaps:
            more = " …" * (len(self.gaps) > 5)
            found.append(f"no slice covers pids {', '.join(self.gaps[:5])}{more}")
        return tuple(found)


def ingest(
    path: Path,
    tables_dir: Path,
    *,
    workers: int | None = None,
    on_slice: OnSlice | None = None,
) -> IngestReport:
    """Read the Million Playlist Dataset into tables.

    Parameters
    ----------
    path : Path
        The zip, read in place, a folder with the slices anywhere below it, or one slice.
    tables_dir : Path
        Where the tables go; made if need be.
    workers : int, optional
        Processes that parse, of up to 0.4 GB each; 1 = in this process, None =
        `default_workers`. The tables' bytes do not depend on it.
    on_slice : callable, optional
        Told (slices done, slices in all, name of the slice) after each slice, in order.

    Returns
    -------
    IngestReport
        With the input of the last time, nothing is done and `is_unchanged` is set.

    Raises
    ------
    InputError
        The input cannot be used, or holds no playlist, or what is kept of own playlists cannot be
        used; tables that exist are untouched.
    StorageError
        The tables cannot be written; those that exist are untouched.
    StateInUse
        Another ingest writes them.
    Postponed
        A worker process was killed.
    """
    slices = find_slices(path)
    made_from = input_fingerprint(slices)
    manifest = read_manifest(tables_dir)
    if manifest and manifest.input_sha256 == made_from:
        _sweep(tables_dir, slices)
        manifest = _with_own(tables_dir, manifest)
        return IngestReport(
            manifest=manifest, slices=len(slices), gaps=gaps(slices), is_unchanged=True
        )
    require_own(tables_dir.parent)
    with writing(tables_dir):
        finish_publishing(tables_dir)
        scratch = tables_dir / SCRATCH_NAME
        n_reused = keep_only(scratch, _wanted(scratch, slices))
        try:
            made = _build(slices, scratch, workers=workers or default_workers(), on_slice=on_slice)
        except BaseException:
            tidy(scratch, _wanted(scratch, slices))
            raise
        _require_playlists(made, path, slices, scratch)
        new = Manifest(_name(path), made_from, made, stamps(scratch))
        publish(scratch, tables_dir, new)
        shutil.rmtree(scratch)
    return IngestReport(
        manifest=_with_own(tables_dir, new),
        slices=len(slices),
        slices_reused=n_reused,
        gaps=gaps(slices),
        is_replacement=manifest is not None and manifest.input_sha256 != "",
    )


def _require_playlists(
    made: Mapping[str, int], path: Path, slices: Sequence[Slice], scratch: Path
) -> None:
    """Refuse to put tables without a playlist in place of others."""
    if not made["playlists"]:
        tidy(scratch, ())
        raise InputError(
            f"{path}: no playlist in {amount(len(slices), 'slice')}; expected some under "
            '"playlists" in each; get the dataset again'
        )


def _with_own(tables_dir: Path, manifest: Manifest) -> Manifest:
    """Put people's own playlists, where there are any, behind the dataset's."""
    return combine(tables_dir.parent) or manifest


def _name(path: Path) -> str:
    return os.fsencode(path.resolve().name).decode("utf-8", "replace")


def _sweep(tables_dir: Path, slices: Sequence[Slice]) -> None:
    """Delete the parts, should a run have ended between writing the manifest and deleting them."""
    scratch = tables_dir / SCRATCH_NAME
    if any(path.exists() for path in _wanted(scratch, slices)):
        with contextlib.suppress(HarvestError), writing(tables_dir):
            shutil.rmtree(scratch)


def _wanted(scratch: Path, slices: Sequence[Slice]) -> set[Path]:
    return {part_path(scratch, each) for each in slices}


def _build(
    slices: Sequence[Slice], scratch: Path, *, workers: int, on_slice: OnSlice | None
) -> dict[str, int]:
    with writers(scratch) as opened:
        merger = Merger(opened)
        made = parts(slices, scratch, workers=workers)
        with contextlib.closing(made):
            for done, (source, part) in enumerate(zip(slices, made, strict=True), start=1):
                merger.add(part, parse_again=partial(parse, source))
                if on_slice:
                    on_slice(done, len(slices), source.name)
    return {name: writer.rows for name, writer in opened.items()} | dict(merger.tallies)
