import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from model.library.songs import Library
from model.making.playlist import STANDARD, Chooser
from model.serving.server import listen, serving

Ask = Callable[..., Coroutine[Any, Any, tuple[int, Any, bytes]]]


@asynccontextmanager
async def asking(library: Library, state: Path, chooser: Chooser = STANDARD) -> AsyncIterator[Ask]:
    """Serve, and give a function that sends a request as a program does."""
    async with (
        serving(library, state, chooser, listener=listen()) as address,
        aiohttp.ClientSession(address) as session,
    ):

        async def ask(method: str, path: str, **options: Any) -> tuple[int, Any, bytes]:
            async with session.request(method, path, **options) as response:
                return response.status, response.headers, await response.read()

        yield ask


def told(body: bytes) -> Any:
    return json.loads(body)


def run(work: Coroutine[Any, Any, None]) -> None:
    import asyncio

    asyncio.run(work)


def test_a_visit_from_typing_to_a_file(library: Library, tmp_path: Path) -> None:
    async def visit() -> None:
        async with asking(library, tmp_path) as ask:
            _, headers, page = await ask("GET", "/")
            assert b"<title>Make a playlist</title>" in page
            assert "script-src 'self'" in headers["Content-Security-Policy"]
            for name in ("/app.js", "/app.css", "/icon.svg"):
                assert (await ask("GET", name))[0] == 200
            _, _, found = await ask("GET", "/api/search", params={"q": "radiohead cre"})
            seed = told(found)["songs"][0]["number"]
            assert seed == 0
            wish = {"seeds": [seed], "n": 2, "diversity": 0.1, "title": " "}
            status, _, made = await ask("POST", "/api/playlist", json=wish)
            assert status == 200
            songs = told(made)["songs"]
            assert songs[0]["reasons"][0] == "plays together with Creep in 3 playlists"
            assert told(made)["profile"]["features"][1]["name"] == "energy"
            assert told(made)["profile"]["followers"] is None  # Too few playlists to learn from.
            _, headers, file = await ask(
                "POST", "/api/export/txt", json=wish | {"with_seeds": True}
            )
            assert headers["Content-Disposition"] == 'attachment; filename="playlist.txt"'
            assert file.decode().split() == [
                f"spotify:track:{0:022d}",
                *(song["uri"] for song in songs),
            ]

    run(visit())


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({}, "nothing to go by"),
        ({"seeds": [9]}, "there are 9 songs"),
        ({"seeds": [-1]}, ">= 0"),
        ({"seeds": [1], "n": 501}, "<= 500"),
        ({"seeds": [1], "share": 2}, "<= 1"),
        ({"seeds": [1], "method": "magic"}, "magic"),
        ({"seeds": [1], "x": 1}, "unknown field"),
        ({"title": "road trip", "method": "playlists"}, "add a song: playlists reads no names"),
        ({"title": "<script>"}, "no playlist is called '<script>'"),
        ([], "array"),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused(
    library: Library, tmp_path: Path, wish: object, words: str
) -> None:
    async def visit() -> None:
        async with asking(library, tmp_path) as ask:
            status, headers, body = await ask("POST", "/api/playlist", json=wish)
            assert status == 400
            # As JSON, in which markup is text.
            assert headers["Content-Type"].startswith("application/json")
            assert words in told(body)["error"]

    run(visit())


def test_the_page_learns_which_controls_count(library: Library, tmp_path: Path) -> None:
    async def visit() -> None:
        async with asking(library, tmp_path, Chooser("playlists")) as ask:
            status, _, body = await ask("GET", "/api/controls")
            assert status == 200
            assert told(body)["with_songs"]["has_share"] is False
            assert told(body)["by_title"]["has_share"] is True

    run(visit())


def test_other_sites_are_not_answered(library: Library, tmp_path: Path) -> None:
    wish = {"seeds": [0]}

    async def visit() -> None:
        async with asking(library, tmp_path) as ask:
            for headers in (
                {"Host": "evil.example"},
                {"Host": "localhost.evil.example"},
                {"Host": ""},
                {"Origin": "http://evil.example"},
                {"Origin": "null"},
                {"Origin": "http://127.0.0.1:1"},
                {"Sec-Fetch-Site": "cross-site"},
            ):
                status, _, body = await ask("POST", "/api/playlist", json=wish, headers=headers)
                assert status == 403, headers
                assert b"songs" not in body
            for method, path, expected in (
                ("GET", "/api/playlist", 405),
                ("OPTIONS", "/api/playlist", 405),
                ("GET", "/../pyproject.toml", 404),
                ("GET", "/nothing", 404),
            ):
                status, headers, _ = await ask(method, path)
                assert status == expected
                assert "Access-Control-Allow-Origin" not in headers
            status, _, _ = await ask("POST", "/api/playlist", data=json.dumps(wish))
            assert status == 415
            status, _, _ = await ask("POST", "/api/playlist", json=["x" * 600_000])
            assert status == 413
            status, _, body = await ask("POST", "/api/export/exe", json=wish)
            assert (status, b"no format" in body) == (404, True)

    run(visit())


def test_a_tunnel_may_have_a_port_of_its_own(library: Library, tmp_path: Path) -> None:
    async def visit() -> None:
        async with asking(library, tmp_path) as ask:
            headers = {"Host": "localhost:9999", "Origin": "http://localhost:9999"}
            status, _, _ = await ask("POST", "/api/playlist", json={"seeds": [0]}, headers=headers)
            assert status == 200

    run(visit())


def test_the_report_is_shut_into_a_site_of_its_own(library: Library, tmp_path: Path) -> None:
    async def visit() -> None:
        async with asking(library, tmp_path) as ask:
            _, _, body = await ask("GET", "/report")
            assert b"<code>model report</code>" in body
            (tmp_path / "report.html").write_text("<h1>The report</h1>")
            _, headers, body = await ask("GET", "/report")
            assert body == b"<h1>The report</h1>"
            assert headers["Content-Type"].startswith("text/html")
            assert headers["Content-Security-Policy"].startswith("sandbox")

    run(visit())


def test_what_names_hold_stays_text(library: Library, tmp_path: Path) -> None:
    async def visit() -> None:
        async with asking(library, tmp_path) as ask:
            _, headers, body = await ask("GET", "/api/search", params={"q": "boldun"})
            assert headers["Content-Type"] == "application/json"
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert told(body)["songs"][0]["artist"] == "<b>Nobody</b>"
            assert told(body)["songs"][0]["title"] == "[bold]Un[31mheard"

    run(visit())
