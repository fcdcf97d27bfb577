"""Whole ingests: the same input again, another input, errors, the real sample."""

import subprocess
import sys
from pathlib import Path

import pytest

from harvest.errors import InputError, StateInUse, StorageError
from harvest.sources.mpd import ingest
from harvest.table_writer import writing

REAL = Path(__file__).parents[3].parent / "shared" / "data" / "mpd_dev.zip"

FULL_DISK = """
import resource, sys
from pathlib import Path
from harvest.errors import StorageError
from harvest.sources.mpd import ingest

resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
try:
    ingest(Path(sys.argv[1]), Path(sys.argv[2]), workers=int(sys.argv[3]))
except StorageError as error:
    print(error)
"""


def test_folder_and_zip_give_the_same_tables(mpd, tmp_path):
    members = mpd.slices(3)
    ingest(mpd.zip(members), tmp_path / "a", workers=1)
    ingest(mpd.folder(members), tmp_path / "b", workers=1)
    assert mpd.tables(tmp_path / "a") == mpd.tables(tmp_path / "b")


def test_nothing_but_tables_and_manifest_is_left(mpd, tmp_path):
    ingest(mpd.zip(mpd.slices(2)), tmp_path / "tables", workers=1)
    assert sorted(path.name for path in (tmp_path / "tables").iterdir()) == [
        "albums.parquet",
        "artists.parquet",
        "entries.parquet",
        "manifest.json",
        "playlists.parquet",
        "tracks.parquet",
    ]


def test_second_run_does_nothing(mpd, tmp_path):
    path = mpd.zip(mpd.slices(2))
    first = ingest(path, tmp_path / "tables", workers=1)
    times = {file: file.stat().st_mtime_ns for file in (tmp_path / "tables").iterdir()}
    called = []
    second = ingest(path, tmp_path / "tables", on_slice=lambda *told: called.append(told))
    assert (first.is_unchanged, second.is_unchanged, called) == (False, True, [])
    assert second.manifest == first.manifest
    assert first.manifest.counts["entries"] == 240  # 2 slices of 10 playlists of 12
    assert times == {file: file.stat().st_mtime_ns for file in (tmp_path / "tables").iterdir()}


def test_moved_zip_is_the_same_input(mpd, tmp_path):
    path = mpd.zip(mpd.slices(1))
    ingest(path, tmp_path / "tables", workers=1)
    assert ingest(path.rename(tmp_path / "other.zip"), tmp_path / "tables", workers=1).is_unchanged


def test_lost_table_is_made_again(mpd, tmp_path):
    path = mpd.zip(mpd.slices(1))
    ingest(path, tmp_path / "tables", workers=1)
    before = mpd.content(tmp_path / "tables")
    (tmp_path / "tables" / "albums.parquet").unlink()
    assert not ingest(path, tmp_path / "tables", workers=1).is_unchanged
    assert mpd.content(tmp_path / "tables") == before


def test_other_input_replaces_the_tables(mpd, tmp_path):
    ingest(mpd.zip(mpd.slices(2)), tmp_path / "tables", workers=1)
    report = ingest(mpd.zip(mpd.slices(1), "b.zip"), tmp_path / "tables", workers=1)
    assert report.is_replacement
    assert report.manifest.counts["playlists"] == 10
    assert len(mpd.rows(tmp_path / "tables", "playlists")) == 10


