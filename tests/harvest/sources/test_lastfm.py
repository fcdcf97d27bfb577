import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.config import LastfmSettings, Secret
from harvest.errors import (
    CredentialsRefused,
    NothingToAsk,
    RateLimited,
    RequestRejected,
    ServiceUnavailable,
    Unexpected,
    UnusableReply,
)
from harvest.records import SimilarTrack, Tag, TrackInfo
from harvest.sources.lastfm import LastfmTracks
from harvest.transport import Response
from harvest.worklist import Task

RECORDED = Path(__file__).parents[3].parent / "shared" / "data" / "recorded" / "lastfm"
SOURCE = LastfmTracks(LastfmSettings("http://lastfm/2.0/", Secret("my-key"), Secret("my-secret")))
STATUSES = [200, 400, 403, 404]
TASK = Task("a", "Guns N' Roses & Söhne", "Mr. Brownstone / 日本")


def read(part, xml, status=200):
    body = xml if isinstance(xml, bytes) else xml.encode()
    return SOURCE.read([TASK], part, Response(status, body))


def failed(code, text="words"):
    return f'<lfm status="failed"><error code="{code}">{text}</error></lfm>'


def test_each_part_is_a_request_of_its_own_by_raw_names():
    request = SOURCE.request([TASK], "info")
    assert (request.method, request.url) == ("POST", "http://lastfm/2.0/")
    assert request.form == {
        "artist": TASK.artist,
        "track": TASK.title,
        "autocorrect": "1",
        "api_key": "my-key",
        "method": "track.getInfo",
    }
    assert SOURCE.request([TASK], "tags").form["method"] == "track.getTopTags"
    similars = SOURCE.request([TASK], "similars").form
    assert (similars["method"], similars["limit"]) == ("track.getSimilar", "50")


def test_the_key_shows_in_no_repr():
    assert "my-key" not in repr(SOURCE.request([TASK], "info"))


def test_info_gives_one_row_with_names_as_corrected():
    answer = read(
        "info",
        """<?xml version="1.0" encoding="UTF-8"?><lfm status="ok"><track><name>T &amp; U</name>
        <mbid></mbid><listeners>93</listeners><playcount>6012</playcount>
        <artist><name>A</name><mbid>x</mbid></artist></track></lfm>""",
    )
    assert answer.records == [
        TrackInfo(spotify_id="a", artist="A", title="T & U", listeners=93, playcount=6012)
    ]


def test_tags_give_a_row_each_and_may_be_none():
    tags = (
        "<tag><name>rock</name><count>100</count></tag><tag><name>日本</name><count>0</count></tag>"
    )
    answer = read("tags", f'<lfm status="ok"><toptags artist="x" track="y">{tags}</toptags></lfm>')
    assert answer.records == [Tag("a", "rock", 100), Tag("a", "日本", 0)]
    assert read("tags", '<lfm status="ok"><toptags/></lfm>').records == []


def test_similars_give_a_row_each():
    track = "<track><name>U</name><match>0.5</match><artist><name>B</name></artist></track>"
    answer = read("similars", f'<lfm status="ok"><similartracks>{track}</similartracks></lfm>')
    assert answer.records == [SimilarTrack("a", "B", "U", 0.5)]


@pytest.mark.parametrize("code", [6, 7])
@pytest.mark.parametrize("status", [200, 400, 404, 500])
def test_an_unknown_track_is_missing_under_whatever_status(code, status):
    answer = read("info", failed(code, "Track not found"), status)
    assert answer.missing == {"a": "unknown to last.fm: Track not found"}


@pytest.mark.parametrize("code", [8, 11, 16])
@pytest.mark.parametrize("status", STATUSES)
def test_passing_troubles_are_worth_another_try(code, status):
    with pytest.raises(ServiceUnavailable, match=f"error {code}: words"):
        read("info", failed(code), status)


@pytest.mark.parametrize("status", STATUSES)
def test_error_29_makes_everybody_wait(status):
    with pytest.raises(RateLimited):
        read("info", failed(29), status)


