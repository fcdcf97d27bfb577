import os
import sqlite3
import subprocess
import sys

import pytest

from harvest.machine.surroundings import LEAST_ROOM, Mark, harvester, rights, room, versions
from harvest.worklist import Run


def test_the_versions_are_those_that_run():
    sign = versions()
    assert sign.mark is Mark.GOOD
    assert f"Python {sys.version.split()[0]}" in sign.text
    assert f"SQLite {sqlite3.sqlite_version}" in sign.text


def test_an_old_sqlite_is_refused(monkeypatch):
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 34, 1))
    sign = versions()
    assert (sign.mark, sign.exit_code) == (Mark.BAD, 2)
    assert "3.35.0 or newer" in sign.text


def test_room_is_measured_without_leaving_a_trace(tmp_path):
    sign = room(tmp_path / "not/made/yet", 2_000_000)
    assert sign.mark is Mark.GOOD
    assert "about 2 MB needed" in sign.text
    assert list(tmp_path.iterdir()) == []


def test_too_little_room_is_said(tmp_path):
    sign = room(tmp_path, 10**18 - LEAST_ROOM)
    assert (sign.mark, sign.exit_code) == (Mark.BAD, 74)
    assert sign.text.endswith("needed to finish; make room")


def test_a_state_that_is_a_file_cannot_be_written(tmp_path):
    (tmp_path / "state").touch()
    sign = room(tmp_path / "state", 0)
    assert (sign.mark, sign.exit_code) == (Mark.BAD, 74)
    assert f"{tmp_path / 'state'} cannot be written" in sign.text


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_rights_that_are_missing_are_named(tmp_path):
    (tmp_path / "harvest.db").touch(0o400)
    assert "harvest.db cannot be written" in room(tmp_path, 0).text
    (tmp_path / "closed").mkdir(0o500)
    assert "closed cannot be written" in room(tmp_path / "closed/state", 0).text


def test_files_that_others_may_read_are_named(tmp_path):
    ours, open_to_all = tmp_path / ".env", tmp_path / "harvest.db"
    ours.touch(0o600)
    open_to_all.touch()
    open_to_all.chmod(0o644)
    (sign,) = rights([ours, open_to_all, tmp_path / "absent"])
    assert (sign.mark, sign.exit_code) == (Mark.NOTE, 0)
    assert f"chmod 600 {open_to_all}" in sign.text


def test_a_harvester_at_work_is_named_and_no_other():
    at_work = Run(1, os.getpid(), 1.5e9, 1.5e9, 0, 0, None)
    (sign,) = harvester("lastfm", at_work)
    assert f"process {os.getpid()} is at work on it since 2017-07-1" in sign.text
    ended = Run(1, os.getpid(), 1.5e9, 1.5e9, 0, 0, "done")
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        pass
    killed = Run(1, gone.pid, 1.5e9, 1.5e9, 0, 0, None)
    assert harvester("lastfm", ended) == harvester("lastfm", killed) == []
    assert harvester("lastfm", None) == []
