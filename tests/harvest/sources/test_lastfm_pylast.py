"""What both transports store, reply by reply, over https: ours beside pylast's own client.

Where pylast cannot give what ours does, the difference stands in `DIFFERENCES`, by name.
"""

import asyncio
import ssl
from contextlib import asynccontextmanager
from dataclasses import replace

import aiohttp
import numpy as np
import pylast
import pytest
from aiohttp import web

from harvest.config import LastfmSettings, Secret
from harvest.emulator.catalogue.library import Library
from harvest.emulator.catalogue.recordings import index
from harvest.emulator.faults.documents import bomb_document
from harvest.emulator.server import Emulator
from harvest.emulator.services.lastfm import failure
from harvest.emulator.tls import throwaway_tls
from harvest.errors import HarvestError
from harvest.records import SimilarTrack, TrackInfo
from harvest.sending.pylast_transport import PylastSender
from harvest.sources.lastfm import LastfmTracks
from harvest.sources.lastfm_pylast import PylastTracks
from harvest.transport import HttpSender
from harvest.worklist import Task

CODES = (3, 4, 6, 7, 8, 9, 10, 11, 13, 16, 26, 29)
REFUSED = "UnusableReply"


def ok(content):
    return f'<lfm status="ok">{content}</lfm>'


def info(title="T", artist="A", listeners="1", playcount="2", mbid=""):
    return ok(
        f"<track><name>{title}</name><mbid>{mbid}</mbid><listeners>{listeners}</listeners>"
        f"<playcount>{playcount}</playcount><artist><name>{artist}</name></artist>"
        f"<album><artist>{artist}</artist><title>L</title></album>"
        "<toptags><tag><name>rock</name></tag></toptags></track>"
    )


def tags(*rows):
    each = (f"<tag><name>{name}</name><count>{count}</count></tag>" for name, count in rows)
    return ok(f'<toptags artist="A" track="T">{"".join(each)}</toptags>')


def similars(*rows):
    each = (
        f"<track><name>{title}</name><match>{match}</match>"
        f"<artist><name>{artist}</name></artist></track>"
        for artist, title, match in rows
    )
    return ok(f"<similartracks>{''.join(each)}</similartracks>")