def test_other_input_is_refused_while_own_playlists_in_the_tables_are_kept_nowhere(mpd, tmp_path):
    folder = tmp_path / "state" / "tables"
    ingest(mpd.zip(mpd.slices(1)), folder, workers=1)
    manifest = folder / "manifest.json"
    manifest.write_text(
        manifest.read_text().replace('"counts": {', '"counts": {"own_playlists": 1,')
    )
    before = {path: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(InputError, match=r"state/playlists/manifest.json is missing, while"):
        ingest(mpd.zip(mpd.slices(2), "other.zip"), folder, workers=1)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_every_slice_is_told_in_order(mpd, tmp_path):
    told = []
    path = mpd.zip(mpd.slices(3))
    ingest(path, tmp_path / "tables", workers=2, on_slice=lambda *each: told.append(each))
    assert told == [
        (1, 3, "data/mpd.slice.0-9.json"),
        (2, 3, "data/mpd.slice.10-19.json"),
        (3, 3, "data/mpd.slice.20-29.json"),
    ]


def test_crash_between_renames_is_completed_by_the_next_run(mpd, tmp_path):
    path = mpd.zip(mpd.slices(2))
    ingest(path, tmp_path / "whole", workers=1)
    ingest(mpd.zip(mpd.slices(1), "old.zip"), tmp_path / "tables", workers=1)
    (tmp_path / "tables" / "manifest.json").unlink()
    new = (tmp_path / "whole" / "tracks.parquet").read_bytes()
    (tmp_path / "tables" / "tracks.parquet").write_bytes(new)
    ingest(path, tmp_path / "tables", workers=1)
    assert mpd.content(tmp_path / "tables") == mpd.content(tmp_path / "whole")


@pytest.mark.parametrize("workers", [1, 2])
def test_bad_slice_leaves_the_tables_and_is_named(mpd, tmp_path, workers):
    ingest(mpd.zip(mpd.slices(1), "old.zip"), tmp_path / "tables", workers=1)
    before = mpd.content(tmp_path / "tables")
    members = mpd.slices(4) | {"data/mpd.slice.20-29.json": b'{"playlists": [{"pid": "x"}]}'}
    with pytest.raises(InputError, match=r"mpd\.slice\.20-29\.json is not a slice .*\[0\]\.pid"):
        ingest(mpd.zip(members), tmp_path / "tables", workers=workers)
    assert mpd.content(tmp_path / "tables") == before


def test_slices_without_a_playlist_are_refused_and_leave_the_tables(mpd, tmp_path):
    tables = tmp_path / "tables"
    ingest(mpd.zip(mpd.slices(2)), tables)
    before = mpd.content(tables)
    empty = mpd.folder({"mpd.slice.0-9.json": mpd.slice([])})
    for _ in range(2):
        with pytest.raises(InputError, match=r"mpd: no playlist in 1 slice; expected some under "):
            ingest(empty, tables)
    assert mpd.content(tables) == before


@pytest.mark.parametrize("workers", [1, 2])
def test_slice_cut_short_is_named_and_what_was_read_stays_for_the_next_run(mpd, tmp_path, workers):
    members = mpd.slices(4)
    cut = members | {"data/mpd.slice.20-29.json": members["data/mpd.slice.20-29.json"][:-50]}
    folder = mpd.folder(cut)
    with pytest.raises(InputError, match=r"20-29\.json is not whole JSON .* truncated; get the"):
        ingest(folder, tmp_path / "tables", workers=workers)
    (folder / "data/mpd.slice.20-29.json").write_bytes(members["data/mpd.slice.20-29.json"])
    assert ingest(folder, tmp_path / "tables", workers=workers).slices_reused >= 2
    ingest(mpd.zip(members), tmp_path / "whole", workers=1)
    assert mpd.tables(tmp_path / "tables") == mpd.tables(tmp_path / "whole")


def test_same_slice_in_two_folders_is_counted_as_duplicates(mpd, tmp_path):
    (content,) = mpd.slices(1).values()
    path = mpd.zip({"a/mpd.slice.0-9.json": content, "b/mpd.slice.0-9.json": content})
    report = ingest(path, tmp_path / "tables", workers=2)
    counts = report.manifest.counts
    assert (counts["playlists"], counts["duplicate_playlists"]) == (10, 10)
    assert report.warnings == ("10 playlists left out: their pid occurs earlier in the input",)


def test_missing_slice_is_said_and_the_rest_is_kept(mpd, tmp_path):
    members = mpd.slices(4)
    del members["data/mpd.slice.10-19.json"]
    report = ingest(mpd.zip(members), tmp_path / "tables", workers=1)
    assert report.manifest.counts["playlists"] == 30
    assert report.warnings == ("no slice covers pids 10-19",)


def test_missing_input_makes_no_folder(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        ingest(tmp_path / "none.zip", tmp_path / "state" / "tables")
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize("workers", [1, 2])
def test_full_disk_leaves_the_tables_and_says_what_to_do(mpd, tmp_path, workers):
    ingest(mpd.zip(mpd.slices(1), "old.zip"), tmp_path / "tables", workers=1)
    before = mpd.content(tmp_path / "tables")
    path = mpd.zip(mpd.slices(4))
    command = [sys.executable, "-c", FULL_DISK, path, tmp_path / "tables", str(workers)]
    failed = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert "cannot write" in failed.stdout, failed.stderr
    assert failed.stdout.count("\n") == 1
    assert failed.stderr == ""
    assert mpd.content(tmp_path / "tables") == before
    assert not ingest(path, tmp_path / "tables", workers=1).is_unchanged


def test_place_that_cannot_be_a_folder_is_a_storage_error(mpd, tmp_path):
    (tmp_path / "state").write_text("a file")
    with pytest.raises(StorageError, match="cannot write"):
        ingest(mpd.zip(mpd.slices(1)), tmp_path / "state" / "tables")


def test_second_ingest_at_the_same_time_is_refused(mpd, tmp_path):
    with writing(tmp_path / "tables"), pytest.raises(StateInUse, match="is writing"):
        ingest(mpd.zip(mpd.slices(1)), tmp_path / "tables", workers=1)


def test_oddities_are_counted_and_told_again_by_a_run_that_does_nothing(mpd, tmp_path):
    members = {
        "mpd.slice.0-9.json": mpd.slice([mpd.playlist(0, [1], num_tracks=9)], version="v2"),
        "mpd.slice.30-39.json": mpd.slice([mpd.playlist(30, [], name="\ud83d")]),
    }
    path = mpd.zip(members)
    report = ingest(path, tmp_path / "tables", workers=1)
    counts = report.manifest.counts
    assert counts["num_tracks_mismatches"] == 1
    assert counts["other_version_slices"] == 1
    assert counts["mended_slices"] == 1
    assert report.gaps == ("10-29",)
    assert report.warnings == (
        "1 playlist has another number of tracks than it says",
        "1 slice holds broken characters, kept as U+FFFD",
        "1 slice is of another version than v1, read as v1",
        "no slice covers pids 10-29",
    )
    assert ingest(path, tmp_path / "tables", workers=1).warnings == report.warnings


def test_name_that_is_not_utf_8_does_no_harm(mpd, tmp_path):
    path = mpd.zip(mpd.slices(1)).rename(tmp_path / "mpd \udcff.zip")
    assert ingest(path, tmp_path / "tables", workers=1).manifest.counts["playlists"] == 10
    assert ingest(path, tmp_path / "tables", workers=1).is_unchanged


@pytest.mark.real
@pytest.mark.skipif(not REAL.exists(), reason="the real sample is not here")
def test_real_sample_has_its_known_counts(tmp_path):
    report = ingest(REAL, tmp_path / "tables")
    counts = report.manifest.counts
    assert (counts["playlists"], counts["entries"], counts["tracks"]) == (3_500, 338_959, 123_942)
    assert report.warnings == ()
