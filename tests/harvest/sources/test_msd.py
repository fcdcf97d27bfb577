"""Whole ingests: resumed, by one process or several, again, of other inputs, on a full disk."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from harvest.errors import InputError, StateInUse, StorageError
from harvest.sources import msd, msd_input
from harvest.sources.msd import ingest_msd
from harvest.table_writer import writing
from tests.harvest.msd_files import (
    content,
    everything,
    files,
    place,
    rows,
    song_id,
    tables,
    write_folder,
    write_zip,
)

REAL = Path(__file__).parents[3].parent / "shared" / "data" / "msd"

# Chunks of five files; dies when so many are read, or, beyond that, while the tables are written.
KILLED = """
import os, signal, sys
from pathlib import Path
from harvest.sources import msd, msd_input

msd_input.CHUNK_FILES = 5
where = sys.argv[4]
if where.startswith("compiled "):
    msd.MANY_FILES = 0
    where = where.removeprefix("compiled ")

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def on_files(done, total):
    if str(done) == where:
        die()

if where == "merging":
    msd.stamps = lambda *_: die()
if where == "publishing":
    real = Path.replace
    Path.replace = lambda path, to: die() if path.name == "lastfm_tag.parquet" else real(path, to)
msd.ingest_msd([Path(sys.argv[1])], Path(sys.argv[2]), workers=int(sys.argv[3]), on_files=on_files)
"""

FULL_DISK = """
import resource, sys
from pathlib import Path
from harvest.errors import StorageError
from harvest.sources.msd import ingest_msd

resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
try:
    ingest_msd([Path(sys.argv[1])], Path(sys.argv[2]), workers=1)
except StorageError as error:
    print(error)