# Replies that both read alike: part, status, body.
ALIKE = {
    **{f"code {code}": ("info", failure(code).status, failure(code).body) for code in CODES},
    **{f"code {code} under 200": ("tags", 200, failure(code).body) for code in CODES},
    "an unknown code": ("info", 200, failure(3).body.replace(b"3", b"99")),
    "an error without a code": ("info", 200, '<lfm status="failed"><error>x</error></lfm>'),
    "a code of 5,000 digits": ("info", 200, failure(3).body.replace(b"3", b"9" * 5000)),
    "a failure without an error": ("info", 200, '<lfm status="failed"/>'),
    "a page under 200": ("info", 200, "<html><body>We'll be back</body></html>"),
    "a page with a document type": ("info", 200, "<!DOCTYPE html><html><br></html>"),
    "a page under 404": ("info", 404, "<html/>"),
    "a page under 400": ("info", 400, "<html/>"),
    "a page under 503": ("info", 503, "<html/>"),
    "a page under 501": ("info", 501, "<html/>"),
    "a page under 429": ("info", 429, "<html/>"),
    "a redirect": ("info", 302, ""),
    "a time-out": ("info", 408, ""),
    "nothing": ("info", 200, ""),
    "another service": ("info", 200, "<rss/>"),
    "last.fm's own within a page": ("info", 200, f"<html>{info()}</html>"),
    "cut off": ("similars", 200, similars(("A", "T", 1))[:60]),
    "a bomb": ("info", 200, bomb_document()),
    "a bomb in UTF-16": ("info", 200, bomb_document().decode().encode("utf-16-le")),
    "not UTF-8": ("info", 200, info("é").encode("latin-1")),
    "another encoding declared": ("info", 200, f'<?xml version="1.0" encoding="x"?>{info("é")}'),
    "a byte order mark": ("info", 200, info().encode("utf-8-sig")),
    "deep": ("tags", 200, ok("<a>" * 5000 + "</a>" * 5000)),
    "about another thing": ("tags", 200, info()),
    "about nothing": ("similars", 200, ok("")),
    "an mbid": ("info", 200, info(mbid="0-1")),
    "no mbid": ("info", 200, info()),
    "no numbers": ("info", 200, ok("<track><name>T</name><artist><name>A</name></artist></track>")),
    "no artist": ("info", 200, info().replace("<artist><name>A</name></artist>", "")),
    **{
        f"listeners of {listeners}": ("info", 200, info(listeners=listeners))
        for listeners in ("12.0", "1e3", "1,000", "-1", "9" * 30, "1_0", "١٢", "", "many")
    },
    "an escaped name": ("info", 200, info("A &amp; B &lt;c&gt; &#233;")),
    "a name in a CDATA section": ("info", 200, info("<![CDATA[A & B]]>")),
    "a control character": ("info", 200, info("A\x07B")),
    "a control character by its number": ("info", 200, info("A&#7;B")),
    "a zero": ("info", 200, info("A\0B")),
    "no tag": ("tags", 200, tags()),
    "one tag": ("tags", 200, tags(("a", 100))),
    "a tag twice": ("tags", 200, tags(("a", 100), ("b", 7), ("a", 50))),
    "a tag without a count": ("tags", 200, ok("<toptags><tag><name>a</name></tag></toptags>")),
    **{
        f"a count of {count}": ("tags", 200, tags(("a", count)))
        for count in ("101", "-1", "", "100.0", "nan")
    },
    "no similar": ("similars", 200, similars()),
    "one similar": ("similars", 200, similars(("B", "U", "0.5"))),
    "a similar without its artist": (
        "similars",
        200,
        similars(("A", "T", "1")).replace("<artist><name>A</name></artist>", ""),
    ),
    **{
        f"a match of {match}": ("similars", 200, similars(("B", "U", match)))
        for match in ("1e-3", "1.5", "-1", "nan", "inf", "many")
    },
}

ONE = {"spotify_id": "id", "artist": "A", "listeners": 1, "playcount": 2}

# Replies that pylast reads otherwise: part, status, body, what ours says, what pylast says.
DIFFERENCES = {
    "pylast looks at the status alone where it is a server error": (
        *("info", 500, failure(10).body),
        *("CredentialsRefused", "ServiceUnavailable"),
    ),
    "pylast cannot read an error without words": (
        *("info", 200, '<lfm status="failed"><error code="6"/></lfm>'),
        *({"id": "unknown to last.fm: "}, REFUSED),
    ),
    "pylast cannot read an error in JSON": (
        *("info", 200, '{"error":6,"message":"Track not found"}'),
        *({"id": "unknown to last.fm: Track not found"}, REFUSED),
    ),
    "pylast strips numbers": (
        *("info", 200, info(listeners=" 1 ")),
        *(REFUSED, [TrackInfo(**ONE, title="T")]),
    ),
    "pylast strips names": (
        *("info", 200, info(" T ")),
        *([TrackInfo(**ONE, title=" T ")], [TrackInfo(**ONE, title="T")]),
    ),
    "pylast unescapes twice": (
        *("info", 200, info("AT&amp;amp;T")),
        *([TrackInfo(**ONE, title="AT&amp;T")], [TrackInfo(**ONE, title="AT&T")]),
    ),
    "pylast reads a name up to a comment or section within it": (
        *("info", 200, info("A<!-- c --><![CDATA[ & ]]>B")),
        *([TrackInfo(**ONE, title="A & B")], [TrackInfo(**ONE, title="A")]),
    ),
    "pylast drops a word": (
        *("info", 200, info("opensearch: it")),
        *([TrackInfo(**ONE, title="opensearch: it")], [TrackInfo(**ONE, title="it")]),
    ),
    "pylast drops emoji with control characters": (
        *("info", 200, info("A\x07🔥")),
        *([TrackInfo(**ONE, title="A🔥")], [TrackInfo(**ONE, title="A")]),
    ),
    "pylast has no empty names": (
        *("tags", 200, tags(("", 5))),
        *([], REFUSED),
    ),
    "pylast takes no match for 0": (
        *("similars", 200, similars(("A", "T", ""))),
        *(REFUSED, [SimilarTrack("id", "A", "T", 0.0)]),
    ),
    "pylast finds names by their order": (
        *("similars", 200),
        ok(
            "<similartracks><track><artist><name>A</name></artist><name>T</name>"
            "<match>1</match></track></similartracks>"
        ),
        *([SimilarTrack("id", "A", "T", 1.0)], [SimilarTrack("id", "T", "A", 1.0)]),
    ),
}


