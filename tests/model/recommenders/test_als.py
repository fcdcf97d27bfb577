import numpy as np

from model.ragged import Ragged
from model.recommenders.als import Als
from model.recommenders.als_kernels import FEW, solve_rows
from model.recommenders.base import Training


def test_short_and_long_rows_solve_the_same_equations():
    rng = np.random.default_rng(0)
    factors = rng.normal(size=(60, 8)).astype(np.float32)
    gram = (factors.T @ factors + np.eye(8)).astype(np.float32)
    images = np.ascontiguousarray(np.linalg.solve(gram, factors.T).T)
    held = Ragged.of([[3], list(range(FEW)), list(range(50)), []])
    solved = np.zeros((4, 8), dtype=np.float32)
    solve_rows(held.indptr, held.values, factors, images, gram, 4.0, 30, solved)
    for row in range(3):
        own = factors[held[row]]
        expected = np.linalg.solve(gram + 4 * own.T @ own, 5 * own.sum(axis=0))
        assert np.allclose(solved[row], expected, atol=1e-4)
    assert not solved[3].any()


def test_songs_of_the_same_taste_come_first():
    lists = [[0, 1, 2, 3]] * 5 + [[4, 5, 6, 7]] * 5
    train = Training(
        playlist_ids=np.arange(10),
        names=["a"] * 10,
        num_followers=np.ones(10, dtype=np.int64),
        playlists=Ragged.of(lists),
        songs=np.zeros((8, 12)),
    )
    songs, _ = Als(n_factors=4).fit(train).recommend(Ragged.of([[0], [5]]), n=3)
    assert sorted(songs[0].tolist()) == [1, 2, 3]
    assert sorted(songs[1].tolist()) == [4, 6, 7]
