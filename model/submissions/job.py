"""What `model challenge` and `model score` do, from files to files and the terminal."""

import contextlib
import gzip
import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, cast

import numpy as np

from model.amounts import amount
from model.challenge.catalogue import Catalogue
from model.challenge.categories import LABELS
from model.challenge.challenge_set import (
    Asked,
    is_own_set,
    read_challenge_set,
    write_challenge_set,
)
from model.challenge.cutting import Challenge, cut_challenge, describe_shortage
from model.challenge.definitions import Definition
from model.challenge.judging import judge
from model.challenge.submission import Team, read_submission, write_submission
from model.challenge.truth import check_belongs, is_own_truth, read_truth, write_truth
from model.errors import InputError, StorageError
from model.layout import print_blocks
from model.ragged import BoolArray, IntArray, Ragged
from model.recommenders.keeping import open_recommender
from model.saying import Say
from model.settings import Settings
from model.stages.corpus import open_corpus
from model.stages.fitted import make_fitted_for_challenge
from model.stages.grounds import Grounds, Songs
from model.stages.split import make_split, open_split
from model.stages.workspace import Workspace
from model.storage.artifacts import Artifact
from model.storage.outputs import check_free, check_output
from model.storage.writing import GZIP_LEVEL, Writer, write_atomically
from model.submissions.answer import (
    Filler,
    answer,
    are_nameable,
    seed_sets,
    seeds_of,
)
from model.submissions.console import judged_as_json, render_judged
from model.submissions.origin import Origin

SET_NAME, TRUTH_NAME = "challenge_set.json", "truth.json.gz"


def make_challenge(state: Path, folder: Path, *, seed: int, n_playlists: int, say: Say) -> None:
    """Cut a challenge set from the test part, and write it and its truth into a folder.

    Parameters
    ----------
    state, folder : Path
    seed : int
        Of the split and of the cut.
    n_playlists : int
        At most this many in all.
    say : callable
        Takes a line of progress.

    Raises
    ------
    InputError
        If the state holds too little, or the folder is the state's own or holds others' files.
    StorageError
        If the files cannot be written.
    """
    _check_folder(folder, state)
    opened = Grounds.of(_workspace(state, seed, say)).open()
    corpus, split = opened.corpus, opened.split
    catalogue = Catalogue.read(state, corpus.track_ids)
    pids = catalogue.pids[corpus.playlist_ids]
    rows = _nameable(split.test, pids, say)
    titles = catalogue.titles[corpus.playlist_ids].tolist()
    lists = _nameable_songs(corpus.playlists, are_nameable(catalogue), rows, say)
    cut = cut_challenge(lists, titles, rows, seed, n_playlists=n_playlists)
    date = datetime.now(UTC).isoformat(sep=" ", timespec="seconds")
    with _writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(
            folder / SET_NAME,
            lambda file: write_challenge_set(file, cut, pids[cut.rows], catalogue, date=date),
        )
        write_atomically(
            folder / TRUTH_NAME,
            _zipped(lambda file: write_truth(file, cut, pids[cut.rows], catalogue)),
        )
    _show_cut(cut, folder, say)


def answer_challenge(
    state: Path,
    set_path: Path,
    out: Path,
    *,
    name: str,
    how: str = "",
    why: Iterable[str] = (),
    team: Team,
    seed: int,
    say: Say,
) -> None:
    """Recommend 500 tracks for each playlist of a challenge set, and write the submission.

    The recommender is fitted on all playlists of the state; if the challenge set was cut from
    these, on the training part alone, and never on a playlist that is asked for. What was fitted
    is kept: the next set of the kind, or the same one again, takes it from there.

    Parameters
    ----------
    state, set_path, out : Path
    name : str
        Of the recommender; see `registry.make_recommender`.
    how : str
        What the submission's comment says of its choice.
    why : iterable of str
        Lines that are said of it.
    team : Team
    seed : int
        Of the split.
    say : callable
        Takes a line of progress.

    Raises
    ------
    InputError
        If the challenge set is none, the state holds too little, or there is no such recommender.
    StorageError
        If what was fitted or the submission cannot be written.
    """
    _check_place(out, set_path, state)
    asked = read_challenge_set(set_path)
    for line in why:
        say(line)
    workspace = _workspace(state, seed, say)
    songs = Songs.of(workspace)
    opened = songs.open()
    catalogue = Catalogue.read(state, opened.corpus.track_ids)
    seeds = seeds_of(asked, catalogue)
    origin = Origin.of(asked, seeds, catalogue, opened.corpus)
    train = opened.training(_training_rows(origin, workspace, songs.corpus))
    filler = Filler.of(catalogue, train)
    filler.check(asked, seeds)
    fitted = make_fitted_for_challenge(workspace, songs, train, name, is_whole=origin.is_foreign)
    recommender = open_recommender(fitted.folder)
    rows = answer(asked, seeds, recommender, filler, catalogue, say=say)

    comment = ", ".join(filter(None, (f"recommended by {name}", how)))

    def write(file: IO[bytes]) -> None:
        write_submission(file, team, rows, seed_sets(asked), comment=comment)

    with _writing(out):
        write_atomically(out, write if out.suffix.lower() == ".csv" else _zipped(write))
    say(f"{amount(len(asked), 'playlist')} of 500 tracks in {out}")


