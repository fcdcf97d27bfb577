"""The command that reads the Million Song Dataset's last.fm files: `msd`."""

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harvest.amounts import amount
from harvest.commands.options import DEFAULT_STATE, State, Workers
from harvest.commands.telling import note, told_of_tables
from harvest.progress import SliceProgress, progress_for

if TYPE_CHECKING:
    from harvest.sources.msd import MsdReport

app = typer.Typer()


@app.command()
def msd(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH…", help="lastfm_train.zip, lastfm_test.zip, or folders of their files."
        ),
    ],
    state: State = DEFAULT_STATE,
    workers: Workers = None,
) -> None:
    """Read the Million Song Dataset's last.fm tags and similar songs; zips are read in place.

    Several paths are taken together; a song that occurs twice counts once. Files that cannot be
    read are counted, the first are shown, and all are listed in msd/malformed.csv.
    """
    from harvest.sources.msd import ingest_msd
    from harvest.sources.msd_tables import MSD_FOLDER

    msd_dir = state / MSD_FOLDER
    with closing(SliceProgress(progress_for(sys.stderr), "msd")) as progress:
        report = ingest_msd(
            paths, msd_dir, workers=workers, on_files=progress.advance, on_phase=progress.say
        )
    _note_malformed(report, msd_dir)
    print(_ingested(report, msd_dir))
    print("top tags: " + ", ".join(f"{tag} {n:,}" for tag, n in report.manifest.top_tags))


def _note_malformed(report: "MsdReport", msd_dir: Path) -> None:
    from harvest.sources.msd_tables import MALFORMED_NAME

    shown = report.manifest.first_malformed
    n_malformed = report.manifest.counts.malformed
    for text in shown:
        note(text)
    if n_malformed > len(shown):
        note(
            f"{amount(n_malformed - len(shown), 'more malformed file')}: {msd_dir / MALFORMED_NAME}"
        )


def _ingested(report: "MsdReport", msd_dir: Path) -> str:
    counts = report.manifest.counts
    rows = (
        f"{amount(counts.songs, 'song')}, {amount(counts.tags, 'tag')}, "
        f"{amount(counts.similars, 'similar')}, {counts.named_only:,} more songs named, "
        f"{amount(counts.malformed, 'malformed file')}"
    )
    if counts.duplicates:
        rows += f", {amount(counts.duplicates, 'file')} of songs met before"
    return told_of_tables(
        msd_dir,
        rows,
        is_unchanged=report.is_unchanged,
        is_replacement=report.is_replacement,
        pieces=(counts.files, "file"),
        n_reused=report.files_reused,
    )
