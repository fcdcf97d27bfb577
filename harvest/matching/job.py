"""`harvest match` from tables to files."""

from pathlib import Path

import numpy as np

from harvest.machine.processors import default_workers
from harvest.matching import DEFAULT_THRESHOLD, files
from harvest.matching.forms import make_forms
from harvest.matching.outcome import counts, decide
from harvest.matching.reading import read_inputs
from harvest.sources.msd_tables import AMBIGUOUS_NAME, MATCHES_NAME, MSD_FOLDER, MatchManifest
from harvest.table_writer import stamp


def match(
    state: Path, *, threshold: float = DEFAULT_THRESHOLD, workers: int | None = None
) -> MatchManifest:
    """Reconcile songs with tracks, and write what was found to `state/msd`.

    Parameters
    ----------
    state : Path
        Holds `tables` and `msd`.
    threshold : float
        Of the fuzzy step, in (0, 1].
    workers : int, optional
        Processes and threads; None = `default_workers`. The files' bytes do not depend on it.

    Returns
    -------
    MatchManifest
        As it was written.

    Raises
    ------
    InputError
        An input is missing or damaged.
    StorageError
        Something cannot be written; the files of the last time stay.
    Postponed
        A worker was killed; they stay then too.
    """
    workers = workers or default_workers()
    inputs = read_inputs(state)
    msd_dir = state / MSD_FOLDER
    with files.scratch_folder(msd_dir) as scratch:
        forms = make_forms(inputs, scratch / "forms", workers=workers)
        steps = decide(forms, threshold=threshold, workers=workers)
        files.write_matches(scratch / MATCHES_NAME, inputs, steps)
        files.write_ambiguous(scratch / AMBIGUOUS_NAME, inputs, steps)
        manifest = MatchManifest(
            made_from=inputs.made_from,
            threshold=threshold,
            songs=inputs.songs.num_rows,
            tracks=inputs.tracks.num_rows,
            matched_songs=len(np.unique(np.concatenate([step.matched.songs for step in steps]))),
            steps=counts(steps),
            files={name: stamp(scratch / name) for name in (MATCHES_NAME, AMBIGUOUS_NAME)},
        )
        files.publish(scratch, msd_dir, manifest)
    return manifest
