from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.records import AudioFeatures
from harvest.sources.feature_columns import find_columns
from harvest.sources.feature_rows import Reject, RowReader
from tests.harvest.fakes import ID, features, record
from tests.harvest.test_records import UNITS

A, B = ID(1), ID(2)
NAMES = [field.encode_name for field in msgspec.structs.fields(AudioFeatures)]


def read(*rows, names=NAMES, **options):
    reader = RowReader(find_columns(names, Path("f.csv")), **options)
    return reader.read(
        [row if isinstance(row, Reject) else (2 + i, row) for i, row in enumerate(rows)]
    )


def cells(spotify_id=A, **changed):
    values = features(spotify_id, **changed)
    return [values[name] if values[name] is None else str(values[name]) for name in NAMES]


def test_a_row_becomes_a_record():
    page = read(cells(A), cells(B))
    assert page.records == [record(A), record(B)]
    assert page.rejects == ()


def test_a_track_that_comes_twice_is_given_twice_in_order():
    page = read(cells(A, energy=0.5), cells(A, energy=0.75))
    assert [each.energy for each in page.records] == [0.5, 0.75]


def test_a_bad_row_costs_no_other():
    page = read(cells(A), cells(B, energy=1.7), Reject(9, "as it was"), cells(B))
    assert page.records == [record(A), record(B)]
    assert page.rejects == [
        Reject(3, "energy is '1.7'; expected 0 to 1"),
        Reject(9, "as it was"),
    ]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"danceability": "1.7"}, "danceability is '1.7'; expected 0 to 1"),
        ({"danceability": ""}, "danceability is empty; expected 0 to 1"),
        ({"danceability": None}, "danceability is empty; expected 0 to 1"),
        ({"danceability": "NA"}, "danceability is 'NA'; expected 0 to 1"),
        ({"energy": "nan"}, "energy is 'nan'; expected 0 to 1"),
        ({"energy": "inf"}, "energy is 'inf'; expected 0 to 1"),
        ({"valence": "0,53"}, "valence is '0,53'; expected 0 to 1"),
        ({"loudness": "99"}, "loudness is '99'; expected -100 to 20"),
        ({"tempo": "fast"}, "tempo is 'fast'; expected 0 to 1000"),
        ({"key": "12"}, "key is '12'; expected -1 to 11, or a note such as C# or Db"),
        ({"key": "4.5"}, "key is '4.5'; expected -1 to 11, or a note such as C# or Db"),
        ({"mode": "2"}, "mode is '2'; expected 0 to 1, major or minor"),
        ({"time_signature": "17"}, "time_signature is '17'; expected 0 to 16, or such as 4/4"),
        ({"duration_ms": "-1"}, "duration_ms is '-1'; expected milliseconds, 0 or more"),
        (
            {"duration_ms": "9" * 30},
            f"duration_ms is '{'9' * 30}'; expected milliseconds, 0 or more",
        ),
        ({"energy": "x" * 99}, f"energy is '{'x' * 39}…'; expected 0 to 1"),
        ({"energy": "a\nb\0"}, "energy is 'a�b�'; expected 0 to 1"),
    ],
)
def test_a_reason_says_column_value_and_what_was_expected(changed, reason):
    assert read(cells(**changed)).rejects == [Reject(2, reason)]


@pytest.mark.parametrize("name", ["key", "mode", "duration_ms", "time_signature"])
@pytest.mark.parametrize("cell", ["", "NA", "-", "null", None])
def test_some_features_may_be_unknown(name, cell):
    (kept,) = read(cells(**{name: cell})).records
    assert kept == msgspec.structs.replace(record(A), **{name: None})


def test_columns_that_may_be_unknown_may_be_absent():
    names = [n for n in NAMES if n not in {"key", "mode", "duration_ms", "time_signature"}]
    row = [value for name, value in zip(NAMES, cells(), strict=True) if name in names]
    (kept,) = read(row, names=names).records
    assert (kept.key, kept.mode, kept.duration_ms, kept.time_signature) == (None,) * 4


@pytest.mark.parametrize("cell", [" 0.25 ", ".25", "+.25", "2.5e-1", "0.250", 0.25])
def test_a_number_is_read_however_it_is_written(cell):
    assert read(cells(energy=cell)).records == [record(A)]


def test_whole_numbers_may_come_as_fractions():
    row = cells(key="4.0", mode="1.0", time_signature="4.", duration_ms="2e+05")
    assert read(row).records == [record(A)]


def test_a_decimal_comma_is_read_only_where_the_file_may_have_one():
    row = cells(energy="0,25", tempo="120,0", loudness="-7,5", key="4,0", mode="1,0")
    assert read(row, has_decimal_comma=True).records == [record(A)]
    assert read(row).records == []


def test_a_comma_or_point_that_may_part_thousands_is_not_taken_for_a_decimal_one():
    for cell in ("200,000", "200.000", "1.200.000"):
        page = read(cells(duration_ms=cell), has_decimal_comma=True)
        why = f"duration_ms is '{cell}'; expected milliseconds, 0 or more"
        assert page.rejects == [Reject(2, why)]


def test_percentages_become_shares():
    names = [f"{name}_%" if name == "energy" else name for name in NAMES]
    assert read(cells(energy="25"), names=names).records == [record(A)]
    assert read(cells(energy="101"), names=names).rejects == [
        Reject(2, "energy_% is '101'; expected 0 to 100")
    ]


def test_shares_under_short_names_are_never_taken_for_percentages():
    names = ["Live" if name == "liveness" else name for name in NAMES]
    shares = dict.fromkeys(UNITS, "50")
    (kept,) = read(cells(**shares), names=names).records
    assert {getattr(kept, name) for name in UNITS} == {0.5}
    assert read(cells(**shares | {"liveness": "0.5"}), names=names).rejects == [
        Reject(2, "Live is '0.5'; expected a whole percentage, 0 to 100")
    ]


def test_the_first_column_that_yields_an_id_counts():
    names = ["track_id", "uri", *NAMES]
    rows = [["", f"spotify:track:{A}", *cells("0")], ["7", "", *cells(B)], [B, "", *cells(A)]]
    assert [each.spotify_id for each in read(*rows, names=names).records] == [A, B, B]


def test_an_episode_is_no_track_though_another_column_has_its_id():
    names = ["Track URI", *NAMES]
    page = read(
        [f"spotify:episode:{A}", *cells(A)], ["spotify:local:a:b:c:1", *cells(A)], names=names
    )
    assert page.records == []
    assert page.rejects[1] == Reject(
        3, "Track URI is 'spotify:local:a:b:c:1'; expected a Spotify track's id, URI or address"
    )


def test_a_row_without_any_id_says_so():
    names = ["Track URI", *NAMES]
    page = read(["", *cells("")], ["", *cells("17")], names=names)
    assert [each.reason for each in page.rejects] == [
        "Track URI is empty; expected a Spotify track's id, URI or address",
        "id is '17'; expected a Spotify track's id, URI or address",
    ]


CELLS = st.text(max_size=12) | st.none() | st.floats() | st.integers() | st.booleans()


@given(
    st.lists(st.lists(CELLS, min_size=len(NAMES), max_size=len(NAMES)), max_size=4), st.booleans()
)
def test_no_row_whatever_breaks_the_reader(rows, has_decimal_comma):
    page = read(*([A, *row[1:]] for row in rows), has_decimal_comma=has_decimal_comma)
    assert len(page.records) + len(page.rejects) == len(rows)
