from pathlib import Path

import pytest

from harvest.commands.telling import finish, note, told_of_tables
from harvest.errors import Postponed
from harvest.jobs.running import Report
from harvest.worklist import Counts, Run

FACTS = {"pieces": (3, "file"), "n_reused": 0}


def test_a_note_stands_beside_the_result(capsys):
    note("mind the gap")
    assert capsys.readouterr() == ("", "harvest: note: mind the gap\n")


def test_what_a_file_is_called_neither_ends_a_note_nor_colours_the_terminal(capsys):
    note("a\nb\x1b[31m \udce9.zip: Größe")
    assert capsys.readouterr().err == "harvest: note: a\ufffdb\ufffd[31m \ufffd.zip: Größe\n"


def report_of(counts, ended_by=None):
    run = Run(1, 1, started_at=5.0, seen_at=3.0, settled=0, requests=2, outcome="done")
    return Report("lastfm", counts, run, ended_by, 0)


def test_a_service_that_knows_none_of_many_tracks_is_worth_a_note(capsys):
    finish(report_of(Counts(missing=20)))
    assert capsys.readouterr().err == (
        "harvest: note: none of 20 tracks is known to the service; if that cannot be, look at its "
        "address and the tables, then `harvest retry-dead lastfm --missing`\n"
    )
    for counts in (Counts(missing=19), Counts(missing=500, done=1)):
        finish(report_of(counts))
        assert capsys.readouterr().err == ""


def test_a_run_over_which_the_clock_was_set_back_took_no_negative_time(capsys):
    finish(report_of(Counts(done=1)))
    assert capsys.readouterr().out.endswith("2 requests in 0.0 s\n")


def test_what_ended_a_run_is_raised_once_its_end_was_told(capsys):
    with pytest.raises(Postponed):
        finish(report_of(Counts(missing=50), Postponed("later")))
    assert capsys.readouterr().out.startswith("lastfm: 0 of 50 tracks done, 50 missing")


def test_tables_made_of_the_same_input_are_up_to_date():
    told = told_of_tables(Path("t"), "7 rows", is_unchanged=True, is_replacement=False, **FACTS)
    assert told == "t is up to date: 7 rows"


def test_tables_that_were_replaced_say_so():
    told = told_of_tables(Path("t"), "7 rows", is_unchanged=False, is_replacement=True, **FACTS)
    assert told == "t: 7 rows, from 3 files; replaced the tables of another input"
