from pathlib import Path

from harvest.commands.telling import note, told_of_tables

FACTS = {"pieces": (3, "file"), "n_reused": 0}


def test_a_note_stands_beside_the_result(capsys):
    note("mind the gap")
    assert capsys.readouterr() == ("", "harvest: note: mind the gap\n")


def test_what_a_file_is_called_neither_ends_a_note_nor_colours_the_terminal(capsys):
    note("a\nb\x1b[31m \udce9.zip: Größe")
    assert capsys.readouterr().err == "harvest: note: a\ufffdb\ufffd[31m \ufffd.zip: Größe\n"


def test_tables_made_of_the_same_input_are_up_to_date():
    told = told_of_tables(Path("t"), "7 rows", is_unchanged=True, is_replacement=False, **FACTS)
    assert told == "t is up to date: 7 rows"


def test_tables_that_were_replaced_say_so():
    told = told_of_tables(Path("t"), "7 rows", is_unchanged=False, is_replacement=True, **FACTS)
    assert told == "t: 7 rows, from 3 files; replaced the tables of another input"