@pytest.fixture(scope="module")
def tls():
    """An authority that both trust."""
    with throwaway_tls("127.0.0.1") as tls, pytest.MonkeyPatch.context() as monkeypatch:
        trusting = ssl.create_default_context(cafile=tls.ca_file)
        monkeypatch.setattr(pylast, "SSL_CONTEXT", trusting)
        yield tls


@asynccontextmanager
async def both(url):
    """Both transports, each with the source that reads it."""
    settings = LastfmSettings(url, Secret("k3y"), Secret("s3cret"))
    connector = aiohttp.TCPConnector(ssl=pylast.SSL_CONTEXT)
    async with aiohttp.ClientSession(connector=connector) as session:
        ours = HttpSender(session), LastfmTracks(settings)
        yield ours, (PylastSender(settings), PylastTracks(settings))


async def verdict(transport, task, part):
    """What becomes of one reply: rows, tracks that are missing, or the error's name."""
    sender, source = transport
    try:
        response = await sender.send(source.request([task], part))
        reply = source.read([task], part, response)
    except HarvestError as error:
        return type(error).__name__
    return dict(reply.missing) or list(reply.records)


@pytest.fixture(scope="module")
def verdicts(tls):
    """What ours and pylast's make of each of the replies, by its name."""
    replies = {**ALIKE, **{name: each[:3] for name, each in DIFFERENCES.items()}}

    async def scenario():
        async def handler(request):
            _, status, body = now
            return web.Response(status=status, body=body, content_type="text/xml")

        app = web.Application()
        app.router.add_post("/2.0/", handler)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls.context).start()
        found = {}
        async with both(f"https://127.0.0.1:{runner.addresses[0][1]}/2.0/") as transports:
            for name, now in replies.items():
                task = Task("id", "A", "T")
                found[name] = [await verdict(each, task, now[0]) for each in transports]
        await runner.cleanup()
        return found

    return asyncio.run(scenario())


@pytest.mark.parametrize("name", ALIKE)
def test_both_transports_make_the_same_of_a_reply(name, verdicts):
    ours, theirs = verdicts[name]
    assert ours == theirs


@pytest.mark.parametrize("name", DIFFERENCES)
def test_where_they_differ_it_is_in_a_way_that_is_known(name, verdicts):
    *_, ours, theirs = DIFFERENCES[name]
    assert verdicts[name] == [ours, theirs]


def test_each_kind_of_verdict_is_among_those_compared(verdicts):
    kinds = {
        each if isinstance(each, str) else type(each).__name__ for each, _ in verdicts.values()
    }
    assert kinds == {
        "list",
        "dict",
        "CredentialsRefused",
        "RateLimited",
        "RequestRejected",
        "ServiceUnavailable",
        "Unexpected",
        REFUSED,
    }


HARD = [
    ("Salt & Pepper", "Push & Pull"),
    ("AC/DC/", "Black / White"),
    ("Ünï", "Fire 🔥👩‍👩‍👧 🎵"),
    ("אבג", "שלום \u200f(חי)"),
    ("Long", "x" * 400),
    ("長い", "夜" * 400),
    ("Bell\x07", "Ding \x1b[31m Dong"),
    ("<b>\"Tag\"</b> 'q'", "]]><!DOCTYPE x>"),
    ("Émile", "Café"),
    ("50%+20;", "100% = a+b?&c=d#e"),
    ("-", "..."),
]
TAGS = [
    (),
    (("one", 100),),
    (("rock & roll", 100), ("🎸", 50), ("x" * 400, 1), ("שלום", 0)),
    (("twice", 100), ("twice", 100), ("Twice", 3)),
]


