import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.challenge.definitions import DEFINITIONS, Definition
from model.challenge.scores import score
from model.ragged import Ragged
from tests.model.challenge import reference_figures as figures
from tests.model.reference_figures import clicks

songs = st.lists(st.integers(0, 30), max_size=25)
ARTISTS = np.where(np.arange(31) % 7 == 0, -1, np.arange(31) // 4)


@pytest.mark.parametrize("definition", DEFINITIONS)
@settings(max_examples=100, deadline=None)
@given(pairs=st.lists(st.tuples(songs, songs), min_size=1, max_size=6))
def test_many_lists_at_once_are_scored_as_each_alone(
    pairs: list[tuple[list[int], list[int]]], definition: Definition
) -> None:
    listed, hidden = (Ragged.of(lists) for lists in zip(*pairs, strict=True))
    found = score(listed, hidden, ARTISTS, definition=definition).to_numpy()
    expected = [
        (
            figures.r_precision(listed[row], hidden[row], ARTISTS, definition=definition),
            figures.r_precision_tracks(listed[row], hidden[row]),
            figures.ndcg(listed[row], hidden[row], definition=definition),
            clicks(listed[row], hidden[row]),
        )
        for row in range(len(pairs))
    ]
    assert found == pytest.approx(np.array(expected), nan_ok=True)


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_lists_of_more_than_500_songs_are_scored_as_each_alone(definition: Definition) -> None:
    rng = np.random.default_rng(0)
    artists = np.arange(900) // 5
    listed = Ragged.of([rng.permutation(900), rng.integers(900, size=800)])
    hidden = Ragged.of([rng.choice(900, 600, replace=False), rng.choice(900, 20, replace=False)])
    found = score(listed, hidden, artists, definition=definition)
    for row in range(2):
        alone = figures.r_precision(listed[row], hidden[row], artists, definition=definition)
        assert found["r_precision"][row] == pytest.approx(alone)
        ndcg = figures.ndcg(listed[row], hidden[row], definition=definition)
        assert found["ndcg"][row] == pytest.approx(ndcg)
        assert found["clicks"][row] == clicks(listed[row], hidden[row])
