import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.records import AudioFeatures, SimilarTrack, Tag, TrackInfo, decode_features
from tests.harvest.fakes import features, record

UNITS = (
    "danceability",
    "energy",
    "speechiness",
    "acousticness",
    "instrumentalness",
    "liveness",
    "valence",
)


def decode(**changed):
    return decode_features(
        msgspec.Raw(msgspec.json.encode(features("a", **changed))), AudioFeatures
    )


def test_the_fields_stand_in_the_order_of_the_table():
    assert AudioFeatures.__struct_fields__ == (
        "spotify_id",
        "danceability",
        "energy",
        "key",
        "loudness",
        "mode",
        "speechiness",
        "acousticness",
        "instrumentalness",
        "liveness",
        "valence",
        "tempo",
        "duration_ms",
        "time_signature",
    )


def test_a_reply_becomes_a_record():
    assert decode() == record("a")


@given(st.sampled_from(UNITS), st.floats(0, 1))
def test_every_share_from_0_to_1_is_taken(name, value):
    assert getattr(decode(**{name: value}), name) == value


@given(st.sampled_from(UNITS), st.floats().filter(lambda x: not 0 <= x <= 1))
def test_no_other_share_is(name, value):
    with pytest.raises(msgspec.DecodeError):
        decode(**{name: value if abs(value) < 1e308 else "inf"})


def test_records_cannot_be_changed():
    with pytest.raises(AttributeError):
        record("a").energy = 1.0


@pytest.mark.parametrize(
    ("kind", "row"),
    [
        (Tag, {"spotify_id": "a", "tag": "rock", "weight": "101"}),
        (Tag, {"spotify_id": "a", "tag": None, "weight": "1"}),
        (SimilarTrack, {"spotify_id": "a", "artist": "b", "title": "c", "match": "1.01"}),
        (TrackInfo, {"spotify_id": "a", "artist": "b", "title": "c", "listeners": "-1"}),
    ],
)
def test_rows_out_of_range_are_no_records(kind, row):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(row, kind, strict=False)