@pytest.fixture(scope="module")
def hard_library():
    """Tracks with names that are hard to send, to escape and to read; artists tagged oddly."""
    n, artists, titles = len(HARD), [pair[0] for pair in HARD], [pair[1] for pair in HARD]
    rows = np.arange(n)
    return Library(
        ids=[f"{row:022d}" for row in rows],
        titles=titles,
        artist_of=rows,
        album_of=rows,
        duration_ms=rows * 1000,
        popularity=rows.astype(float),
        artist_names=artists,
        album_names=titles,
        artist_tags=[TAGS[row % len(TAGS)] for row in rows],
        features={},
        lastfm_titles=titles,
        row_of=index(artists, rows, titles),
    )


def compared(library, tls, tasks, **options):
    """What ours and pylast's make of every part of `tasks`, from the emulator."""

    async def scenario():
        emulator = Emulator(library, ssl_context=tls.context, **options)
        async with emulator as urls, both(urls["lastfm_api_url"]) as transports:
            return {
                (task.spotify_id, part): [await verdict(each, task, part) for each in transports]
                for task in tasks
                for part in LastfmTracks.parts
            }

    return asyncio.run(scenario())


def tasks_of(library):
    return [Task(library.ids[row], *names) for row, names in enumerate(HARD)]


def test_both_store_the_same_of_names_that_are_hard(hard_library, tls):
    found = compared(hard_library, tls, tasks_of(hard_library))
    for (spotify_id, part), (ours, theirs) in found.items():
        assert ours == theirs, (spotify_id, part)
        assert isinstance(ours, list)
    for row, (artist, title) in enumerate(HARD):
        (stored,) = found[hard_library.ids[row], "info"][0]
        # XML cannot hold control characters: last.fm's names come without.
        clean = str.maketrans("", "", "\x07\x1b")
        assert (stored.artist, stored.title) == (artist.translate(clean), title.translate(clean))
        stored_tags = [(tag.tag, tag.weight) for tag in found[hard_library.ids[row], "tags"][0]]
        assert stored_tags == list(dict.fromkeys(TAGS[row % len(TAGS)]))
    assert any(found[key][0] for key in found if key[1] == "similars")


def test_both_are_corrected_alike(hard_library, tls):
    tasks = [
        Task("a", "salt AND pepper", "PUSH and pull"),
        Task("b", "emile", "cafe"),
        Task("c", "emile", "tea"),
    ]
    found = compared(hard_library, tls, tasks)
    assert all(ours == theirs for ours, theirs in found.values())
    assert [found[each, "info"][0][0].title for each in "ab"] == ["Push & Pull", "Café"]
    assert found["c", "info"][0] == {"c": "unknown to last.fm: Track not found"}


@pytest.mark.parametrize(
    ("profile", "said"),
    [
        ("lastfm-8", "ServiceUnavailable"),
        ("lastfm-11", "ServiceUnavailable"),
        ("lastfm-16", "ServiceUnavailable"),
        ("lastfm-29", "RateLimited"),
        ("lastfm-bomb", REFUSED),
        ("lastfm-number", REFUSED),
        ("truncated", REFUSED),
        ("html-200", REFUSED),
        ("rate-limit", "RateLimited"),
        ("flaky-5xx", "ServiceUnavailable"),
        ("drop-connection", "ServiceUnavailable"),
    ],
)
def test_both_take_the_emulator_s_faults_alike(profile, said, hard_library, tls):
    library = replace(hard_library, artist_tags=[(("one", 100),)] * len(HARD))
    found = compared(library, tls, tasks_of(library)[:1], faults=f"{profile}=1")
    assert set(map(tuple, found.values())) == {(said, said)}


def test_both_read_names_that_come_with_control_characters(hard_library, tls):
    tasks = [task for task in tasks_of(hard_library) if "🔥" not in task.title]
    right = compared(hard_library, tls, tasks)
    found = compared(hard_library, tls, tasks, faults="lastfm-control=1")
    for key, (ours, theirs) in found.items():
        assert ours == right[key][0], key
        if "🔥" not in str(ours) and "🎸" not in str(ours):
            assert ours == theirs, key
