from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model.clusters import Clusters
from model.corpus import Corpus, read_corpus
from model.errors import InputError, LeakError
from model.features import MinMax, aggregate
from model.followers import FollowerRegression
from model.protocols.holdout import (
    TOO_SHORT,
    Fitted,
    Learnt,
    fit_all,
    hide_songs,
    judge_playlists,
    notes_on,
    require_held_out,
)
from model.ragged import Ragged
from model.recommenders.base import Training, training_part
from model.recommenders.nucleus import Nucleus
from model.settings import Part, Settings
from model.similarity.cooccurrence import find_similar
from model.similarity.interactions import Interactions
from model.similarity.weighting import Weighting
from model.split import Split, check_leaks, split_playlists
from model.tables import read_tables
from tests.model import reference_figures as figures

SETTINGS = Settings(min_count=2)


def learn(train: Training, settings: Settings) -> Learnt:
    """Learn everything in one go, from the training playlists alone."""
    features = aggregate(train.playlists, train.songs)
    followers = train.num_followers.astype(np.float64)
    scaler = MinMax().fit(features)
    clusters = Clusters(settings.n_clusters, settings.random_state, any_order=True)
    similar = find_similar(
        Interactions.of(train.playlists, train.n_songs),
        k=settings.similar,
        weighting=Weighting(
            settings.weighting, shrinkage=settings.shrinkage, damping=settings.damping
        ),
        min_count=settings.min_count,
    )
    return Learnt(
        similar=similar.lists,
        features=features,
        scaler=scaler,
        clusters=clusters.fit(scaler.transform(features)),
        regression=FollowerRegression(log_target=True).fit(features, followers),
        raw_regression=FollowerRegression().fit(features, followers),
    )


def fit(corpus: Corpus, split: Split, settings: Settings = SETTINGS) -> Fitted:
    train = training_part(corpus, split.train)
    return fit_all(train, settings, learn(train, settings))


def evaluate(corpus: Corpus, split: Split, settings: Settings = SETTINGS) -> pd.DataFrame:
    return judge_playlists(corpus, split.test, fit(corpus, split, settings), settings)


@pytest.fixture(scope="module")
def corpus(catalogue_state: Path) -> Corpus:
    return read_corpus(read_tables(catalogue_state), "holdout")


@pytest.fixture(scope="module")
def split(corpus: Corpus) -> Split:
    return split_playlists(corpus.names, corpus.num_followers, random_state=0)


def test_seed_and_hidden_songs_are_the_whole_playlist_and_share_nothing(
    corpus: Corpus, split: Split
) -> None:
    truth, seeds = hide_songs(corpus, split.test, fit(corpus, split).learnt.scaler)
    for place, row in enumerate(split.test):
        whole = list(dict.fromkeys(corpus.playlists[row].tolist()))
        assert seeds[place].tolist() == whole[:1]
        assert truth.songs[place].tolist() == whole[1:]
    assert truth.features.min() >= 0
    assert truth.features.max() <= 1


def test_every_playlist_has_a_row_for_every_recommender(corpus: Corpus, split: Split) -> None:
    rows = evaluate(corpus, split)
    for _, group in rows.groupby("recommender"):
        assert group["playlist_id"].tolist() == corpus.playlist_ids[split.test].tolist()
    assert sorted(rows["recommender"].unique()) == ["nucleus", "popularity", "random"]


def test_lists_are_as_long_as_the_hidden_songs(corpus: Corpus, split: Split) -> None:
    rows = evaluate(corpus, split)
    good = rows[rows["failure"] == ""]
    assert (good["n_songs"] == good["n_truth"]).all()
    assert (good["precision"] * good["n_truth"]).round(9).tolist() == good["match"].tolist()


def test_figures_of_a_row_are_those_of_the_list_that_was_made(corpus: Corpus, split: Split) -> None:
    fitted = fit(corpus, split)
    rows = judge_playlists(corpus, split.test, fitted, SETTINGS).set_index("recommender")
    truth, seeds = hide_songs(corpus, split.test, fitted.learnt.scaler)
    own = rows.loc["nucleus"].reset_index()
    lists, _ = fitted.recommenders["nucleus"].recommend(seeds, n=truth.songs.lengths)
    ranked, _ = fitted.recommenders["nucleus"].recommend(seeds, n=500)
    features, learnt = aggregate(lists, corpus.songs), fitted.learnt
    distances = np.linalg.norm(learnt.scaler.transform(features) - truth.features, axis=1)
    followers = corpus.num_followers[split.test]
    expected = {
        "match": [figures.match(*pair) for pair in zip(lists, truth.songs, strict=True)],
        "recall": [figures.recall(*pair) for pair in zip(ranked, truth.songs, strict=True)],
        "ndcg": [figures.ndcg(*pair) for pair in zip(ranked, truth.songs, strict=True)],
        "distance": distances,
        "numf": learnt.regression.predict(features),
        "numf_raw": learnt.raw_regression.predict(features),
        "diff_raw": np.abs(followers - learnt.raw_regression.predict(features)),
        # The nucleus counts as one match more.
        "metric2": 1 / (own["match"] + 1) + distances,
    }
    good = own["failure"] == ""
    assert good.sum() > 10
    for name, values in expected.items():
        assert own[name][good].to_numpy() == pytest.approx(np.array(values)[good]), name
    assert (own["n_clusters"] == learnt.clusters.n_clusters_).all()
    assert (own["start_num"] == 0).all()