"""


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(msd_input, "CHUNK_FILES", 5)


def ingest(path, msd_dir, **options):
    return ingest_msd([path], msd_dir, **{"workers": 1} | options)


def run(program, *arguments):
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


def test_folder_and_zip_give_the_same_tables(tmp_path):
    members = dict(sorted(files(range(30)).items()))
    ingest(write_zip(tmp_path / "a.zip", members), tmp_path / "a")
    ingest(write_folder(tmp_path / "songs", members), tmp_path / "b")
    assert tables(tmp_path / "a") == tables(tmp_path / "b")


def test_nothing_but_tables_manifest_and_list_of_malformed_files_is_left(tmp_path):
    ingest(write_zip(tmp_path / "a.zip", files([1])), tmp_path / "msd")
    assert sorted(path.name for path in (tmp_path / "msd").iterdir()) == [
        "lastfm_similar.parquet",
        "lastfm_tag.parquet",
        "lastfm_track.parquet",
        "malformed.csv",
        "manifest.json",
    ]


def test_two_workers_give_the_bytes_of_one(tmp_path, small_chunks):
    path = write_zip(tmp_path / "a.zip", files(range(23)))
    ingest(path, tmp_path / "a")
    ingest(path, tmp_path / "b", workers=2)
    assert everything(tmp_path / "a") == everything(tmp_path / "b")


@pytest.mark.parametrize("workers", [1, 2])
def test_many_files_are_read_by_machine_code_to_the_same_bytes(
    tmp_path, small_chunks, monkeypatch, workers
):
    odd = {place(30): b"{", place(40): content(40, artist="é", more=1), place(50): b""}
    repeated = {f"again/{place(2).split('/')[-1]}": content(2, title="other")}
    path = write_zip(tmp_path / "a.zip", files(range(13)) | odd | repeated | files(range(60, 66)))
    ingest(path, tmp_path / "a")
    monkeypatch.setattr(msd, "MANY_FILES", 0)
    ingest(path, tmp_path / "b", workers=workers)
    assert everything(tmp_path / "a") == everything(tmp_path / "b")


@pytest.mark.parametrize(
    ("workers", "where", "n_read"),
    [
        (1, "10", 10),
        (2, "15", 15),
        (1, "merging", 23),
        (1, "publishing", 23),
        (1, "compiled 15", 15),
        (1, "compiled merging", 23),
    ],
)
def test_killed_run_is_taken_up_and_equals_an_uninterrupted_one(
    tmp_path, small_chunks, workers, where, n_read
):
    path = write_zip(tmp_path / "a.zip", files(range(23)))
    killed = run(KILLED, path, tmp_path / "msd", workers, where)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert not (tmp_path / "msd" / "manifest.json").exists()
    assert ingest(path, tmp_path / "msd").files_reused >= n_read
    ingest(path, tmp_path / "whole")
    assert everything(tmp_path / "msd") == everything(tmp_path / "whole")


def test_interrupt_leaves_the_old_tables_and_the_parts(tmp_path, small_chunks):
    ingest(write_zip(tmp_path / "old.zip", files([1])), tmp_path / "msd")
    before = everything(tmp_path / "msd")

    def interrupt(done, total):
        if done == 10:
            raise KeyboardInterrupt

    path = write_zip(tmp_path / "a.zip", files(range(23)))
    with pytest.raises(KeyboardInterrupt):
        ingest(path, tmp_path / "msd", on_files=interrupt)
    assert everything(tmp_path / "msd") == before
    report = ingest(path, tmp_path / "msd")
    assert (report.files_reused, report.is_replacement) == (10, True)


def test_parts_left_after_the_end_are_swept_by_the_next_run(tmp_path, small_chunks):
    path = write_zip(tmp_path / "a.zip", files(range(9)))

    def copy_parts(text):
        shutil.copytree(tmp_path / "msd" / ".parts", tmp_path / "copy")

    ingest(path, tmp_path / "msd", on_phase=copy_parts)
    (tmp_path / "copy").rename(tmp_path / "msd" / ".parts")
    assert ingest(path, tmp_path / "msd").is_unchanged
    assert not (tmp_path / "msd" / ".parts").exists()


def test_second_run_does_nothing_wherever_the_zip_lies(tmp_path):
    path = write_zip(tmp_path / "a.zip", files([1, 2]))
    first = ingest(path, tmp_path / "msd")
    times = {each: each.stat().st_mtime_ns for each in (tmp_path / "msd").iterdir()}
    second = ingest(path.rename(tmp_path / "b.zip"), tmp_path / "msd")
    assert (first.is_unchanged, second.is_unchanged) == (False, True)
    assert second.manifest == first.manifest
    assert times == {each: each.stat().st_mtime_ns for each in (tmp_path / "msd").iterdir()}


def test_lost_or_cut_table_is_made_again(tmp_path):
    path = write_zip(tmp_path / "a.zip", files([1, 2]))
    ingest(path, tmp_path / "msd")
    before = everything(tmp_path / "msd")
    (tmp_path / "msd" / "lastfm_tag.parquet").unlink()
    (tmp_path / "msd" / "lastfm_track.parquet").write_bytes(b"PAR1")
    assert not ingest(path, tmp_path / "msd").is_unchanged
    assert everything(tmp_path / "msd") == before


def test_several_inputs_are_taken_together_and_a_song_of_both_counts_once(tmp_path):
    train = write_zip(tmp_path / "train.zip", files([1, 2]))
    test = write_folder(tmp_path / "test", files([2, 3]))
    report = ingest_msd([train, test], tmp_path / "msd", workers=1)
    assert [each.name for each in report.manifest.inputs] == ["train.zip", "test"]
    assert (report.manifest.counts.songs, report.manifest.counts.duplicates) == (3, 1)
    found = [row["msd_id"] for row in rows(tmp_path / "msd", "lastfm_track")][:3]
    assert found == [song_id(1), song_id(2), song_id(3)]


def test_malformed_files_are_named_and_stop_nothing(tmp_path):
    good = files([1, 2])
    bad = {
        place(3): b"{",
        place(4): b"",
        place(5): content(5, tags="none"),
        place(6): content(7),
        place(8): b" " * (2**20 + 1),
        f"../{song_id(9)}.json": content(9),
        "a\nb\x1b[31m.json": b"{}",
    }
    report = ingest(write_zip(tmp_path / "a.zip", good | bad), tmp_path / "msd")
    assert (report.manifest.counts.songs, report.manifest.counts.malformed) == (2, len(bad))
    ingest(write_zip(tmp_path / "b.zip", good), tmp_path / "good")
    assert tables(tmp_path / "msd") == tables(tmp_path / "good")


def test_input_of_which_nothing_can_be_read_leaves_the_old_tables(tmp_path):
    ingest(write_zip(tmp_path / "old.zip", files([1])), tmp_path / "msd")
    before = everything(tmp_path / "msd")
    path = write_zip(tmp_path / "a.zip", {place(1): b"{", place(2): b""})
    with pytest.raises(InputError, match=r"no file of 2 can be read; .* is not JSON .*; give"):
        ingest(path, tmp_path / "msd")
    assert everything(tmp_path / "msd") == before


def test_missing_input_makes_no_folder(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        ingest(tmp_path / "none.zip", tmp_path / "state" / "msd")
    assert not (tmp_path / "state").exists()


def test_full_disk_leaves_the_tables_and_says_what_to_do(tmp_path):
    ingest(write_zip(tmp_path / "old.zip", files([1])), tmp_path / "msd")
    before = everything(tmp_path / "msd")
    path = write_zip(tmp_path / "a.zip", files(range(60)))
    failed = run(FULL_DISK, path, tmp_path / "msd")
    assert "cannot write" in failed.stdout, failed.stderr
    assert (failed.stdout.count("\n"), failed.stderr) == (1, "")
    assert everything(tmp_path / "msd") == before


def test_place_that_cannot_be_a_folder_is_a_storage_error(tmp_path):
    (tmp_path / "state").write_text("a file")
    with pytest.raises(StorageError, match="cannot write"):
        ingest(write_zip(tmp_path / "a.zip", files([1])), tmp_path / "state" / "msd")


def test_second_ingest_at_the_same_time_is_refused(tmp_path):
    with writing(tmp_path / "msd"), pytest.raises(StateInUse, match="another `harvest msd` is wri"):
        ingest(write_zip(tmp_path / "a.zip", files([1])), tmp_path / "msd")


def test_names_that_are_not_utf_8_do_no_harm(tmp_path):
    folder = write_folder(tmp_path / "a\udcff", files([1]))
    (folder / os.fsdecode(b"\xfe.json")).write_bytes(b"{}")
    report = ingest(folder, tmp_path / "msd")
    assert (report.manifest.counts.songs, report.manifest.counts.malformed) == (1, 1)
    assert ingest(folder, tmp_path / "msd").is_unchanged


@pytest.mark.real
@pytest.mark.skipif(not REAL.exists(), reason="the real files are not here")
def test_real_files_have_their_known_counts(tmp_path):
    counts = ingest(REAL, tmp_path).manifest.counts
    assert (counts.songs, counts.tags, counts.similars, counts.malformed) == (3, 4, 61, 0)
