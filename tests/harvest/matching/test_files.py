"""The files of `harvest match`: all of them or none."""

import pytest

from harvest.errors import StorageError
from harvest.matching import files
from harvest.matching.job import match
from tests.harvest.msd_files import everything


def test_killed_before_the_end_the_matches_of_the_last_time_stay(write_state, monkeypatch):
    state = write_state([("A", "x")], [("A", "x")])
    match(state, workers=1)
    before = everything(state / "msd")

    def refuse(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.pq, "write_table", refuse)
    with pytest.raises(StorageError, match="No space left on device; free some space"):
        match(state, workers=1)
    assert everything(state / "msd") == before
    assert not (state / "msd" / files.SCRATCH_NAME).exists()


def test_names_of_any_kind_are_listed_as_they_are(write_state):
    name = 'a "b", =c\n\u202e夜'
    state = write_state([("A", name)] * 2, [("A", name)])
    match(state, workers=1)
    text = (state / "msd" / "ambiguous.csv").read_text("utf-8")
    assert text.count('"a ""b"", =c\n\u202e夜"') == 4