def fitted_arrays(corpus: Corpus, split: Split) -> dict[str, np.ndarray]:
    """Everything that the holdout protocol fits, as arrays."""
    fitted = fit(corpus, split)
    learnt = fitted.learnt
    nucleus = fitted.recommenders["nucleus"]
    assert isinstance(nucleus, Nucleus)
    return {
        "similar songs": nucleus.similar_.values,
        "ends of similar songs": nucleus.similar_.indptr,
        "scaling": np.r_[learnt.scaler.low_, learnt.scaler.span_],
        "own scaling": np.r_[nucleus.scaler_.low_, nucleus.scaler_.span_],
        "centres": nucleus.clusters_.centers_,
        "pools": np.concatenate(nucleus.pools_),
        "popular": nucleus.popular_,
        "regression": np.r_[fitted.learnt.regression.coef_, fitted.learnt.regression.intercept_],
        "raw regression": np.r_[
            fitted.learnt.raw_regression.coef_, fitted.learnt.raw_regression.intercept_
        ],
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
    assert {name: values.tolist() for name, values in before.items()} == {
        name: values.tolist() for name, values in after.items()
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


def test_everything_that_is_fitted_owns_up_to_its_playlists(corpus: Corpus, split: Split) -> None:
    leaking = replace(split, train=np.append(split.train, split.test[:1]))
    fitted = fit(corpus, leaking)
    held_out = corpus.playlist_ids[split.test]
    for what, playlist_ids in fitted.fitted_on.items():
        with pytest.raises(LeakError, match="held-out"):
            check_leaks({what: playlist_ids}, held_out)


def test_the_training_part_is_not_evaluated() -> None:
    with pytest.raises(InputError, match="--part validation or test"):
        require_held_out(replace(SETTINGS, parts=("train",)))


@pytest.mark.parametrize("n_seeds", [2, 5, 1000])
def test_several_songs_may_be_given(corpus: Corpus, split: Split, n_seeds: int) -> None:
    settings = replace(SETTINGS, n_seeds=n_seeds)
    truth, seeds = hide_songs(corpus, split.test, fit(corpus, split).learnt.scaler, n_seeds=n_seeds)
    for place, row in enumerate(split.test):
        whole = list(dict.fromkeys(corpus.playlists[row].tolist()))
        assert seeds[place].tolist() + truth.songs[place].tolist() == whole
        assert len(seeds[place]) == min(n_seeds, len(whole))
    rows = evaluate(corpus, split, settings)
    assert (rows["failure"] == TOO_SHORT).tolist() == (rows["n_truth"] == 0).tolist()


def test_only_the_recommenders_asked_for_are_judged(corpus: Corpus, split: Split) -> None:
    rows = evaluate(corpus, split, replace(SETTINGS, recommenders=("nucleus",)))
    assert rows["recommender"].unique().tolist() == ["nucleus"]


def test_a_playlist_of_one_song_fails_with_its_reason(corpus: Corpus, split: Split) -> None:
    lists = [corpus.playlists[row].tolist() for row in range(len(corpus.playlists))]
    short = int(split.test[2])
    lists[short] = [lists[short][0]] * 3
    changed = replace(corpus, playlists=Ragged.of(lists))
    rows = evaluate(changed, split)
    failed = rows[rows["failure"] != ""]
    assert failed["playlist_id"].tolist() == [corpus.playlist_ids[short]] * 3
    assert set(failed["failure"]) == {TOO_SHORT}
    assert failed[["match", "distance", "ndcg", "diff"]].isna().all(axis=None)


def test_what_the_data_did_not_allow_is_noted(corpus: Corpus, split: Split) -> None:
    songs = corpus.songs.copy()
    songs[:, 11] = 4.0
    constant = replace(corpus, songs=songs)
    settings = replace(SETTINGS, n_clusters=5000, min_count=10**6)
    train = training_part(constant, split.train)
    notes = notes_on(train, learn(train, settings), settings)
    joined = " ".join(notes)
    assert "clusters instead of 5000" in joined
    assert "max_time_signature" in joined
    assert "songs, not 500" in joined
    assert "--min-count" in joined
    without = replace(settings, similar=0)
    assert "--min-count" not in " ".join(notes_on(train, learn(train, without), without))


def test_constant_features_throughout_still_give_figures(corpus: Corpus, split: Split) -> None:
    constant = replace(corpus, songs=np.ones_like(corpus.songs))
    rows = evaluate(constant, split)
    assert (rows["distance"] == 0).all()
    assert rows["match"].notna().all()
