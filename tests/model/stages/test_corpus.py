import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.corpus import read_corpus
from model.errors import InputError, NotHarvested
from model.inputs.harvest_marks import harvest_marks
from model.settings import Protocol, Settings
from model.stages.corpus import make_corpus, open_corpus
from model.stages.materials import Materials
from model.stages.workspace import Workspace
from model.storage.artifacts import Artifact
from model.storage.freshness import is_outdated, tables_of
from model.tables import read_tables

Made = tuple[Workspace, Materials]


@pytest.mark.parametrize("protocol", ["holdout", "published"])
def test_what_is_opened_is_what_was_read(request: pytest.FixtureRequest, protocol: str) -> None:
    workspace, materials = request.getfixturevalue(protocol)
    read = read_corpus(read_tables(workspace.state), protocol)
    opened = open_corpus(materials.corpus)
    assert opened.names == read.names
    assert opened.unused == read.unused
    for name in ("playlist_ids", "num_followers", "num_tracks", "track_ids", "songs", "artists"):
        np.testing.assert_array_equal(getattr(opened, name), getattr(read, name))
    for name in ("playlists", "counted"):
        for part in ("indptr", "values"):
            np.testing.assert_array_equal(
                getattr(getattr(opened, name), part), getattr(getattr(read, name), part)
            )


def test_lists_that_are_the_same_are_kept_once(holdout: Made, published: Made) -> None:
    assert "counted_values.npy" not in holdout[1].corpus.manifest.files
    assert "counted_values.npy" in published[1].corpus.manifest.files


def test_the_manifest_counts_what_there_is(holdout: Made) -> None:
    corpus = open_corpus(holdout[1].corpus)
    summary = holdout[1].corpus.manifest.summary
    assert summary["n_playlists"] == len(corpus.playlists)
    assert summary["n_entries"] == len(corpus.playlists.values)
    assert summary["n_songs"] == corpus.n_songs


def test_audio_features_may_be_absent_where_every_playlist_counts(
    small_state: Path, tmp_path: Path
) -> None:
    shutil.copytree(small_state / "tables", tmp_path / "tables")

    def made(protocol: Protocol) -> Artifact:
        return make_corpus(Workspace(tmp_path, Settings(protocol=protocol), lambda _: None))

    assert np.isnan(open_corpus(made("challenge")).songs).all()
    with pytest.raises(NotHarvested, match="run `harvest spotify` first"):
        made("holdout")


@pytest.mark.parametrize("protocol", ["holdout", "published"])
def test_own_playlists_alone_are_not_sent_to_harvest_features_that_would_be_no_use(
    tmp_path: Path, made_up: Any, protocol: Protocol
) -> None:
    playlists = [made_up.Listed("mine", 0, [0]), made_up.Listed("shared", 7, [0])]
    state = made_up.write_state(tmp_path, playlists, [made_up.Song("a")])
    (state / "harvest.db").unlink()
    with pytest.raises(InputError, match="nothing to judge") as caught:
        make_corpus(Workspace(state, Settings(protocol=protocol), lambda _: None))
    words = str(caught.value)
    assert "none of 2 playlists has more than one follower and fewer than the most" in words
    assert "(1 of unknown followers, as own playlists are)" in words
    assert "`model compare` and `model generate`" in words
    assert "harvest spotify" not in words


@pytest.mark.parametrize("protocol", ["holdout", "challenge"])
def test_figures_are_older_once_features_come_and_not_for_a_mere_reader(
    small_state: Path, tmp_path: Path, protocol: Protocol
) -> None:
    state = Path(shutil.copytree(small_state, tmp_path / "state"))
    made = make_corpus(Workspace(state, Settings(protocol=protocol), lambda _: None))
    inputs = tables_of(made.manifest.recipe.inputs)
    os.utime(state / "harvest.db")
    assert not is_outdated(inputs, harvest_marks(state))
    with closing(sqlite3.connect(state / "harvest.db")) as db, db:
        db.execute("UPDATE audio_features SET fetched_at = fetched_at + 1")
    assert is_outdated(inputs, harvest_marks(state))
    assert ({"lastfm", "msd"} <= {*inputs}) == (protocol == "challenge")
    assert ("msd" in inputs) == (protocol == "challenge")
