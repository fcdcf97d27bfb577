import gzip
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from model.challenge.challenge_set import read_challenge_set
from model.challenge.submission import Team, read_submission
from model.challenge.truth import read_truth
from model.errors import InputError, StorageError
from model.recommenders.keeping import open_recommender
from model.recommenders.popularity import Popularity
from model.submissions.answer import seed_sets
from model.submissions.job import (
    SET_NAME,
    TRUTH_NAME,
    answer_challenge,
    check_submission,
    make_challenge,
    score_submission,
)
from model.submissions.origin import FIRST_OWN_PID

N_PLAYLISTS, N_SONGS = 400, 900


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory, made_up: Any) -> Path:
    """400 playlists of 150 to 250 songs, low numbers more often."""
    rng = np.random.default_rng(5)
    songs = [made_up.Song(f"Song {row}", f"Artist {row // 5}") for row in range(N_SONGS)]
    draws = (rng.random(rng.integers(150, 250)) ** 2 * N_SONGS for _ in range(N_PLAYLISTS))
    playlists = [
        made_up.Listed(f"Mix {row % 20}", 2, draw.astype(int).tolist())
        for row, draw in enumerate(draws)
    ]
    return Path(made_up.write_state(tmp_path_factory.mktemp("state"), playlists, songs))


