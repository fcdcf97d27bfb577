"""The answers of the local page: its files, songs as somebody types, lists, files, the report."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

import msgspec
from aiohttp import web

from model.errors import InputError
from model.library.finding import search_songs
from model.library.songs import Library
from model.making.files import FORMATS, left_out, playlist_content
from model.making.playlist import STANDARD, Chooser, Playlist, make_playlist
from model.making.wish import Wish
from model.serving.asks import read_ask, told_controls, told_playlist, told_song
from model.serving.guards import REPORT_POLICY, guard, refusal

T = TypeVar("T")

MOST_TYPED = 200
MOST_FOUND = 20
MOST_BYTES = 512 * 1024
"""Of a request; a hundred artists with names of any length that is seen fit in."""
REPORT = "report.html"
"""What `model report` leaves in the state directory."""

_PAGE = {"": "index.html", "app.js": "app.js", "app.css": "app.css", "icon.svg": "icon.svg"}
_TYPES = {
    "m3u8": "application/vnd.apple.mpegurl",
    "jspf": "application/jspf+json",
    "csv": "text/csv",
    "txt": "text/plain",
}
_NO_REPORT = (
    "<!doctype html><html lang=en><meta charset=utf-8><title>No report</title>"
    "<style>body{font:1rem/1.5 system-ui,sans-serif;color-scheme:light dark;padding:1rem}</style>"
    "<main><h1>No report yet</h1><p>This command makes it: <code>model report</code></p></main>"
)


class Pages:
    """Answers requests from a library.

    Parameters
    ----------
    library : Library
    state : Path
        Where the report may lie.
    chooser : Chooser
        Makes the lists of those who ask for no other method.
    """

    def __init__(self, library: Library, state: Path, chooser: Chooser = STANDARD) -> None:
        self._library = library
        self._state = state
        self._chooser = chooser
        # Two, so that nobody's slow list keeps others from searching.
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="answers")
        self._search = lru_cache(maxsize=4096)(self._search_now)
        # A file is mostly of the list that was just looked at.
        self._playlist = lru_cache(maxsize=256)(self._playlist_now)

    def application(self) -> web.Application:
        """Make what aiohttp serves."""
        app = web.Application(middlewares=[guard], client_max_size=MOST_BYTES)
        for path, name in _PAGE.items():
            app.router.add_get(f"/{path}", partial(_page_file, name))
        app.router.add_get("/report", self._report)
        app.router.add_get("/api/controls", self._controls)
        app.router.add_get("/api/search", self._find)
        app.router.add_post("/api/playlist", self._make)
        app.router.add_post("/api/export/{format}", self._export)
        return app

    async def _controls(self, _: web.Request) -> web.Response:
        return _json(msgspec.json.encode(told_controls(self._chooser)))

    async def _find(self, request: web.Request) -> web.Response:
        text = request.query.get("q", "")[:MOST_TYPED]
        return _json(await self._in_thread(partial(self._search, text.casefold())))

    async def _make(self, request: web.Request) -> web.Response:
        return await self._answer(request, lambda body: _json(self._list(body)))

    async def _export(self, request: web.Request) -> web.Response:
        kind = request.match_info["format"]
        if kind not in FORMATS:
            return refusal(404, f"no format {kind!r}; there are {', '.join(FORMATS)}")
        return await self._answer(request, lambda body: self._file(kind, body))

    async def _answer(
        self, request: web.Request, work: Callable[[bytes], web.Response]
    ) -> web.Response:
        # A form of another site cannot send this type; a script of one would have to ask first.
        if request.content_type != "application/json":
            return refusal(415, "expected application/json")
        try:
            body = await request.read()
            return await self._in_thread(partial(work, body))
        except InputError as error:
            return refusal(400, str(error))
        except web.RequestPayloadError:
            return refusal(400, "what was sent cannot be read to its end")

    async def _report(self, _: web.Request) -> web.StreamResponse:
        headers = {"Content-Security-Policy": REPORT_POLICY}
        path = self._state / REPORT
        if not path.is_file():
            return web.Response(text=_NO_REPORT, content_type="text/html", headers=headers)
        return web.FileResponse(path, headers=headers | {"Content-Type": "text/html"})

    def _search_now(self, text: str) -> bytes:
        found = search_songs(self._library, text, n=MOST_FOUND)
        return msgspec.json.encode({"songs": [told_song(song) for song in found]})

    def _list(self, body: bytes) -> bytes:
        wish, _ = read_ask(body, self._library, self._chooser)
        return msgspec.json.encode(told_playlist(self._playlist(wish)))

    def _file(self, kind: str, body: bytes) -> web.Response:
        wish, with_seeds = read_ask(body, self._library, self._chooser)
        playlist = self._playlist(wish)
        return web.Response(
            body=playlist_content(kind, playlist, with_seeds=with_seeds),
            content_type=_TYPES[kind],
            charset="utf-8",
            headers={
                "Content-Disposition": f'attachment; filename="playlist.{kind}"',
                "X-Left-Out": left_out(kind, playlist, with_seeds=with_seeds),
            },
        )

    def _playlist_now(self, wish: Wish) -> Playlist:
        is_own = wish.method == self._chooser.method
        recommend = self._chooser.recommend if is_own else None
        return make_playlist(self._library, wish, recommend=recommend)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


async def _page_file(name: str, _: web.Request) -> web.Response:
    kinds = {"html": "text/html", "js": "text/javascript", "css": "text/css"}
    kind = kinds.get(name.rpartition(".")[2], "image/svg+xml")
    content = files("model.serving").joinpath("page", name).read_bytes()
    return web.Response(body=content, content_type=kind, charset="utf-8")


def _json(body: bytes) -> web.Response:
    return web.Response(body=body, content_type="application/json")
