import csv
import os
import sqlite3
from contextlib import closing

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from harvest import exporting
from harvest.errors import InputError, StateInUse, StorageError
from harvest.exporting import FILES, SCRATCH_PREFIX, export
from harvest.jobs.importing import import_features
from harvest.store import Store
from tests.harvest.fakes import ID, record

FORMS = ("csv", "parquet")


def stored(state, query):
    with closing(sqlite3.connect(state / "harvest.db")) as db:
        return db.execute(query).fetchall()


def read_csv(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize("form", FORMS)
def test_every_table_becomes_a_file_and_its_rows_are_counted(form, gathered, tmp_path):
    written = export(gathered, tmp_path / "out", form=form)
    assert {each.path.name: each.rows for each in written} == {
        f"audio_features.{form}": 6,
        f"lastfm_track.{form}": 8,
        f"lastfm_tag.{form}": 12,
        f"lastfm_similar.{form}": 12,
        f"spotify_track.{form}": 0,
        f"tasks.{form}": 20,
    }
    # Nothing else is left there.
    assert {each.path for each in written} == set((tmp_path / "out").iterdir())


def test_columns_are_those_of_the_schema_but_for_the_file_s_own_number(gathered, tmp_path):
    for written, selection in zip(
        export(gathered, tmp_path, form="csv"), FILES.values(), strict=True
    ):
        columns = stored(gathered, f"SELECT name FROM pragma_table_info('{selection.table}')")
        assert read_csv(written.path)[0] == [
            name for (name,) in columns if name not in {"track_id", "twin_of"}
        ]


def test_parquet_has_the_very_values(gathered, tmp_path):
    for written, selection in zip(
        export(gathered, tmp_path, form="parquet"), FILES.values(), strict=True
    ):
        table = pq.read_table(written.path)
        rows = [tuple(row.values()) for row in table.to_pylist()]
        columns = ", ".join(table.column_names)
        query = f"SELECT {columns} FROM {selection.table} ORDER BY {selection.order}"
        assert rows == stored(gathered, query)


def test_parquet_types_and_nulls_are_those_of_the_schema(gathered, tmp_path):
    export(gathered, tmp_path, form="parquet")
    schema = pq.read_schema(tmp_path / "audio_features.parquet")
    assert schema.field("spotify_id") == pa.field("spotify_id", pa.string(), nullable=False)
    assert schema.field("tempo") == pa.field("tempo", pa.float64(), nullable=False)
    assert schema.field("key") == pa.field("key", pa.int64(), nullable=True)
    tags = pq.read_schema(tmp_path / "lastfm_tag.parquet")
    assert not tags.field("tag").nullable


def test_csv_follows_rfc_4180_and_leaves_nulls_empty(gathered, tmp_path):
    with closing(sqlite3.connect(gathered / "harvest.db")) as db, db:
        db.execute("UPDATE audio_features SET key = NULL, tempo = 0.1 WHERE track_id = 1")
    export(gathered, tmp_path, form="csv")
    content = (tmp_path / "audio_features.csv").read_bytes().decode()
    first = content.split("\r\n")[1]
    assert first.startswith(
        f"{ID(0)},0.5,0.25,,-7.5,1,0.125,0.0,1.0,0.75,0.375,0.1,200000,4,spotify,"
    )
    tags = (tmp_path / "lastfm_tag.csv").read_bytes().decode()
    assert f'{ID(0)},"rock, hard",100\r\n' in tags
    similars = (tmp_path / "lastfm_similar.csv").read_bytes().decode()
    assert f'{ID(0)},B,"a ""B""",0.1\r\n' in similars
    assert f'{ID(0)},C,"é\nü",1.0\r\n' in similars


def test_a_text_is_written_as_it_came_even_where_a_spreadsheet_takes_it_for_a_formula(
    gathered, tmp_path
):
    export(gathered, tmp_path, form="csv")
    assert [ID(0), "=cmd", "7"] in read_csv(tmp_path / "lastfm_tag.csv")


def test_similar_tracks_stand_in_the_order_of_their_rank(gathered, tmp_path):
    export(gathered, tmp_path, form="csv")
    rows = read_csv(tmp_path / "lastfm_similar.csv")[1:5]
    assert [(row[0], row[3]) for row in rows] == [
        (ID(0), "1.0"),
        (ID(0), "0.1"),
        (ID(1), "1.0"),
        (ID(1), "0.1"),
    ]


def test_the_tasks_say_what_is_missing_and_dead_and_why(gathered, tmp_path):
    export(gathered, tmp_path, form="csv")
    header, *rows = read_csv(tmp_path / "tasks.csv")
    tasks = [dict(zip(header, row, strict=True)) for row in rows]
    why = {(t["job"], t["spotify_id"], t["state"], t["error"]) for t in tasks if t["error"]}
    assert why == {
        ("spotify", ID(6), "missing", "nobody knows it"),
        ("lastfm", ID(6), "missing", "nobody knows it"),
        ("spotify", ID(7), "dead", "poison"),
        ("lastfm", ID(7), "dead", "poison"),
    }


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("page_rows", [1, 7, 1000])
def test_two_exports_of_one_state_have_the_same_bytes(
    form, page_rows, gathered, tmp_path, monkeypatch
):
    export(gathered, tmp_path / "first", form=form)
    monkeypatch.setattr(exporting, "PAGE_ROWS", page_rows)
    export(gathered, tmp_path / "second", form=form)
    for path in (tmp_path / "first").iterdir():
        assert path.read_bytes() == (tmp_path / "second" / path.name).read_bytes()


@pytest.mark.parametrize("form", FORMS)
def test_import_reads_the_same_features_back(form, gathered, tmp_path):
    with closing(sqlite3.connect(gathered / "harvest.db")) as db, db:
        db.execute("UPDATE audio_features SET tempo = 1.0 / 3, mode = NULL WHERE track_id = 1")
        db.execute("UPDATE audio_features SET duration_ms = NULL WHERE track_id = 2")
        db.execute("UPDATE audio_features SET time_signature = NULL, key = -1 WHERE track_id = 3")
    export(gathered, tmp_path / "out", form=form)
    path = tmp_path / "out" / f"audio_features.{form}"
    report = import_features(tmp_path / "new", [path], provider="spotify", overwrite=False)
    assert (report.stored, report.rejected) == (6, 0)
    columns = pq.read_schema(path).names if form == "parquet" else read_csv(path)[0]
    query = f"SELECT {', '.join(columns[:-1])} FROM audio_features ORDER BY spotify_id"
    assert stored(tmp_path / "new", query) == stored(gathered, query)


def test_all_files_show_one_moment_beside_a_writer(gathered, tmp_path, monkeypatch):
    # Between the first file and the second, another process stores one more track.
    write = exporting._write
    with Store.open(gathered) as store:

        def write_and_store(*arguments):
            n_rows = write(*arguments)
            if store.counts("spotify").total == 10:
                store.import_features([record(ID(50))], provider="mine", overwrite=False)
                monkeypatch.setattr(exporting, "_write", write)
            return n_rows

        monkeypatch.setattr(exporting, "_write", write_and_store)
        assert [each.rows for each in export(gathered, tmp_path, form="csv")] == [
            6,
            8,
            12,
            12,
            0,
            20,
        ]
    assert [each.rows for each in export(gathered, tmp_path, form="csv")] == [7, 8, 12, 12, 0, 21]


@pytest.mark.parametrize(
    "what_broke", [KeyboardInterrupt(), OSError(28, "No space left on device")]
)
def test_whatever_breaks_an_export_the_files_of_the_last_one_stay(
    what_broke, gathered, tmp_path, monkeypatch
):
    out = tmp_path / "out"
    export(gathered, out, form="csv")
    before = {path: path.read_bytes() for path in out.iterdir()}

    def fail(_):
        raise what_broke

    monkeypatch.setattr(os, "fsync", fail)
    expected = StorageError if isinstance(what_broke, OSError) else KeyboardInterrupt
    with pytest.raises(expected):
        export(gathered, out, form="csv")
    assert {path: path.read_bytes() for path in out.iterdir()} == before


def test_what_a_killed_export_left_behind_is_cleared(gathered, tmp_path):
    left = tmp_path / "out" / f"{SCRATCH_PREFIX}x"
    left.mkdir(parents=True)
    (left / "tasks.csv").write_text("half")
    export(gathered, tmp_path / "out", form="csv")
    assert not left.exists()


@pytest.mark.parametrize("name", [".export", f"{SCRATCH_PREFIX}mine"])
@pytest.mark.parametrize("fails", [False, True])
def test_nothing_is_removed_that_no_export_made(name, fails, gathered, tmp_path):
    theirs = tmp_path / "out" / name / "notes.txt"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("mine")
    if fails:
        (tmp_path / "out/tasks.csv").mkdir()
        with pytest.raises(InputError):
            export(gathered, tmp_path / "out", form="csv")
    else:
        export(gathered, tmp_path / "out", form="csv")
    assert theirs.read_text() == "mine"


def test_a_folder_in_the_place_of_a_file_is_named_and_no_other_file_replaced(gathered, tmp_path):
    (tmp_path / "audio_features.csv").write_text("of the last export")
    (tmp_path / "lastfm_tag.csv").mkdir()
    with pytest.raises(InputError, match=r"lastfm_tag\.csv is a folder, where a file is to go; "):
        export(gathered, tmp_path, form="csv")
    assert (tmp_path / "audio_features.csv").read_text() == "of the last export"
    assert {path.name for path in tmp_path.iterdir()} == {
        "audio_features.csv",
        "lastfm_tag.csv",
        "state",
    }


def test_a_file_that_cannot_be_replaced_is_named(gathered, tmp_path, monkeypatch):
    def refuse(self, target):
        raise PermissionError(1, "Operation not permitted", str(self), None, str(target))

    monkeypatch.setattr(exporting.Path, "replace", refuse)
    with pytest.raises(StorageError, match=r"cannot use .*/out/audio_features\.csv: Operation not"):
        export(gathered, tmp_path / "out", form="csv")


def test_two_exports_into_one_folder_do_not_meet(gathered, tmp_path):
    with exporting._scratch(tmp_path):
        with pytest.raises(StateInUse, match="another `harvest export`"):
            export(gathered, tmp_path, form="csv")
        assert len(list(tmp_path.glob(f"{SCRATCH_PREFIX}*"))) == 1


def test_a_place_that_cannot_be_written_is_one_clear_error(gathered, tmp_path):
    (tmp_path / "out").write_text("in the way")
    with pytest.raises(StorageError, match=r"cannot use .*out: "):
        export(gathered, tmp_path / "out", form="csv")


def test_a_state_without_anything_gathered_has_nothing_to_export(store, tmp_path):
    for state in (tmp_path / "nowhere", tmp_path / "state"):
        with pytest.raises(InputError, match="nothing to export"):
            export(state, tmp_path / "out", form="csv")
    assert not (tmp_path / "out").exists()


def test_an_older_version_is_left_to_a_job_to_bring_up_to_date(gathered, tmp_path):
    with closing(sqlite3.connect(gathered / "harvest.db")) as db, db:
        db.execute("PRAGMA user_version = 1")
    with pytest.raises(InputError, match="of version 1; start a job once"):
        export(gathered, tmp_path / "out", form="csv")


def test_a_value_of_another_type_than_its_column_is_told_as_damage(gathered, tmp_path):
    with Store.open(gathered) as store, store.transaction() as db:
        db.execute("UPDATE audio_features SET tempo = 'fast' WHERE track_id = 3")
    with pytest.raises(StorageError, match=r"harvest\.db is damaged .*fast"):
        export(gathered, tmp_path / "out", form="parquet")
