import asyncio
import tracemalloc
from contextlib import asynccontextmanager, suppress

import aiohttp
import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from harvest.config import LastfmSettings, Secret
from harvest.emulator.faults.documents import bomb_document
from harvest.errors import UnusableReply
from harvest.sources.lastfm import LastfmTracks
from harvest.sources.lastfm_xml import MAX_XML_BYTES, root_of
from harvest.transport import HttpSender
from harvest.worklist import Task

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
INSIDE = '<lfm status="ok"><toptags><tag><name>{}</name><count>1</count></tag></toptags></lfm>'
LONG = "x" * 50_000
TYPES = {
    "billion laughs": bomb_document().decode(),
    "quadratic blow-up": f'<!DOCTYPE lfm [<!ENTITY a "{LONG}">]>{INSIDE.format("&a;" * 999)}',
    "a file": f'<!DOCTYPE lfm [<!ENTITY e SYSTEM "file:///etc/passwd">]>{INSIDE.format("&e;")}',
    "an address": f'<!DOCTYPE lfm [<!ENTITY e SYSTEM "http://127.0.0.1/">]>{INSIDE.format("&e;")}',
    "a parameter": f"<!DOCTYPE lfm [<!ENTITY % p \"<!ENTITY e 'x'>\"> %p;]>{INSIDE.format('&e;')}",
    "a type elsewhere": f'<!DOCTYPE lfm SYSTEM "http://127.0.0.1/lfm.dtd">{INSIDE.format("x")}',
    "a type of defaults": f'<!DOCTYPE lfm [<!ATTLIST lfm status CDATA "ok">]>{INSIDE.format("x")}',
    "behind a comment": f"<?xml version='1.0'?><!-- c --><!DOCTYPE lfm>{INSIDE.format('x')}",
    "behind a control character": f"<!DOC\x01TYPE lfm [<!ENTITY e 'x'>]>{INSIDE.format('&e;')}",
}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", TYPES)
def test_a_document_type_is_refused_in_every_encoding(name, encoding):
    with pytest.raises(UnusableReply):
        root_of(TYPES[name].encode(encoding))


@pytest.mark.parametrize("declared", ["UTF-16", "ISO-8859-1", "UTF-7", "x-nothing"])
@pytest.mark.parametrize("name", ["billion laughs", "a file"])
def test_no_declared_encoding_hides_a_document_type(name, declared):
    text = TYPES[name].removeprefix('<?xml version="1.0"?>\n')
    with pytest.raises(UnusableReply, match="declares a document type"):
        root_of(f'<?xml version="1.0" encoding="{declared}"?>{text}'.encode())


def test_a_document_type_that_is_a_name_is_a_name():
    name = "&lt;!DOCTYPE lfm [&lt;!ENTITY e 'x'>]>"
    assert root_of(INSIDE.format(name).encode()).findtext("toptags/tag/name", "")[:9] == "<!DOCTYPE"


def test_an_entity_that_nobody_declared_is_refused():
    with pytest.raises(UnusableReply, match="undefined entity"):
        root_of(INSIDE.format("&nbsp;").encode())


@pytest.mark.parametrize("character", ["\x01", "\x07", "\x1b", "\x1f", "\ufffe"])
def test_control_characters_are_left_out_and_all_else_stays(character):
    root = root_of(INSIDE.format(f"A{character}🔥 שלום").encode())
    assert root.findtext("toptags/tag/name") == "A🔥 שלום"


def test_a_zero_is_no_control_character_but_another_encoding():
    with pytest.raises(UnusableReply, match="not in UTF-8"):
        root_of(INSIDE.format("ł").encode("utf-16-le"))


def test_a_document_of_half_a_million_levels_breaks_nothing():
    depth = MAX_XML_BYTES // 8
    assert root_of(b"<a>" * depth + b"</a>" * depth).tag == "a"


def test_a_document_that_is_too_large_is_refused_before_it_is_parsed():
    body = b"<a>" + b"<b/>" * (MAX_XML_BYTES // 4) + b"</a>"
    tracemalloc.start()
    try:
        with pytest.raises(UnusableReply, match="more than any reply"):
            root_of(body)
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


@given(st.binary(max_size=200))
def test_whatever_comes_is_a_tree_or_refused(body):
    with suppress(UnusableReply):
        assert root_of(body).tag


@asynccontextmanager
async def server(body):
    """A real server that answers everything with `body`; gives its address."""

    async def handler(_):
        return web.Response(body=body, content_type="text/xml")

    app = web.Application()
    app.router.add_post("/2.0/", handler)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/2.0/"
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("part", LastfmTracks.parts)
def test_a_bomb_from_a_server_takes_no_memory_and_stores_nothing(part, encoding):
    async def scenario():
        async with (
            server(bomb_document().decode().encode(encoding)) as url,
            aiohttp.ClientSession() as session,
        ):
            source = LastfmTracks(LastfmSettings(url, Secret("k"), Secret("s")))
            task = Task("id", "A", "T")
            response = await HttpSender(session).send(source.request([task], part))
            tracemalloc.start()
            with pytest.raises(UnusableReply, match="is not its XML"):
                source.read([task], part, response)
            return tracemalloc.get_traced_memory()[1]

    try:
        assert asyncio.run(scenario()) < 2**20
    finally:
        tracemalloc.stop()
