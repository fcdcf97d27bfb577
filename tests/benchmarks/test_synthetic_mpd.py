"""The made-up dataset: both kinds of output agree, and the seed decides everything."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from harvest.manifests import read_manifest
from harvest.sources.mpd import ingest
from harvest.store import Store
from harvest.tables import SCHEMAS

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "synthetic_mpd.py"


def make(*options):
    command = [sys.executable, SCRIPT, "--catalogue", "20000", *map(str, options)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=True).stdout


def contents(state):
    return {name: (state / "tables" / f"{name}.parquet").read_bytes() for name in SCHEMAS}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    root = tmp_path_factory.mktemp("made")
    size = ["--playlists", 1_200, "--seed", 3]
    make(*size, "--json", root / "mpd.zip", "--tables", root / "state", "--features")
    return root


def test_tables_are_what_harvest_mpd_makes_of_the_json(made, tmp_path):
    report = ingest(made / "mpd.zip", tmp_path / "tables", workers=1)
    assert contents(made / "state") == contents(tmp_path)
    assert (report.slices, report.warnings) == (2, ())
    assert report.manifest.counts["playlists"] == 1_200
    manifest = read_manifest(made / "state" / "tables")
    assert manifest.counts == read_manifest(tmp_path / "tables").counts


def test_seed_decides_everything_and_fewer_are_the_first_of_more(made, tmp_path):
    for name, seed in (("same", 3), ("other", 4)):
        make("--playlists", 300, "--seed", seed, "--tables", tmp_path / name)
    whole, same, other = (
        pq.read_table(state / "tables" / "playlists.parquet")
        for state in (made / "state", tmp_path / "same", tmp_path / "other")
    )
    assert whole.slice(0, 300).equals(same)
    assert not other["name"].equals(same["name"])


def test_followers_and_lengths_follow_the_dataset_s_laws(made):
    playlists = pq.read_table(made / "state" / "tables" / "playlists.parquet").to_pandas()
    lengths, followers = playlists["num_tracks"], playlists["num_followers"]
    assert lengths.between(5, 250).all()
    # 66 and .743 in the whole dataset; four standard errors: 4 · 54 / √1200, 4 · .437 / √1200
    assert lengths.mean() == pytest.approx(66, abs=6.2)
    assert np.mean(followers == 1) == pytest.approx(0.743, abs=0.051)


def test_features_are_in_the_store(made):
    with Store.peek(made / "state") as store:
        counts = store.counts("spotify")
    # a track is measured with probability .94
    assert counts.done / counts.total == pytest.approx(0.94, abs=0.02)


def test_comparison_with_itself_has_equal_columns(made):
    lines = make("--compare", made / "state", "--seed", 3).splitlines()
    cells = {line.split("|")[1].strip(): line.split("|")[2:4] for line in lines[2:]}
    assert cells["playlists"][0] == cells["playlists"][1] == " 1,200 "
    assert cells["entries"][0] == cells["entries"][1]
    assert "energy of two tracks of a playlist: correlation" in cells
