from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

METHODS = {
    "track.getInfo": "track",
    "track.getTopTags": "toptags",
    "track.getSimilar": "similartracks",
    "track.getCorrection": "corrections",
}


@pytest.fixture
def names(library):
    """An artist and title that last.fm knows."""
    row = next(iter(library.row_of.values()))
    return library.artist_names[library.artist_of[row]], library.lastfm_titles[row]


def paths(element, prefix=""):
    """List the elements and attributes that a document uses, each once."""
    here = f"{prefix}/{element.tag}"
    found = {here} | {f"{here}@{name}" for name in element.attrib}
    return found.union(*(paths(child, here) for child in element))


@pytest.mark.parametrize("http", ["GET", "POST"])
@pytest.mark.parametrize("method", METHODS)
def test_every_method_answers_get_and_post_alike(serve, names, method, http):
    async def scenario(client):
        return await client.lastfm(method, *names, http=http)

    status, headers, body = serve(scenario)
    document = ET.fromstring(body)
    assert (status, headers["Content-Type"]) == (200, "text/xml; charset=UTF-8")
    assert (document.tag, document.get("status")) == ("lfm", "ok")
    assert document[0].tag == METHODS[method]


def test_names_match_without_case_and_come_back_corrected(serve, names):
    artist, title = names

    async def scenario(client):
        info = await client.lastfm("track.getInfo", artist.upper(), title.lower())
        return info, await client.lastfm("track.getCorrection", artist, title.upper())

    info, correction = (ET.fromstring(reply[2]) for reply in serve(scenario))
    assert info.findtext("track/name") == title
    assert info.findtext("track/artist/name") == artist
    corrected = correction.find("corrections/correction")
    assert corrected is not None
    assert corrected.get("artistcorrected") == "0"
    assert corrected.get("trackcorrected") == str(int(title != title.upper()))


def test_other_spellings_are_corrected_where_that_is_asked_for(serve, library):
    odd = replace(library, row_of={"béla & the fox\tdon’t go": 0})

    async def scenario(client):
        asked = ("track.getInfo", "Bela and the Fox", "Dont GO")
        return [
            await client.lastfm(*asked, **more)
            for more in ({}, {"autocorrect": "0"}, {"autocorrect": "1"})
        ]

    without, off, on = serve(scenario, library=odd)
    assert without[0] == off[0] == 404
    assert ET.fromstring(on[2]).findtext("track/name") == library.lastfm_titles[0]


def test_numbers_are_stable_and_plausible(serve, names):
    async def scenario(client):
        return [(await client.lastfm("track.getInfo", *names))[2] for _ in range(2)]

    first, second = serve(scenario)
    assert first == second
    document = ET.fromstring(first)
    listeners = int(document.findtext("track/listeners") or -1)
    assert 0 < listeners < int(document.findtext("track/playcount") or -1)


def test_tags_descend_from_a_hundred(serve, names):
    async def scenario(client):
        return await client.lastfm("track.getTopTags", *names)

    counts = [int(count.text) for count in ET.fromstring(serve(scenario)[2]).iter("count")]
    assert counts[0] == 100
    assert counts == sorted(counts, reverse=True)


def test_similars_descend_within_the_limit_and_leave_out_the_track(serve, names):
    async def scenario(client):
        return [
            ET.fromstring((await client.lastfm("track.getSimilar", *names, **more))[2])
            for more in ({"limit": "7"}, {})
        ]

    few, usual = serve(scenario)
    matches = [float(match.text) for match in few.iter("match")]
    assert len(matches) == 7
    assert matches[0] == 1.0
    assert matches == sorted(matches, reverse=True)
    assert all(0.0 < match <= 1.0 for match in matches)
    assert 7 < len(usual.findall("similartracks/track")) <= 100
    listed = {(t.findtext("artist/name"), t.findtext("name")) for t in few.iter("track")}
    assert names not in listed


def test_errors_come_as_xml_under_their_status(serve, names):
    artist, title = names

    async def scenario(client):
        asked = [
            ("track.getInfo", artist, "no such title", {}),
            ("track.getInfo", "", title, {}),
            ("track.getInfo", artist, title, {"api_key": ""}),
            ("track.getInfo", artist, title, {"api_key": "other"}),
            ("track.getNothing", artist, title, {}),
        ]
        return [await client.lastfm(m, a, t, **more) for m, a, t, more in asked]

    replies = serve(scenario, api_keys=["k"])
    codes = [ET.fromstring(body)[0].get("code") for _, _, body in replies]
    assert codes == ["6", "6", "10", "10", "3"]
    assert [status for status, _, _ in replies] == [404, 404, 403, 403, 400]


ODD = ("A&B <c> \"d\" 'e'", "Fire 🔥 / שלום\x07 - Remastered 2011")


@pytest.mark.parametrize("method", METHODS)
def test_any_name_makes_well_formed_xml(serve, library, method):
    odd = replace(
        library,
        artist_names=[ODD[0]] * len(library.artist_names),
        lastfm_titles=[ODD[1]] * len(library.titles),
        album_names=[ODD[1]] * len(library.album_names),
        artist_tags=[((ODD[0], 100),)] * len(library.artist_tags),
        row_of={"x\ty": 0},
    )

    async def scenario(client):
        return await client.lastfm(method, "X", "Y", limit="3")

    document = ET.fromstring(serve(scenario, library=odd)[2])
    texts = {element.text for element in document.iter() if element.text}
    texts |= {value for element in document.iter() for value in element.attrib.values()}
    assert ODD[1].replace("\x07", "") in texts


def test_a_track_unknown_with_its_suffix_may_be_known_without(songs, library):
    from harvest.emulator.catalogue.recordings import lookup_key
    from harvest.emulator.catalogue.titles import base_title

    known_by_base = [
        row
        for row in range(len(songs.ids))
        if not songs.on_lastfm[row] and base_title(songs.titles[row]) != songs.titles[row]
    ]
    assert known_by_base
    for row in known_by_base:
        artist = songs.artist_names[songs.artist_of[row]]
        assert lookup_key(artist, base_title(songs.titles[row])) in library.row_of


@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("TestPyLastTrack.test_track_with_no_mbid.json", "track.getInfo"),
        ("TestPyLastTrack.test_track_get_similar.json", "track.getSimilar"),
        ("TestPyLastTrack.test_track_get_correction.json", "track.getCorrection"),
        ("track_get_top_tags.xml", "track.getTopTags"),
    ],
)
def test_replies_use_the_recorded_elements(serve, recorded, names, name, method):
    exchange = recorded(f"lastfm/{name}")
    text = exchange if isinstance(exchange, str) else exchange[0]["response"]["body"]
    personal = {"/lfm/track/userplaycount", "/lfm/track/userloved"}
    optional = {path for path in paths(ET.fromstring(text)) if path.endswith("mbid")}

    async def scenario(client):
        return (await client.lastfm(method, *names))[2]

    ours, theirs = paths(ET.fromstring(serve(scenario))), paths(ET.fromstring(text))
    assert theirs - personal - optional <= ours


@pytest.mark.real
def test_a_refused_key_reads_as_recorded(serve, recorded, names):
    async def scenario(client):
        return (await client.lastfm("track.getInfo", *names, api_key=""))[2]

    ours, theirs = ET.fromstring(serve(scenario)), ET.fromstring(recorded("lastfm/ng.xml").encode())
    assert [(e.tag, e.attrib, (e.text or "").strip()) for e in ours.iter()] == [
        (e.tag, e.attrib, (e.text or "").strip()) for e in theirs.iter()
    ]
