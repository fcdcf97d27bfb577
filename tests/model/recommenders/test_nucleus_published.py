from collections import Counter
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans

from model.ragged import Ragged
from model.recommenders.base import Training
from model.recommenders.nucleus_published import SONG_TWICE, PublishedNucleus, extend
from model.similarity.cooccurrence import find_published
from model.similarity.interactions import Interactions

SIMILAR = Ragged.of([[1, 1, 2], [0, 3], [4], [5], [], []])


def extend_one(start: list[int], target: int) -> list[int]:
    extended = extend(Ragged.of([start]), SIMILAR, np.array([target]))
    assert len(extended) == 1
    return extended[0].tolist()


def test_one_level_of_similar_songs_is_appended_and_nothing_cut_off() -> None:
    # First 1 and 2 (1 takes two places); the list has 3 songs, no more than the target of 3, so
    # 0, 1 and 2 are walked: 3 from 1, 4 from 2. Song 3 itself is not walked: no 5.
    assert extend_one([0], 3) == [0, 1, 2, 3, 4]


def test_nothing_more_is_walked_where_the_first_look_up_exceeds_the_target() -> None:
    assert extend_one([0], 2) == [0, 1, 2]


def test_many_lists_are_extended_each_by_itself() -> None:
    extended = extend(Ragged.of([[0], [], [3], [0]]), SIMILAR, np.array([2, 5, 9, 3]))
    assert [extended[row].tolist() for row in range(4)] == [
        [0, 1, 2],
        [],
        [3, 5],
        [0, 1, 2, 3, 4],
    ]


def batch_of(
    lists: list[list[int]], followers: list[int], songs: np.ndarray | None = None
) -> Training:
    return Training(
        playlist_ids=np.arange(len(lists)),
        names=[""] * len(lists),
        num_followers=np.array(followers),
        playlists=Ragged.of(lists),
        songs=np.zeros((10, 12)) if songs is None else songs,
    )


def test_draws_are_those_of_pandas_with_random_state_zero() -> None:
    batch = batch_of([[0, 1, 2, 3], [4, 5, 5]], [3, 9])
    nucleus = PublishedNucleus(Ragged.of([[]] * 10), n_clusters=1).fit(batch)
    songs, failures = nucleus.generate(np.array([7]), n=np.array([5]))
    # Most followers first: entries 4, 5, 5, 0, 1, 2, 3; 5 - int(2.5) = 3 of them are drawn.
    expected = pd.Series([4, 5, 5, 0, 1, 2, 3]).sample(3, random_state=0).tolist()
    assert songs[0].tolist() == [7, *expected]
    assert failures == [""]


def test_too_few_entries_are_all_taken_and_extended() -> None:
    batch = batch_of([[3, 4]], [3])
    similar = Ragged.of([[], [], [], [6], [3, 7], [], [], [], [], []])
    nucleus = PublishedNucleus(similar, n_clusters=1).fit(batch)
    songs, _ = nucleus.generate(np.array([0]), n=np.array([9]))
    # 9 - int(4.5) = 5 are wanted, 2 are there: 3, 4, then 6 (of 3), then 7 (of 4).
    assert songs[0].tolist() == [0, 3, 4, 6, 7]


def test_too_few_entries_with_a_repeat_fail_with_the_reason() -> None:
    nucleus = PublishedNucleus(Ragged.of([[]] * 10), n_clusters=1).fit(batch_of([[3, 3]], [3]))
    songs, failures = nucleus.generate(np.array([0]), n=np.array([9]))
    assert songs[0].tolist() == []
    assert failures == [SONG_TWICE]


def test_a_playlist_of_one_song_gets_its_nucleus_and_one_drawn() -> None:
    nucleus = PublishedNucleus(Ragged.of([[]] * 10), n_clusters=1).fit(batch_of([[3], [4]], [3, 2]))
    songs, _ = nucleus.generate(np.array([3]), n=np.array([1]))
    # int(0.5) = 0, so 1 - 0 = 1 entry is drawn, which may be the nucleus again.
    assert songs.lengths.tolist() == [2]


