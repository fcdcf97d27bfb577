from xml.etree import ElementTree as ET

import pytest

from harvest.errors import UnusableReply
from harvest.records import SimilarTrack, Tag
from harvest.sources.lastfm_rows import READERS, read_info, read_similars, read_tags, tidy


def document(inner):
    return ET.fromstring(f'<lfm status="ok">{inner}</lfm>')


def test_each_part_of_the_job_has_a_reader():
    assert list(READERS) == ["info", "tags", "similars"]


def test_a_track_is_one_row_with_numbers_where_the_document_has_texts():
    (row,) = read_info(
        document(
            "<track><name>Creep</name><listeners>12</listeners><playcount>34</playcount>"
            "<artist><name>Radiohead</name></artist></track>"
        ),
        "a",
    )
    assert (row.spotify_id, row.artist, row.title) == ("a", "Radiohead", "Creep")
    assert (row.listeners, row.playcount, row.mbid) == (12, 34, None)


def test_tags_and_similar_tracks_keep_their_order_and_may_be_none():
    tags = "".join(f"<tag><name>{name}</name><count>5</count></tag>" for name in "ba")
    assert [row.tag for row in read_tags(document(f"<toptags>{tags}</toptags>"), "a")] == ["b", "a"]
    assert read_similars(document("<similartracks/>"), "a") == []


@pytest.mark.parametrize(
    ("read", "inner"),
    [
        (read_info, ""),
        (read_info, "<track><name>Creep</name></track>"),
        (read_tags, "<similartracks/>"),
        (read_tags, "<toptags><tag><name>rock</name><count>many</count></tag></toptags>"),
        (read_similars, "<similartracks><track><name>x</name></track></similartracks>"),
    ],
)
def test_what_is_absent_or_out_of_range_makes_a_document_unusable(read, inner):
    with pytest.raises(UnusableReply, match="sent"):
        read(document(inner), "a")


def test_of_rows_with_one_name_the_strongest_stays_where_it_stood():
    rows = [
        SimilarTrack("a", "Blur", "Song 2", 0.2),
        SimilarTrack("a", "Blur", "Tender", 0.3),
        SimilarTrack("a", "Blur", "Song 2", 0.9),
        Tag("a", "", 3),
    ]
    assert tidy(rows) == rows[1:3]