def check_submission(path: Path, set_path: Path) -> None:
    """Say that a submission would be accepted.

    Raises
    ------
    InputError
        Saying why it would not.
    """
    asked = read_challenge_set(set_path)
    for _ in read_submission(path, seed_sets(asked)):
        pass
    print(f"{path} is in order: 500 tracks for each of {amount(len(asked), 'playlist')}")


def score_submission(
    path: Path,
    truth_path: Path,
    set_path: Path | None,
    *,
    definition: Definition,
    as_json: bool,
) -> None:
    """Print the figures of a submission.

    Raises
    ------
    InputError
        If one of the files is not what it should be, they do not belong together, or nothing is
        hidden.
    """
    truth = read_truth(truth_path)
    asked: list[Asked] = []
    if set_path is not None:
        asked = read_challenge_set(set_path)
        check_belongs(truth, asked, path=truth_path, set_path=set_path)
    judged = judge(path, truth, asked, definition=definition)
    if judged.figures.isna().all(axis=None):
        msg = (
            f"nothing to score: {truth_path} hides no track of its "
            f"{amount(len(judged.figures), 'playlist')} that is not given too; give the truth that "
            "`model challenge --make` wrote"
        )
        raise InputError(msg)
    if as_json:
        print(judged_as_json(judged, definition))
    else:
        print_blocks(render_judged(judged, definition))


def _workspace(state: Path, seed: int, say: Say) -> Workspace:
    return Workspace(state, Settings(protocol="challenge", random_state=seed), say)


def _check_place(out: Path, set_path: Path, state: Path) -> None:
    check_output(out, state)
    if os.path.realpath(out) == os.path.realpath(set_path):
        msg = f"{out} is the challenge set itself; name another file for the submission"
        raise InputError(msg)


def _check_folder(folder: Path, state: Path) -> None:
    """Refuse a folder in which files of others would be lost; sets that were made here may be."""
    check_free(folder, state)
    if folder.exists() and not folder.is_dir():
        msg = f"cannot write into {folder}, which is a file: name a folder"
        raise InputError(msg)
    for path, is_own in ((folder / SET_NAME, is_own_set), (folder / TRUTH_NAME, is_own_truth)):
        check_free(path, state)
        if path.exists() and not is_own(path):
            msg = f"{path} is not of `model challenge --make`: name another folder with --output"
            raise InputError(msg)


def _nameable_songs(lists: Ragged, is_nameable: BoolArray, rows: IntArray, say: Say) -> Ragged:
    """Leave out songs that no submission may name: to hide them would hide them from everybody."""
    n_odd = int((~is_nameable[lists.take(rows).values]).sum())
    if not n_odd:
        return lists
    say(
        f"{amount(n_odd, 'entry', 'entries')} of test playlists, left out for no Spotify URI; "
        "`harvest resolve` finds ids"
    )
    return lists.where(is_nameable[lists.values])


def _nameable(rows: IntArray, pids: IntArray, say: Say) -> IntArray:
    """Leave out playlists whose pid another one has too: the files could not tell them apart."""
    _, place, count = np.unique(pids, return_inverse=True, return_counts=True)
    is_alone = count[place][rows] == 1
    if not is_alone.all():
        words = "test playlist shares its", "test playlists share their"
        say(f"{amount(int((~is_alone).sum()), *words)} pid with others: left out")
    alone: IntArray = rows[is_alone]
    return alone


def _training_rows(origin: Origin, workspace: Workspace, corpus: Artifact) -> IntArray:
    """Give the playlists that may be learnt from."""
    for line in origin.notes():
        workspace.say(line)
    if not origin.own.size:
        return origin.without(np.arange(len(open_corpus(corpus).playlists)))
    return origin.without(open_split(make_split(workspace, corpus)).train)


def _show_cut(cut: Challenge, folder: Path, say: Say) -> None:
    sizes = np.bincount(cut.categories, minlength=len(LABELS))
    shortage = describe_shortage(cut)
    print(
        f"{amount(len(cut), 'playlist')}, {'up to ' if shortage else ''}{sizes.max():,} of each "
        f"category, {amount(len(cut.truth.values), 'track')} to find"
    )
    if shortage:
        print(f"note: {shortage}")
    say(f"{SET_NAME} and {TRUTH_NAME} are in {folder}")


def _zipped(write: Writer) -> Writer:
    def write_zipped(file: IO[bytes]) -> None:
        # No time of writing in the archive: the same content gives the same bytes.
        with gzip.GzipFile("", "wb", GZIP_LEVEL, file, mtime=0) as archive:
            write(cast("IO[bytes]", archive))

    return write_zipped


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        msg = f"cannot write {path} ({error.strerror or error}); free space or rights are needed"
        raise StorageError(msg) from error
