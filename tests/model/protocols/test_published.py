from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model.batches import N_BATCHES, published_batches
from model.corpus import Corpus, read_corpus
from model.evaluate import evaluate
from model.features import aggregate
from model.figures.study import STUDY_MEANS
from model.followers import FollowerRegression
from model.protocols.published import judge_batch, notes_on, prepare
from model.settings import PARTS, Settings
from model.similarity.cooccurrence import find_published
from model.similarity.interactions import Interactions
from model.split import Split, split_playlists
from model.tables import read_tables

SETTINGS = Settings(protocol="published", parts=PARTS, n_clusters=2, min_count=2)


@pytest.fixture(scope="module")
def corpus(catalogue_state: Path) -> Corpus:
    return read_corpus(read_tables(catalogue_state), "published")


@pytest.fixture(scope="module")
def split(corpus: Corpus) -> Split:
    return split_playlists(corpus.names, corpus.num_followers, random_state=0)


@pytest.fixture(scope="module")
def rows(catalogue_state: Path) -> pd.DataFrame:
    return evaluate(catalogue_state, SETTINGS).rows


def test_every_playlist_of_every_part_has_one_row_a_recommender(
    rows: pd.DataFrame, corpus: Corpus
) -> None:
    for _, group in rows.groupby("recommender"):
        assert sorted(group["playlist_id"]) == corpus.playlist_ids.tolist()


def test_each_part_is_cut_into_six_batches_of_nearly_one_size(rows: pd.DataFrame) -> None:
    train = rows[(rows["part"] == "train") & (rows["recommender"] == "nucleus")]
    sizes = train.groupby("batch").size()
    assert len(sizes) == N_BATCHES
    assert sizes.max() - sizes.min() <= 1
    # A batch starts where those before it end.
    starts = train.groupby("batch")["start_num"].first()
    assert starts.tolist() == [0, *np.cumsum(sizes)[:-1]]


def test_the_nucleus_makes_every_match_at_least_one(rows: pd.DataFrame) -> None:
    good = rows[rows["failure"] == ""]
    assert (good["match"] >= 1).all()


def test_metrics_add_up_as_the_study_defined_them(rows: pd.DataFrame) -> None:
    good = rows[rows["failure"] == ""]
    assert good["metric2"].to_numpy() == pytest.approx(1 / good["match"] + good["distance"])
    assert good["metric"].to_numpy() == pytest.approx(good["metric2"] + good["diff"])
    difference = (good["num_followers"] - good["numf"]).abs()
    assert good["diff"].to_numpy() == pytest.approx(difference)


def test_lists_of_the_baselines_are_as_long_as_the_playlist(
    rows: pd.DataFrame, corpus: Corpus
) -> None:
    baselines = rows[(rows["recommender"] == "popularity") & (rows["failure"] == "")]
    # The baselines' lists are distinct and as long as the playlist, nucleus included.
    lengths = corpus.playlists.lengths[
        np.searchsorted(corpus.playlist_ids, baselines["playlist_id"])
    ]
    assert baselines["n_songs"].tolist() == lengths.tolist()


def test_batches_with_fewer_playlists_than_clusters_make_do_and_say_so(
    catalogue_state: Path,
) -> None:
    settings = replace(SETTINGS, n_clusters=10, parts=("test",))
    evaluation = evaluate(catalogue_state, settings)
    # About 14 test playlists in six batches: two or three each.
    assert evaluation.rows["n_clusters"].max() <= 3
    assert evaluation.notes[0] == (
        "test: the batches hold too few different playlists for 10 clusters; the smallest made 2"
    )


def failed_rows(part: str, recommender: str, failures: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"failure": failures, "n_clusters": 2}).assign(
        part=part, recommender=recommender
    )


def test_columns_over_different_playlists_are_told_with_their_numbers() -> None:
    rows = pd.concat(
        [
            failed_rows("train", "nucleus", ["", ""]),
            failed_rows("train", "random", ["", ""]),
            failed_rows("test", "nucleus", ["too few", "", ""]),
            failed_rows("test", "random", ["", "", ""]),
        ]
    )
    assert notes_on(rows, SETTINGS) == (
        "train: all columns are over 2 playlists",
        (
            "test: the columns are over different playlists, each over those on which it did not "
            "fail: nucleus (the study's generator) over 2, random over 3 of 3"
        ),
    )


def test_followers_are_predicted_by_a_raw_regression_on_the_training_part(
    rows: pd.DataFrame, corpus: Corpus, split: Split
) -> None:
    features = aggregate(corpus.playlists, corpus.songs)
    followers = corpus.num_followers.astype(float)
    model = FollowerRegression().fit(features[split.train], followers[split.train])
    # Of a least-squares fit the mean prediction on its own playlists is their mean.
    assert model.predict(features[split.train]).mean() == pytest.approx(
        followers[split.train].mean()
    )
    assert rows["numf"].notna().sum() == (rows["failure"] == "").sum()


def test_a_batch_cut_up_for_workers_gives_the_same_rows(
    rows: pd.DataFrame, corpus: Corpus, split: Split
) -> None:
    features = aggregate(corpus.playlists, corpus.songs)
    followers = corpus.num_followers.astype(float)
    similar = find_published(
        Interactions.of(corpus.counted, corpus.n_songs, repeats=True), k=10, min_count=2
    ).lists
    regression = FollowerRegression().fit(features[split.train], followers[split.train])
    study = prepare(corpus, SETTINGS, similar=similar, regression=regression)
    batch = next(published_batches(split.train, SETTINGS.random_state))
    pieces = [judge_batch(study, batch, places=slice(at, at + 3)) for at in range(0, 99, 3)]
    cut = pd.concat([one for one in pieces if len(one)])
    for name in SETTINGS.recommenders:
        whole = rows[(rows["part"] == "train") & (rows["batch"] == 0)]
        whole = whole[whole["recommender"] == name].reset_index(drop=True)
        own = cut[cut["recommender"] == name].reset_index(drop=True)
        # Sums of products may differ in their last digit: libraries order them by their number.
        pd.testing.assert_frame_equal(own, whole[own.columns], rtol=1e-12)


def test_the_studys_table_adds_up() -> None:
    assert len(STUDY_MEANS) == 10
    for means in STUDY_MEANS.values():
        # metric = metric2 + diff, up to the rounding of three figures.
        assert means["metric"] == pytest.approx(means["metric2"] + means["diff"], abs=0.02)
