"""What `harvest` says when it is called alone."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from rich.console import Console

from harvest.database.runs import RunLog
from harvest.manifests import read_manifest, table_path
from harvest.own_playlists.collecting import collect
from harvest.sources import msd_tables
from harvest.status.overview import (
    MATCH_MANIFEST,
    MSD_MANIFEST,
    first_contact,
    lacking_settings,
    next_steps,
    read_overview,
)
from harvest.store import Store
from harvest.tables import fingerprint
from harvest.worklist import Embargo
from tests.harvest.named_state import write_state
from tests.harvest.sources.lists.conftest import Lists

SETTINGS = ("SPOTIFY_CLIENT_ID", "SPOTIFY_CLIENT_SECRET", "SPOTIFY_API_KEY", "LASTFM_API_KEY")
NOW = 1.5e9


@pytest.fixture(autouse=True)
def no_settings(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def own(tmp_path):
    """A state with two tracks that have an id alone, and one that has names alone."""
    lists = Lists(tmp_path / "lists")
    named = lists.write("b.m3u", "#EXTM3U\n#EXTINF:1,Nina Simone - Sinnerman\nx.mp3\n")
    collect(tmp_path / "own", [lists.uris("a.txt", 1, 2), named], workers=1)
    return tmp_path / "own"


def commands(state, *, lacking=(), now=NOW):
    lacks = {job: f"no key for {job}" for job in lacking}
    return [each.command for each in next_steps(read_overview(state), lacking=lacks, now=now)]


def settle(state, job, n_dead=0):
    """Let a job be as if all its tracks were done, but some that are dead."""
    from harvest.jobs.running import add_tasks

    with Store.open(state) as store:
        add_tasks(store, job, state)
        with store.transaction() as db:
            db.execute("UPDATE task SET state = 'done' WHERE job = ?", (job,))
            db.execute(
                "UPDATE task SET state = 'dead' WHERE job = ? AND seq < ? AND seq >= 0",
                (job, n_dead),
            )


def text(state):
    console = Console(width=100)
    with console.capture() as captured:
        console.print(first_contact(state))
    return captured.get()


def test_an_empty_state_is_led_to_its_three_beginnings(tmp_path):
    assert commands(tmp_path / "none") == [
        "harvest demo",
        "harvest playlists PATH…",
        "harvest mpd PATH",
    ]
    assert "none yet" in text(tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_the_demos_state_is_named_where_it_is(own, tmp_path):
    (tmp_path / "state").mkdir()
    own.rename(tmp_path / "state" / "demo")
    assert commands(Path("state"))[-1] == "harvest --state state/demo"
    assert commands(Path("state/demo"))[0] == "harvest resolve"


def test_own_playlists_are_resolved_first_then_harvested(own):
    assert commands(own) == ["harvest resolve", "harvest spotify", "harvest lastfm", "model"]
    shown = text(own)
    assert "2, 2 of them your own; 3 entries of 3 tracks" in shown
    assert "0 of 2 tracks (0 %)" in shown


def test_without_keys_their_names_are_told_once_and_what_needs_none_comes_first(own):
    found = commands(own, lacking=["spotify", "lastfm"])
    assert "harvest spotify --provider reccobeats" in found
    shown = text(own)
    assert shown.index("reccobeats") < shown.index("once it is set up") < shown.index("resolve")
    assert shown.count("SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET are not set") == 1
    assert shown.count("LASTFM_API_KEY is not set") == 1


def test_settings_that_are_there_lack_nothing(monkeypatch):
    assert list(lacking_settings()) == ["spotify", "lastfm"]
    monkeypatch.setenv("SPOTIFY_API_KEY", "hunter2")
    monkeypatch.setenv("LASTFM_API_KEY", "hunter2")
    assert lacking_settings() == {}


def test_what_is_done_is_no_longer_proposed_and_dead_tracks_are(own):
    settle(own, "spotify", n_dead=1)
    settle(own, "lastfm")
    assert commands(own) == ["harvest resolve", "harvest retry-dead spotify", "model"]
    assert "1 of 2 tracks (50 %); 1 given up" in text(own)


def test_tables_that_grew_are_asked_for_again(own, tmp_path):
    settle(own, "lastfm")
    assert "harvest lastfm" not in commands(own)
    collect(own, [Lists(tmp_path / "more").uris("c.txt", 3)], workers=1)
    assert "harvest lastfm" in commands(own)
    assert "listeners, tags and similar tracks of 1 track" in text(own)


def test_tables_that_changed_and_did_not_grow_are_asked_for_again(own, tmp_path):
    settle(own, "lastfm")
    collect(own, [Lists(tmp_path / "more").uris("c.txt", 3)], replaces=True, workers=1)
    assert "harvest lastfm" in commands(own)
    assert "of the tracks that the tables have got since" in text(own)


def test_a_service_that_wants_peace_comes_last(own):
    tomorrow = time.time() + 86400
    with Store.open(own) as store:
        store.add_tasks(
            "spotify", [[("a" * 22, "A", "T")]], fingerprint=fingerprint(own / "tables")
        )
        RunLog(store).set_embargo("spotify", Embargo(tomorrow, "quota"))
    assert commands(own, now=tomorrow - 60)[-1] == "harvest spotify"
    assert "spotify: quota; nothing is sent before 20" in text(own)
    assert commands(own, now=tomorrow)[1] == "harvest spotify"


def test_beside_a_harvester_at_work_no_other_is_proposed(own):
    settle(own, "spotify")
    with Store.open(own) as store:
        run_id = RunLog(store).begin("spotify")
        assert commands(own) == ["harvest status", "model"]
        assert f"spotify: process {os.getpid()} is at work on it since" in text(own)
        RunLog(store).end(run_id, "done")
    assert commands(own)[0] == "harvest resolve"


def test_songs_that_were_read_are_to_be_matched(tmp_path):
    state = write_state(tmp_path / "state", [("A", "x")], [("A", "x")])
    assert "harvest match" in commands(state)
    assert "tables that nobody counted" in text(state)
    (state / MATCH_MANIFEST).touch()
    assert "harvest match" not in commands(state)


def test_the_files_of_songs_are_those_that_harvest_msd_writes():
    assert str(MSD_MANIFEST) == f"{msd_tables.MSD_FOLDER}/manifest.json"
    assert str(MATCH_MANIFEST) == f"{msd_tables.MSD_FOLDER}/{msd_tables.MATCH_MANIFEST_NAME}"


def test_half_replaced_tables_count_as_uncounted(own):
    table_path(own / "tables", "albums").unlink()
    assert read_manifest(own / "tables") is None
    assert "tables that nobody counted" in text(own)


def test_nothing_heavy_is_imported_for_it():
    heavy = {"pyarrow", "numpy", "pandas", "aiohttp", "httpx2", "pylast"}
    code = f"import sys, harvest.cli, harvest.status.overview; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
