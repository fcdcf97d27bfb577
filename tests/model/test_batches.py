import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from model.batches import Batch, batches_of, chunks_of, published_batches
from model.settings import Settings
from model.split import Split


def make_split(n_playlists: int) -> Split:
    rows = np.arange(n_playlists)
    return Split(train=rows[::2], validation=rows[1::4], test=rows[3::4])


@given(st.integers(0, 60), st.integers(0, 3))
def test_the_studys_batches_hold_each_playlist_once(n: int, seed: int) -> None:
    batches = list(published_batches(np.arange(n), seed))
    assert sorted(row for batch in batches for row in batch.rows.tolist()) == list(range(n))
    # np.array_split: sizes differ by one at most, and never more than six batches.
    sizes = [len(batch.rows) for batch in batches]
    assert len(batches) == min(n, 6)
    assert not sizes or max(sizes) - min(sizes) <= 1
    assert [batch.start for batch in batches] == np.cumsum([0, *sizes])[:-1].tolist()


def test_the_holdout_protocol_knows_one_batch_in_order() -> None:
    (batch,) = batches_of(make_split(12), "test", Settings())
    assert isinstance(batch, Batch)
    assert batch.rows.tolist() == [3, 7, 11]


@given(st.integers(0, 80), st.integers(1, 20), st.sampled_from(["holdout", "published"]))
def test_chunks_cover_every_part_once_whatever_their_size(n: int, size: int, protocol: str) -> None:
    split, settings = make_split(n), Settings(protocol=protocol, parts=("validation", "test"))
    covered: dict[str, list[int]] = {"validation": [], "test": []}
    names = []
    for chunk in chunks_of(split, settings, size=size):
        assert 0 < chunk.last - chunk.first <= size
        batches = {one.number: one for one in batches_of(split, chunk.part, settings)}
        covered[chunk.part] += batches[chunk.batch].rows[chunk.first : chunk.last].tolist()
        names.append(chunk.name)
    assert sorted(covered["validation"]) == split.validation.tolist()
    assert sorted(covered["test"]) == split.test.tolist()
    assert len(set(names)) == len(names)