@pytest.mark.parametrize(("code", "error"), [(29, RateLimited), (8, ServiceUnavailable)])
@pytest.mark.parametrize("status", [200, 403, 500, 503])
def test_a_wait_that_comes_with_last_fm_s_own_error_is_heard(status, code, error):
    response = Response(status, failed(code).encode(), {"Retry-After": "60"})
    with pytest.raises(error) as caught:
        SOURCE.read([TASK], "info", response)
    assert caught.value.retry_after_s == 60.0


def test_a_429_makes_everybody_wait_whatever_it_holds():
    for body in (failed(29), failed(6), "<html>slow down</html>", ""):
        with pytest.raises(RateLimited):
            read("info", body, 429)


@pytest.mark.parametrize("code", [4, 9, 10, 13, 26])
@pytest.mark.parametrize("status", STATUSES)
def test_a_refused_key_stops_the_job_and_says_where_to_look(code, status):
    with pytest.raises(CredentialsRefused, match="check LASTFM_API_KEY at https"):
        read("info", failed(code), status)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("body", ["<html>Bad gateway</html>", "", "upstream timed out"])
def test_a_server_error_without_a_code_is_worth_another_try(status, body):
    with pytest.raises(ServiceUnavailable):
        read("info", body, status)


@pytest.mark.parametrize("status", [200, 400, 403])
def test_a_page_instead_of_xml_is_worth_another_try(status):
    with pytest.raises(UnusableReply, match=rf"reply \({status}\) is not its XML"):
        read("info", "<!DOCTYPE html><html><body>Oops &nbsp;</body></html>", status)


def in_json(code, text="words"):
    return json.dumps({"error": code, "message": text, "links": []})


@pytest.mark.parametrize("status", STATUSES)
def test_an_error_in_json_counts_though_xml_was_asked_for(status):
    answer = read("info", in_json(6, "Track not found"), status)
    assert answer.missing == {"a": "unknown to last.fm: Track not found"}
    for code, error in [(8, ServiceUnavailable), (29, RateLimited), (10, CredentialsRefused)]:
        with pytest.raises(error):
            read("info", in_json(code), status)
    with pytest.raises(CredentialsRefused) as caught:
        read("info", in_json(10, "no such key: my-key"), status)
    assert "my-key" not in str(caught.value)


@pytest.mark.parametrize(
    "body", ["{}", '{"error": null}', '{"error": "x"}', '{"error": 404}', '{"error": 6', "[6]"]
)
def test_other_json_is_worth_another_try(body):
    with pytest.raises(UnusableReply, match="is not its XML"):
        read("info", body)


def test_other_errors_will_not_pass():
    with pytest.raises(RequestRejected):
        read("info", failed(3))


@pytest.mark.parametrize(
    "xml",
    [
        "<html><body>502</body></html>",
        "",
        '<lfm status="ok"><track><name>cut o',
        "<rss/>",
        '<lfm status="failed"/>',
        failed("9" * 5000),
        '<lfm status="ok"><track/></lfm>',
        '<lfm status="ok"/>',
    ],
)
def test_what_is_not_last_fm_s_xml_is_worth_another_try(xml):
    with pytest.raises(UnusableReply):
        read("info", xml)


@pytest.mark.parametrize("weight", ["101", "-1", "many", ""])
def test_weights_out_of_range_are_never_stored(weight):
    tag = f"<tag><name>rock</name><count>{weight}</count></tag>"
    with pytest.raises(UnusableReply, match="unusable Tag"):
        read("tags", f'<lfm status="ok"><toptags>{tag}</toptags></lfm>')


def test_a_document_with_entities_of_its_own_is_refused_before_it_is_parsed():
    bomb = '<!DOCTYPE lfm [<!ENTITY a "ha">]><lfm status="ok"><toptags/>&a;</lfm>'
    with pytest.raises(UnusableReply, match="declares a document type"):
        read("tags", bomb)


def test_a_404_that_is_not_last_fm_s_means_a_wrong_address():
    with pytest.raises(Unexpected, match=r"answers 404; check that LASTFM_API_URL"):
        read("info", "<html>nginx</html>", 404)


@given(st.binary(max_size=200), st.sampled_from(["info", "tags", "similars"]))
def test_no_body_whatever_breaks_the_reader(body, part):
    with pytest.raises(UnusableReply):
        read(part, body)


