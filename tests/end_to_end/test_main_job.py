"""The demo catalogue through all commands, by their console scripts."""

import gzip
import json
import os
import re
import shutil
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest

from harvest import demo
from model.tables import read_tables
from tests.end_to_end.conftest import CREDENTIALS, Programs, running_emulator, stats

ROOT = Path(__file__).parents[2]
FAST = ("--rate", "5000")


SIZE = ("--playlists", "120")


@pytest.fixture(scope="module")
def harvested(tmp_path_factory):
    """A state with everything harvested, and what each command said."""
    folder = tmp_path_factory.mktemp("harvested")
    with running_emulator(folder, *SIZE) as urls:
        programs = Programs(folder, {**CREDENTIALS, **urls})
        said = {
            "catalogue": programs.run_script("harvest", "catalogue", "catalogue.zip", *SIZE),
            "mpd": programs.run_script("harvest", "mpd", "catalogue.zip"),
            "spotify": programs.run_script("harvest", "spotify", *FAST),
            "lastfm": programs.run_script("harvest", "lastfm", *FAST),
        }
        counted = stats(urls)
    return programs, said, counted


def test_every_command_ends_well_and_says_where_it_stands(harvested):
    _, said, _ = harvested
    for name, done in said.items():
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr
        assert len(done.stdout.splitlines()) == 1, name


def test_progress_goes_to_stderr_as_json_lines(harvested):
    _, said, _ = harvested
    for name in ("spotify", "lastfm"):
        lines = [json.loads(line) for line in said[name].stderr.splitlines()]
        assert lines[-1]["job"] == name
        assert lines[-1]["pending"] == 0


def test_every_track_is_asked_for_once_and_settled(harvested):
    programs, _, counted = harvested
    with sqlite3.connect(programs.state / "harvest.db") as db:
        n_features = db.execute("SELECT count(*) FROM audio_features").fetchone()[0]
        n_tags = db.execute("SELECT count(DISTINCT spotify_id) FROM lastfm_tag").fetchone()[0]
    db.close()
    spotify, lastfm = programs.counts("spotify"), programs.counts("lastfm")
    assert spotify["pending"] == lastfm["pending"] == 0
    assert spotify["total"] == lastfm["total"] == counted["ids"]["spotify"]["asked"]
    assert spotify["missing"] > 0
    assert n_features == spotify["done"]
    assert 0 < n_tags <= lastfm["done"]
    assert counted["ids"]["spotify"]["served_again"] == 0


def test_a_second_harvest_sends_nothing(harvested, tmp_path):
    programs, *_ = harvested
    with running_emulator(tmp_path, *SIZE) as urls:
        again = programs.with_settings(**urls)
        for job in ("spotify", "lastfm"):
            done = again.run("harvest", job, *FAST)
            assert done.returncode == 0, done.stderr
        assert stats(urls)["requests"] == {}


def test_another_provider_s_features_are_kept_under_its_name(emulated):
    with emulated() as (programs, _):
        keyless = programs.with_settings(SPOTIFY_CLIENT_ID="", SPOTIFY_CLIENT_SECRET="")
        done = keyless.run("harvest", "spotify", "--provider", "reccobeats", *FAST)
        assert done.returncode == 0, done.stderr
    with sqlite3.connect(programs.state / "harvest.db") as db:
        providers = db.execute("SELECT DISTINCT provider FROM audio_features").fetchall()
    db.close()
    assert providers == [("reccobeats",)]
    assert programs.counts("spotify")["done"] > 0


def test_reading_the_same_playlists_again_does_nothing(harvested):
    programs, *_ = harvested
    before = {path: path.stat().st_mtime_ns for path in (programs.state / "tables").iterdir()}
    done = programs.run("harvest", "mpd", "catalogue.zip")
    assert (done.returncode, "up to date" in done.stdout) == (0, True)
    assert before == {
        path: path.stat().st_mtime_ns for path in (programs.state / "tables").iterdir()
    }


def test_what_harvest_writes_model_reads(harvested):
    programs, *_ = harvested
    tables = read_tables(programs.state)
    with sqlite3.connect(programs.state / "harvest.db") as db:
        n_features = db.execute("SELECT count(*) FROM audio_features").fetchone()[0]
    db.close()
    assert len(tables.playlists) == 120
    assert int(tables.features.has_row.sum()) == n_features
    assert len(tables.lists) == 120