class PlainStudy:
    """The study's procedure on frames and lists, playlist by playlist: slow, and easy to check."""

    def __init__(self, counted: list[list[int]], min_count: int) -> None:
        counts = Counter(pair for one in counted for pair in combinations(one, 2))
        rows = [(a, b, count) for (a, b), count in sorted(counts.items()) if count >= min_count]
        self.pairs = pd.DataFrame(rows, columns=["a", "b", "count"])

    def similar(self, song: int, s: int) -> list[int]:
        rows = self.pairs[(self.pairs["a"] == song) | (self.pairs["b"] == song)]
        rows = rows.sort_values("count", ascending=False, kind="stable").head(s)
        return [b if a == song else a for a, b in zip(rows["a"], rows["b"], strict=True)]

    def extend(self, songs: list[int], target: float, s: int) -> list[int]:
        for song in self.similar(songs[0], s):
            if song not in songs:
                songs.append(song)
        length = len(songs)
        place = 0
        while length <= target and place < length:
            for song in self.similar(songs[place], s):
                if song not in songs:
                    songs.append(song)
            place += 1
        return songs

    def features(self, songs: list[int], table: np.ndarray) -> np.ndarray:
        rows = table[songs]
        return np.r_[rows[:, :8].mean(axis=0), rows[:, 8:].max(axis=0)]

    def generate(
        self, batch: Training, n_clusters: int, s: int = 10, t: int = 5, share: float = 0.5
    ) -> list[list[int] | None]:
        playlists = [batch.playlists[row].tolist() for row in range(len(batch.playlists))]
        frame = pd.DataFrame([self.features(songs, batch.songs) for songs in playlists])
        kmeans = KMeans(n_clusters, n_init=10, random_state=0).fit(frame.to_numpy())
        frame["cluster"], frame["followers"] = kmeans.labels_, batch.num_followers
        made: list[list[int] | None] = []
        for songs in playlists:
            n = len(songs)
            found = self.extend([songs[0]], int(n * share), s)
            cluster = kmeans.predict(self.features(found, batch.songs).reshape(1, -1))[0]
            members = frame[frame["cluster"] == cluster]
            top = members.sort_values("followers", ascending=False, kind="stable").head(t).index
            entries = pd.Series([song for row in top for song in playlists[row]])
            missing = n - int(n * share)
            if len(entries) >= missing:
                made.append(found + entries.sample(missing, random_state=0).tolist())
            elif entries.is_unique:
                made.append(found + self.extend(entries.tolist(), missing, s))
            else:
                made.append(None)
        return made


@pytest.mark.parametrize("min_count", [1, 3])
def test_the_generator_agrees_with_a_plain_rendering_playlist_by_playlist(min_count: int) -> None:
    rng = np.random.default_rng(3)
    songs = np.column_stack([rng.random((60, 7)), rng.random((60, 5)) * 100])
    weight = 1 / np.arange(1, 61)
    lists = [
        rng.choice(60, rng.integers(1, 30), p=weight / weight.sum()).tolist() for _ in range(90)
    ]
    lists[0] = rng.choice(60, 60).tolist()
    batch = batch_of(lists, rng.permutation(90).tolist(), songs)
    counted = Interactions.of(batch.playlists, 60, repeats=True)
    similar = find_published(counted, k=10, min_count=min_count).lists
    nucleus = PublishedNucleus(similar, n_clusters=20).fit(batch)
    heads = batch.playlists.heads().values
    made, failures = nucleus.generate(heads, n=batch.playlists.lengths)
    expected = PlainStudy(lists, min_count).generate(batch, 20)
    assert [made[row].tolist() for row in range(90)] == [one or [] for one in expected]
    assert [bool(reason) for reason in failures] == [one is None for one in expected]