@pytest.mark.real
@pytest.mark.skipif(not RECORDED.exists(), reason="the recordings are not here")
class TestRecordings:
    def test_a_recorded_reply_has_listeners_and_plays(self):
        (info,) = read("info", (RECORDED / "track_get_info.xml").read_bytes()).records
        assert (info.artist, info.title) == ("Cher", "Believe")
        assert (info.listeners, info.playcount) == (152451, 571997)

    def test_a_recorded_reply_has_tags_with_weights(self):
        records = read("tags", (RECORDED / "track_get_top_tags.xml").read_bytes()).records
        assert records == [Tag("a", "alternative", 100), Tag("a", "alternative rock", 77)]

    def test_a_recorded_reply_has_the_most_similar_first(self):
        records = read("similars", (RECORDED / "track_get_similar.xml").read_bytes()).records
        assert records[0] == SimilarTrack("a", "Cher", "Strong Enough", 1.0)

    def test_a_long_recorded_reply_is_read_to_its_end(self):
        (exchange,) = json.loads(
            (RECORDED / "TestPyLastTrack.test_track_get_similar.json").read_text()
        )
        records = read("similars", exchange["response"]["body"]).records
        assert len(records) > 50
        assert all(0 <= record.match <= 1 for record in records)

    def test_a_recorded_refusal_names_the_key(self):
        with pytest.raises(CredentialsRefused, match="Invalid API key"):
            read("info", (RECORDED / "ng.xml").read_bytes())


@pytest.mark.parametrize("code", [4, 9, 10, 13, 26])
def test_a_refused_key_stops_the_job_under_a_server_error_too(code):
    with pytest.raises(CredentialsRefused):
        read("info", failed(code), 500)


def test_the_key_is_not_repeated_where_last_fm_repeats_it():
    key = SOURCE._network.api_key
    answer = read("info", failed(6, f"No track for {key}"))
    assert key not in str(answer.missing)


def test_what_is_wanted_is_told_by_a_bit_a_part():
    settings = LastfmSettings("http://lastfm/2.0/", Secret("k"), Secret(""))
    assert SOURCE.wanted == 0b111
    assert LastfmTracks(settings, what=["tags"]).wanted == 0b010
    assert LastfmTracks(settings, what=["similars", "info"], n_similars=3).wanted == 0b101


@pytest.mark.parametrize("name", ["", " ", "\t\n", "\u200b", "\x07"])
def test_a_name_that_shows_nothing_is_not_asked_by(name):
    for task in (Task("a", name, "T"), Task("a", "A", name)):
        with pytest.raises(NothingToAsk, match=r"the tables have no (artist|title)"):
            SOURCE.request([task], "info")


def test_the_other_way_to_ask_is_by_plain_names_and_there_is_but_one():
    raw = Task("a", "A feat. B", "T - Remastered 2011", attempts=3)
    plain = SOURCE.otherwise(raw)
    assert (plain.form, plain.attempts) == ("plain", 0)
    asked = SOURCE.request([plain], "info").form
    assert (asked["artist"], asked["track"]) == ("A", "T")
    assert SOURCE.otherwise(plain) is None


def test_there_is_no_other_way_where_names_are_plain_or_have_matched():
    assert SOURCE.otherwise(Task("a", "A", "T")) is None
    # It has told of the track by raw names before: it has merely no tags now.
    assert SOURCE.otherwise(Task("a", "A", "T - Mono", parts=0b001)) is None


@pytest.mark.parametrize("weights", [(7, 100, 50), (100, 50, 7)])
def test_of_a_tag_that_comes_twice_the_strongest_stays(weights):
    tags = "".join(f"<tag><name>rock</name><count>{w}</count></tag>" for w in weights)
    assert read("tags", f'<lfm status="ok"><toptags>{tags}</toptags></lfm>').records == [
        Tag("a", "rock", 100)
    ]


def test_a_similar_that_comes_twice_is_stored_once():
    row = "<track><name>U</name><match>{}</match><artist><name>B</name></artist></track>"
    body = f"<similartracks>{row.format(0.5)}{row.format(0.25)}</similartracks>"
    records = read("similars", f'<lfm status="ok">{body}</lfm>').records
    assert records == [SimilarTrack("a", "B", "U", 0.5)]