@pytest.fixture(scope="module")
def folder(state: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A challenge set of that state, its truth, and a submission."""
    folder = tmp_path_factory.mktemp("challenge")
    make_challenge(state, folder, seed=0, n_playlists=40, say=lambda _: None)
    recommend(state, folder / SET_NAME, folder / "popularity.csv.gz")
    return folder


def recommend(state: Path, set_path: Path, out: Path) -> tuple[Popularity, list[str]]:
    """Answer by what is fitted anew; give that, and what was said."""
    shutil.rmtree(state / "model" / "fitted", ignore_errors=True)
    said = answer(state, set_path, out)
    (folder,) = (state / "model" / "fitted").iterdir()
    recommender = open_recommender(folder)
    assert isinstance(recommender, Popularity)
    return recommender, said


def answer(state: Path, set_path: Path, out: Path) -> list[str]:
    said = list[str]()
    answer_challenge(state, set_path, out, name="popularity", team=Team(), seed=0, say=said.append)
    return said


def test_a_set_is_cut_from_test_playlists_alone_in_equal_numbers(folder: Path) -> None:
    asked = read_challenge_set(folder / SET_NAME)
    assert np.bincount([one.category for one in asked]).tolist() == [0, *[4] * 10]


def test_the_same_state_and_seed_give_the_same_truth(
    state: Path, folder: Path, tmp_path: Path
) -> None:
    make_challenge(state, tmp_path, seed=0, n_playlists=40, say=lambda _: None)
    assert (tmp_path / TRUTH_NAME).read_bytes() == (folder / TRUTH_NAME).read_bytes()
    playlists = [
        json.loads((where / SET_NAME).read_bytes())["playlists"] for where in (tmp_path, folder)
    ]
    assert playlists[0] == playlists[1]


def test_a_set_of_the_states_own_is_answered_by_its_training_part_alone(
    state: Path, folder: Path, tmp_path: Path
) -> None:
    recommender, said = recommend(state, folder / SET_NAME, tmp_path / "a.csv.gz")
    assert len(recommender.fitted_on_) == 0.8 * N_PLAYLISTS
    pids = [one.pid for one in read_challenge_set(folder / SET_NAME)]
    assert np.intersect1d(recommender.fitted_on_, pids).size == 0
    assert any("40 of the playlists are the state's own" in line for line in said)


def test_a_set_cut_with_another_seed_is_not_learnt_from_either(state: Path, tmp_path: Path) -> None:
    make_challenge(state, tmp_path, seed=9, n_playlists=40, say=lambda _: None)
    recommender, _ = recommend(state, tmp_path / SET_NAME, tmp_path / "a.csv.gz")
    pids = [one.pid for one in read_challenge_set(tmp_path / SET_NAME)]
    assert np.intersect1d(recommender.fitted_on_, pids).size == 0


def test_own_playlists_that_have_changed_since_the_set_was_cut_are_not_learnt_from(
    state: Path, folder: Path, tmp_path: Path
) -> None:
    grown = tmp_path / "grown"
    shutil.copytree(state / "tables", grown / "tables")
    playlists = pd.read_parquet(grown / "tables" / "playlists.parquet")
    playlists["pid"] += 2 * FIRST_OWN_PID  # A pid of an own playlist is made of what it holds.
    playlists.to_parquet(grown / "tables" / "playlists.parquet")
    cut = json.loads((folder / SET_NAME).read_bytes())
    pids = [one["pid"] for one in cut["playlists"]]
    for one in cut["playlists"]:
        one["pid"] += FIRST_OWN_PID
    (tmp_path / "set.json").write_text(json.dumps(cut))
    recommender, said = recommend(grown, tmp_path / "set.json", tmp_path / "a.csv")
    assert np.intersect1d(recommender.fitted_on_, pids).size == 0
    assert any("40 playlists of the set are not in the state as cut" in line for line in said)


def test_a_foreign_set_is_answered_by_all_playlists(state: Path, tmp_path: Path) -> None:
    foreign = {"playlists": [{"pid": 0, "name": "😀", "tracks": []}]}
    (tmp_path / "set.json").write_text(json.dumps(foreign))
    recommender, _ = recommend(state, tmp_path / "set.json", tmp_path / "a.csv")
    assert len(recommender.fitted_on_) == N_PLAYLISTS
    assert (tmp_path / "a.csv").read_text().startswith("# recommended by popularity\nteam_info")


def test_a_recommender_is_fitted_once_for_each_kind_of_set(
    state: Path, folder: Path, tmp_path: Path
) -> None:
    own, foreign = folder / SET_NAME, tmp_path / "foreign.json"
    foreign.write_text(json.dumps({"playlists": [{"pid": 0, "name": "rain", "tracks": []}]}))
    recommend(state, own, tmp_path / "a.csv")
    said = [answer(state, path, tmp_path / "b.csv") for path in (foreign, own, foreign)]
    assert [any("fitting on" in line for line in lines) for lines in said] == [True, False, False]
    answer(state, own, tmp_path / "b.csv")
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


def test_a_submission_is_gzipped_in_order_and_the_same_again(
    state: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recommend(state, folder / SET_NAME, tmp_path / "again.csv.gz")
    again = (tmp_path / "again.csv.gz").read_bytes()
    assert again == (folder / "popularity.csv.gz").read_bytes()
    assert gzip.decompress(again).count(b"\n") == 42
    check_submission(folder / "popularity.csv.gz", folder / SET_NAME)
    assert "is in order: 500 tracks for each of 40 playlists" in capsys.readouterr().out


def test_a_submission_is_not_written_over_its_challenge_set(state: Path, folder: Path) -> None:
    given = folder / SET_NAME
    before = given.read_bytes()
    with pytest.raises(InputError, match="is the challenge set itself"):
        recommend(state, given, given)
    assert given.read_bytes() == before


@pytest.mark.parametrize("name", ["harvest.db", "tables/entries.parquet", "model/x", "results/x"])
def test_neither_submission_nor_set_is_written_over_what_the_state_keeps(
    state: Path, folder: Path, name: str
) -> None:
    before = (state / "tables" / "entries.parquet").read_bytes()
    with pytest.raises(InputError, match="over what the state keeps in"):
        answer(state, folder / SET_NAME, state / name)
    with pytest.raises(InputError, match="over what the state keeps in"):
        make_challenge(state, state / name, seed=0, n_playlists=40, say=lambda _: None)
    assert (state / "tables" / "entries.parquet").read_bytes() == before


@pytest.mark.parametrize("name", [SET_NAME, TRUTH_NAME])
def test_a_set_is_not_cut_over_files_of_others(
    state: Path, folder: Path, tmp_path: Path, name: str
) -> None:
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    # As the organisers wrote it: the same content, with blanks and without line ends.
    theirs = json.dumps({"date": "2018-01-16", "version": "v1", "playlists": []}).encode()
    (tmp_path / name).write_bytes(theirs)
    with pytest.raises(InputError, match=rf"{name} is not of `model challenge --make`: name ano"):
        make_challenge(state, tmp_path, seed=0, n_playlists=40, say=lambda _: None)
    assert (tmp_path / name).read_bytes() == theirs


def test_a_set_takes_the_place_of_one_that_was_cut_before(
    state: Path, folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    make_challenge(state, tmp_path, seed=1, n_playlists=40, say=lambda _: None)
    assert (tmp_path / TRUTH_NAME).read_bytes() != (folder / TRUTH_NAME).read_bytes()


def test_a_name_that_cannot_be_written_is_refused_before_anything_is_learnt(
    state: Path, folder: Path, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="File name too long"):
        recommend(state, folder / SET_NAME, tmp_path / ("x" * 300))
    with pytest.raises(InputError, match="which is a file"):
        make_challenge(state, folder / SET_NAME, seed=0, n_playlists=40, say=lambda _: None)


def test_a_few_playlists_that_cannot_be_split_answer_a_foreign_set(
    made_up: Any, tmp_path: Path
) -> None:
    songs = [made_up.Song(f"Song {row}") for row in range(600)]
    lists = [made_up.Listed("mix", 2, list(range(row, 600, 3))) for row in range(3)]
    few = Path(made_up.write_state(tmp_path / "few", lists, songs))
    (tmp_path / "set.json").write_text(json.dumps({"playlists": [{"pid": 7, "tracks": []}]}))
    recommender, _ = recommend(few, tmp_path / "set.json", tmp_path / "a.csv")
    assert len(recommender.fitted_on_) == 3


def test_tracks_that_no_submission_may_name_are_not_hidden(state: Path, tmp_path: Path) -> None:
    other, said = Path(shutil.copytree(state, tmp_path / "state")), list[str]()
    path = other / "tables" / "tracks.parquet"
    tracks = pd.read_parquet(path)
    tracks.loc[tracks["track_id"] % 3 > 0, "track_uri"] = "name:track:" + tracks["track_name"]
    tracks.to_parquet(path, index=False)
    make_challenge(other, tmp_path / "cut", seed=0, n_playlists=40, say=said.append)
    assert any("no Spotify URI" in line for line in said)
    truth = read_truth(tmp_path / "cut" / TRUTH_NAME)
    hidden = [track.track_uri for one in truth.playlists for track in one.holdouts]
    assert hidden
    assert all(uri.startswith("spotify:track:") for uri in hidden)


def test_the_truth_alone_is_enough_to_score(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = {}
    for set_path in (None, folder / SET_NAME):
        score_submission(
            folder / "popularity.csv.gz",
            folder / TRUTH_NAME,
            set_path,
            definition="code",
            as_json=True,
        )
        found[set_path] = json.loads(capsys.readouterr().out)
    assert found[None] == found[folder / SET_NAME]
    assert found[None]["notes"] == []
    assert found[None]["summary"][-1]["n_playlists"] == 40


def test_a_truth_that_hides_nothing_is_refused(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    truth = json.loads(gzip.decompress((folder / TRUTH_NAME).read_bytes()))
    for one in truth["playlists"]:
        one["holdouts"] = []
    (tmp_path / "truth.json").write_text(json.dumps(truth))
    with pytest.raises(
        InputError, match=r"nothing to score: .*truth\.json hides no track of its 4"
    ):
        score_submission(
            folder / "popularity.csv.gz",
            tmp_path / "truth.json",
            None,
            definition="code",
            as_json=False,
        )
    assert capsys.readouterr().out == ""


def test_whoever_knows_the_truth_scores_best(folder: Path, tmp_path: Path, capsys: Any) -> None:
    truth = json.loads(gzip.decompress((folder / TRUTH_NAME).read_bytes()))
    asked = read_challenge_set(folder / SET_NAME)
    lists = dict(read_submission(folder / "popularity.csv.gz", seed_sets(asked)))
    lines = ["team_info,us,us@example.org"]
    for one in truth["playlists"]:
        hidden = [track["track_uri"] for track in one["holdouts"]]
        rest = [uri for uri in lists[one["pid"]] if uri not in hidden]
        lines.append(",".join([str(one["pid"]), *hidden, *rest[: 500 - len(hidden)]]))
    (tmp_path / "best.csv").write_text("\n".join(lines))
    score_submission(
        tmp_path / "best.csv", folder / TRUTH_NAME, None, definition="code", as_json=True
    )
    means = {row["metric"]: row["mean"] for row in json.loads(capsys.readouterr().out)["summary"]}
    assert means == pytest.approx(
        {"r_precision": 1, "r_precision_tracks": 1, "ndcg": 1, "clicks": 0}
    )


def test_a_small_test_part_makes_smaller_categories_and_says_so(
    tmp_path: Path, made_up: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    songs = [made_up.Song(f"Song {row}") for row in range(60)]
    playlists = [made_up.Listed(f"Mix {row}", 2, list(range(60))) for row in range(100)]
    state = made_up.write_state(tmp_path / "state", playlists, songs)
    make_challenge(state, tmp_path / "cut", seed=0, n_playlists=10, say=lambda _: None)
    printed = capsys.readouterr().out
    assert "note: too few playlists are long enough for: title, first 100 (0 of 1); title, r" in (
        printed
    )
    assert "8 playlists, up to 1 of each category, " in printed


def test_test_playlists_that_share_a_pid_are_left_out_and_counted(
    state: Path, tmp_path: Path
) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    own = Path(shutil.copytree(state, tmp_path / "state", ignore=shutil.ignore_patterns("model")))
    table = pq.read_table(own / "tables" / "playlists.parquet")
    pids = [max(row, 10) for row in range(N_PLAYLISTS)]
    pq.write_table(
        table.set_column(1, "pid", pa.array(pids, pa.int64())), own / "tables" / "playlists.parquet"
    )
    said: list[str] = []
    for seed in range(4):
        make_challenge(own, tmp_path / "cut", seed=seed, n_playlists=400, say=said.append)
        assert 10 not in [one.pid for one in read_challenge_set(tmp_path / "cut" / SET_NAME)]
    assert any("test playlists share their pid with others: left out" in line for line in said)


def test_a_catalogue_of_fewer_than_500_tracks_is_one_clear_line(
    tmp_path: Path, catalogue_state: Path
) -> None:
    (tmp_path / "set.json").write_text('{"playlists": [{"pid": 3, "tracks": []}]}')
    with pytest.raises(
        InputError, match="only 240 of 240 tracks have a Spotify URI and are no seeds of pid 3"
    ):
        recommend(catalogue_state, tmp_path / "set.json", tmp_path / "a.csv.gz")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["set.json"]


def test_places_that_cannot_be_written_to_are_named(
    state: Path, folder: Path, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=r"cannot write .*there is no directory .*gone; make it"):
        recommend(state, folder / SET_NAME, tmp_path / "gone" / "a.csv")
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match=r"cannot write .*file"):
        make_challenge(state, tmp_path / "file" / "x", seed=0, n_playlists=10, say=lambda _: None)
