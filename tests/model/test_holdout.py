from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.corpus import Corpus, read_corpus
from model.errors import InputError, LeakError
from model.holdout import (
    TOO_SHORT,
    evaluate_holdout,
    fit_all,
    hide_songs,
)
from model.ragged import Ragged
from model.recommenders.base import training_part
from model.recommenders.nucleus import Nucleus
from model.settings import Part, Settings
from model.split import Split, split_playlists
from model.tables import read_tables

SETTINGS = Settings(min_count=2)


def be_silent(_: str) -> None:
    pass


@pytest.fixture(scope="module")
def corpus(catalogue_state: Path) -> Corpus:
    return read_corpus(read_tables(catalogue_state), "holdout")


@pytest.fixture(scope="module")
def split(corpus: Corpus) -> Split:
    return split_playlists(corpus.names, corpus.num_followers, random_state=0)


def test_seed_and_hidden_songs_are_the_whole_playlist_and_share_nothing(
    corpus: Corpus, split: Split
) -> None:
    fitted = fit_all(training_part(corpus, split.train), SETTINGS)
    truth, seeds = hide_songs(corpus, split.test, fitted.scaler)
    for place, row in enumerate(split.test):
        whole = list(dict.fromkeys(corpus.playlists[row].tolist()))
        assert seeds[place].tolist() == whole[:1]
        assert truth.songs[place].tolist() == whole[1:]
    assert truth.features.min() >= 0
    assert truth.features.max() <= 1


def test_every_playlist_has_a_row_for_every_recommender(corpus: Corpus, split: Split) -> None:
    rows, _ = evaluate_holdout(corpus, split, SETTINGS, say=be_silent)
    for _, group in rows.groupby("recommender"):
        assert group["playlist_id"].tolist() == corpus.playlist_ids[split.test].tolist()
    assert sorted(rows["recommender"].unique()) == ["nucleus", "popularity", "random"]


def test_lists_are_as_long_as_the_hidden_songs(corpus: Corpus, split: Split) -> None:
    rows, _ = evaluate_holdout(corpus, split, SETTINGS, say=be_silent)
    good = rows[rows["failure"] == ""]
    assert (good["n_songs"] == good["n_truth"]).all()
    assert (good["precision"] * good["n_truth"]).round(9).tolist() == good["match"].tolist()


def fitted_arrays(corpus: Corpus, split: Split) -> dict[str, np.ndarray]:
    """Everything that the holdout protocol fits, as arrays."""
    fitted = fit_all(training_part(corpus, split.train), SETTINGS)
    nucleus = fitted.recommenders["nucleus"]
    assert isinstance(nucleus, Nucleus)
    return {
        "similar songs": nucleus.similar_.values,
        "ends of similar songs": nucleus.similar_.indptr,
        "scaling": np.r_[fitted.scaler.low_, fitted.scaler.span_],
        "own scaling": np.r_[nucleus.scaler_.low_, nucleus.scaler_.span_],
        "centres": nucleus.clusters_.centers_,
        "pools": np.concatenate(nucleus.pools_),
        "popular": nucleus.popular_,
        "regression": np.r_[fitted.regression.coef_, fitted.regression.intercept_],
        "raw regression": np.r_[fitted.raw_regression.coef_, fitted.raw_regression.intercept_],
        "popularity": fitted.recommenders["popularity"].counts_,
        "random": fitted.recommenders["random"].known_,
    }


@pytest.mark.parametrize("part", ["validation", "test"])
def test_no_fitted_array_depends_on_a_marked_playlist_that_is_held_out(
    corpus: Corpus, split: Split, part: Part
) -> None:
    marked = int(split.part(part)[0])
    lists = [corpus.playlists[row].tolist() for row in range(len(corpus.playlists))]
    # The mark: most followers by far, and the same five songs over and over.
    lists[marked] = [0, 1, 2, 3, 4] * 40
    followers = corpus.num_followers.copy()
    followers[marked] = 10**6
    changed = replace(corpus, playlists=Ragged.of(lists), num_followers=followers)
    before, after = fitted_arrays(corpus, split), fitted_arrays(changed, split)
    assert {name: values.tobytes() for name, values in before.items()} == {
        name: values.tobytes() for name, values in after.items()
    }


def test_the_same_mark_in_the_training_part_does_change_what_is_fitted(
    corpus: Corpus, split: Split
) -> None:
    marked = int(split.train[0])
    lists = [corpus.playlists[row].tolist() for row in range(len(corpus.playlists))]
    lists[marked] = [0, 1, 2, 3, 4] * 40
    followers = corpus.num_followers.copy()
    followers[marked] = 10**6
    changed = replace(corpus, playlists=Ragged.of(lists), num_followers=followers)
    before, after = fitted_arrays(corpus, split), fitted_arrays(changed, split)
    for name in ("centres", "pools", "regression", "raw regression", "popularity"):
        assert before[name].tobytes() != after[name].tobytes(), name


def test_a_leak_fails_the_run(corpus: Corpus, split: Split) -> None:
    leaking = replace(split, train=np.append(split.train, split.test[:1]))
    with pytest.raises(LeakError, match="held-out"):
        evaluate_holdout(corpus, leaking, SETTINGS, say=be_silent)


def test_the_training_part_is_not_evaluated(corpus: Corpus, split: Split) -> None:
    with pytest.raises(InputError, match="--part validation or test"):
        evaluate_holdout(corpus, split, replace(SETTINGS, parts=("train",)), say=be_silent)


def test_a_playlist_of_one_song_fails_with_its_reason(corpus: Corpus, split: Split) -> None:
    lists = [corpus.playlists[row].tolist() for row in range(len(corpus.playlists))]
    short = int(split.test[2])
    lists[short] = [lists[short][0]] * 3
    changed = replace(corpus, playlists=Ragged.of(lists))
    rows, _ = evaluate_holdout(changed, split, SETTINGS, say=be_silent)
    failed = rows[rows["failure"] != ""]
    assert failed["playlist_id"].tolist() == [corpus.playlist_ids[short]] * 3
    assert set(failed["failure"]) == {TOO_SHORT}
    assert failed[["match", "distance", "ndcg", "diff"]].isna().all(axis=None)


def test_what_the_data_did_not_allow_is_noted(corpus: Corpus, split: Split) -> None:
    songs = corpus.songs.copy()
    songs[:, 11] = 4.0
    constant = replace(corpus, songs=songs)
    settings = replace(SETTINGS, n_clusters=5000, min_count=10**6)
    said: list[str] = []
    add: Callable[[str], None] = said.append
    _, notes = evaluate_holdout(constant, split, settings, say=add)
    joined = " ".join(notes)
    assert "clusters instead of 5000" in joined
    assert "max_time_signature" in joined
    assert "songs, not 500" in joined
    assert "--min-count" in joined
    assert said


def test_constant_features_throughout_still_give_figures(corpus: Corpus, split: Split) -> None:
    constant = replace(corpus, songs=np.ones_like(corpus.songs))
    rows, _ = evaluate_holdout(constant, split, SETTINGS, say=be_silent)
    assert (rows["distance"] == 0).all()
    assert rows["match"].notna().all()
