"""One file: what is read of it, and how each thing that is wrong with it is said."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.sources.msd_song import MalformedError, clean_tag, read_song
from tests.harvest.msd_files import content, place, song_id

PLACE = place(1)


def refusal(data, name=PLACE):
    with pytest.raises(MalformedError) as caught:
        read_song(name, data)
    return str(caught.value)


def test_every_field_is_read():
    read = read_song(place(1), content(1))
    assert (read.song.artist, read.song.title) == ("Artist 1", "Title 1")
    assert read.song.timestamp == "2011-08-03 00:30:31.051080"
    assert read.weights == [100, 40]
    assert [each.match for each in read.song.similars] == [0.75, 0.5]
    assert read.similar_ids == (song_id(2) + song_id(1_001)).encode()


def test_timestamp_may_be_absent_and_further_fields_are_passed_over():
    fields = json.loads(content(1)) | {"listeners": [1, {}]}
    del fields["timestamp"]
    assert read_song(place(1), json.dumps(fields).encode()).song.timestamp is None


@pytest.mark.parametrize("prefix", ["", "A/B/", "lastfm_train\\A\\", "x..y/", "a\nb/"])
def test_a_file_may_lie_in_any_folder(prefix):
    assert read_song(f"{prefix}{song_id(1)}.json", content(1)).song.title == "Title 1"


@pytest.mark.parametrize("prefix", ["../", "a/../", "/", "\\", "a\\..\\"])
def test_a_name_that_leads_out_of_the_zip_is_refused(prefix):
    assert refusal(content(1), f"{prefix}{song_id(1)}.json") == "its name leads out of the zip"


@pytest.mark.parametrize("name", ["song.json", "TR1.json", "trAAAAAAAAAAAAAAAA.json"])
def test_a_name_that_is_no_songs_is_refused(name):
    assert "its name is not that of a song" in refusal(content(1), name)


def test_a_file_of_another_song_than_its_name_says_is_refused():
    assert refusal(content(2)) == f"track_id is {song_id(2)!r}; expected {song_id(1)}, as its name"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (content(1)[:-9], "is not JSON in UTF-8"),
        (b"\xff\xfe{}", "is not JSON in UTF-8"),
        (b"[" * 100_000, "is not"),
        (b"[]", "is not a song's file: Expected `object`"),
        (b"{}", "missing required field `artist`"),
        (content(1, artist=7), "`$.artist`"),
        (content(1, title=None), "`$.title`"),
        (content(1, tags={}), "`$.tags`"),
        (content(1, tags=[["a"]]), "`$.tags[0]`"),
        (content(1, tags=[["a", "1", "2"]]), "Expected `array` of at most length 2"),
        (content(1, tags=[["a", []]]), "`$.tags[0][1]`"),
        (content(1, similars=[["TR1", 0.5]]), "`$.similars[0][0]`"),
        (content(1, similars=[[song_id(2), 1.5]]), "`$.similars[0][1]`"),
        (content(1, similars=[[song_id(2), -0.1]]), "`$.similars[0][1]`"),
        (content(1, similars=[[song_id(2), "0.5"]]), "`$.similars[0][1]`"),
        (content(1, similars=[["XX" + song_id(2)[2:], 0.5]]), "a similar song is 'XX0"),
        (content(1, similars=[[song_id(2)[:-1] + "é", 0.5]]), "a similar song is 'TR0"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(data, said):
    assert said in refusal(data)


@pytest.mark.parametrize(
    ("weight", "kept"),
    [("100", 100), (7, 7), ("0", 0), (1.0, 1), ("99.5", 100), ("12.25", 12), (0.4, 0)],
)
def test_strengths_are_numbers_or_texts_and_rounded(weight, kept):
    assert read_song(place(1), content(1, tags=[["a", weight]])).weights == [kept]


@pytest.mark.parametrize("weight", ["101", -1, "", "ten", "1e1", "٣", " 7", 100.5, "nan"])
def test_a_strength_out_of_its_range_is_refused(weight):
    assert "the strength of tag 'a' is" in refusal(content(1, tags=[["a", weight]]))


def test_half_surrogate_pairs_become_the_replacement_character():
    data = content(1, title="?").replace(b'"?"', rb'"\ud83d \ud83d\ude00"')
    assert read_song(place(1), data).song.title == "\ufffd \N{GRINNING FACE}"


NAMES = ["AC/DC & Co", "夜に駆ける", "مرحبا", "\N{GRINNING FACE}", "a\tb\nc\x00", "x" * 400, ""]


@pytest.mark.parametrize("name", NAMES)
def test_names_are_kept_as_they_are(name):
    read = read_song(place(1), content(1, artist=name, title=name, tags=[[name, "5"]]))
    assert (read.song.artist, read.song.title, read.song.tags[0].tag) == (name, name, name)


@given(st.binary(max_size=60) | st.text(max_size=40).map(str.encode))
def test_any_bytes_are_a_song_or_malformed(data):
    for each in (data, content(1)[:-1] + b"," + data):
        with contextlib.suppress(MalformedError):
            assert read_song(PLACE, each).song.track_id == song_id(1)


@given(st.text())
def test_clean_tags_are_of_small_letters_digits_and_single_spaces(tag):
    cleaned = clean_tag(tag)
    assert set(cleaned) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")
    assert cleaned == " ".join(cleaned.split()) == clean_tag(cleaned)
