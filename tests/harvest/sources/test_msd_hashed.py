"""Numbers of ids by machine code: those of the plain way."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from harvest.sources.msd_hashed import Hashed
from harvest.sources.msd_ids import LookedUp
from harvest.sources.msd_parts import ID
from tests.harvest.msd_files import song_id


def ids_of(numbers):
    return pa.array([song_id(number).encode() for number in numbers], ID)


@given(st.integers(0, 9), st.lists(st.lists(st.integers(0, 30), max_size=20), max_size=4))
def test_both_ways_give_the_same_numbers(n_known, pages):
    plain, hashed = (kind(ids_of(range(n_known))) for kind in (LookedUp, Hashed))
    for page in pages:
        assert plain.number(ids_of(page)).tolist() == hashed.number(ids_of(page)).tolist()
    assert plain.others().to_pylist() == hashed.others().to_pylist()


def test_numbers_stay_when_the_table_grows():
    ids = Hashed(ids_of(range(5_000)))
    assert ids.number(ids_of(range(40_000))).tolist() == list(range(40_000))
    assert ids.number(ids_of([39_999, 0, 50_000, 5_000])).tolist() == [39_999, 0, 40_000, 5_000]
    assert ids.others()[0].as_py() == song_id(5_000).encode()
    assert len(ids.others()) == 35_001


def test_part_of_an_array_is_numbered_as_such():
    assert Hashed(ids_of([1, 2, 3]).slice(1)).number(ids_of([9, 3, 2]).slice(1)).tolist() == [1, 0]