@pytest.mark.parametrize("protocol", ["holdout", "published"])
def test_the_evaluation_prints_its_table_and_writes_its_files(protocol, harvested):
    programs, *_ = harvested
    done = programs.run("model", "evaluate", "--protocol", protocol, "--clusters", "2")
    assert done.returncode == 0, done.stderr
    words = ("diff", "distance", "match", "metric", "metric2", "R-precision", "NDCG", "clicks")
    for word in (*words, "random", "popularity", "not used"):
        assert word in done.stdout
    folder = programs.state / "results" / f"{protocol}-k2"
    assert json.loads((folder / "summary.json").read_text())
    with gzip.open(next(folder.glob("test-nucleus.csv.gz")), "rt") as rows:
        assert rows.readline().startswith(
            "playlist_id,n_clusters,start_num,metric,match,distance,numf,diff"
        )


def test_the_state_may_be_named_by_the_environment(harvested):
    programs, *_ = harvested
    elsewhere = programs.with_settings(HARVEST_STATE=str(programs.folder / "nowhere"))
    assert elsewhere.counts("spotify")["total"] == 0
    assert "nowhere" in elsewhere.run("model", "evaluate").stderr


def test_the_state_may_be_named_in_the_env_file(programs):
    (programs.folder / ".env").write_text("HARVEST_STATE=somewhere-else\n")
    assert "somewhere-else" in programs.run("model", "evaluate").stderr
    (programs.folder / "somewhere-else").mkdir()
    (programs.folder / "somewhere-else/harvest.db").write_text("no database at all" * 99)
    assert "somewhere-else" in programs.run("harvest", "status").stderr


def test_the_tables_are_taken_up_at_the_slice_where_a_killed_run_stopped(tmp_path):
    programs = Programs(tmp_path)
    folder = tmp_path / "dataset"
    programs.run("harvest", "catalogue", folder, "--playlists", "3000")
    undisturbed = programs.run("harvest", "mpd", folder, "--state", "undisturbed", "--workers", "1")
    assert undisturbed.returncode == 0, undisturbed.stderr
    with programs.start("harvest", "mpd", folder, "--workers", "1") as process:
        while not list(programs.state.glob("tables/.parts/*.part")):
            assert process.poll() is None
            time.sleep(0.01)
        process.kill()
        process.communicate()
    done = programs.run("harvest", "mpd", folder, "--workers", "1")
    assert "of them read before" in done.stdout
    for path in (tmp_path / "undisturbed/tables").glob("*.parquet"):
        assert path.read_bytes() == (programs.state / "tables" / path.name).read_bytes()


def test_the_demo_kills_resumes_and_leaves_no_process_behind(tmp_path):
    programs = Programs(tmp_path)
    done = programs.run("harvest", "demo", "--playlists", "151")
    assert done.returncode == 0, done.stderr
    assert "0 lost, 0 stored and fetched twice" in done.stdout
    assert "R-precision" in done.stdout
    alive = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    assert str(tmp_path) not in alive.stdout
    assert "emulate --playlists 151" not in alive.stdout


def test_the_readme_shows_the_demo_s_own_commands():
    readme = (ROOT / "README.md").read_text("utf-8")
    shown = re.findall(r"^    ((?:harvest|model) .*)$", readme, flags=re.MULTILINE)
    for command in demo.commands(Path("state/demo")):
        assert command in shown
    assert "make demo" in readme
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert "$(BIN)/harvest demo" in makefile


def test_ci_runs_just_what_a_person_runs():
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    assert script.splitlines()[-2:] == ["make test", "exec make test-browser"]
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_every_module_has_its_own_test_file():
    modules = [
        path.relative_to(ROOT)
        for package in ("harvest", "model")
        for path in (ROOT / package).rglob("*.py")
        if not path.name.startswith("__")
    ]
    assert len(modules) > 50
    tests = {path: ROOT / "tests" / path.parent / f"test_{path.name}" for path in modules}
    assert [str(path) for path, test in tests.items() if not test.exists()] == []


def test_the_lock_file_pins_all_with_hashes_and_names_no_host():
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    pinned = re.findall(r"^(\S+)==", lock, flags=re.MULTILINE)
    assert "aiohttp" in pinned
    blocks = re.split(r"\n(?=\S)", lock.strip())
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in lock


def test_a_fresh_clone_tracks_no_data():
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("not a git checkout")
    listed = subprocess.run(
        ["git", "ls-files", "state"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert listed.stdout.split() == ["state/README.md"]
