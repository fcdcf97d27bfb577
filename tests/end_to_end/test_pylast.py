"""`harvest lastfm --transport pylast`: the same rows as ours, and no thread that holds anybody."""

import asyncio
import shutil
import signal
import sqlite3
import time
from contextlib import closing

import pytest
from aiohttp import web

from harvest.emulator.tls import throwaway_tls
from tests.end_to_end.conftest import CREDENTIALS, Programs, stats
from tests.end_to_end.test_wrong_inputs import refused

BY_PYLAST = ("lastfm", "--transport", "pylast", "--rate", "5000")
FAULTS = "lastfm-control,lastfm-bomb=0.02,lastfm-29=0.01,slow=0.05"
TABLES = ("lastfm_track", "lastfm_tag", "lastfm_similar")


def rows_of_done(state):
    """Tracks that are done, how many of them follow a twin, and every row of last.fm's tables."""
    with closing(sqlite3.connect(state / "harvest.db")) as db:
        done = [row[0] for row in db.execute("SELECT spotify_id FROM task WHERE state = 'done'")]
        ((n_twins,),) = db.execute(
            "SELECT count(*) FROM task WHERE state = 'done' AND twin_of IS NOT NULL"
        )
        return (
            set(done),
            n_twins,
            {(table, *row) for table in TABLES for row in db.execute(f"SELECT * FROM {table}")},
        )


def test_pylast_stores_what_ours_stores_through_faults_and_a_second_start(emulated, tmp_path):
    with emulated("--https", "--faults", FAULTS) as (programs, urls):
        theirs = programs.with_settings(SSL_CERT_FILE=urls["CA_FILE"])
        first = theirs.run("harvest", *BY_PYLAST, "--limit", "15")
        assert first.returncode == 0, first.stderr
        second = theirs.run("harvest", *BY_PYLAST, "--limit", "15", "--log", "log.json")
        assert second.returncode == 0, second.stderr
        said = first.stderr + second.stderr + (tmp_path / "log.json").read_text()
    assert CREDENTIALS["LASTFM_API_KEY"] not in said
    done, n_twins, stored = rows_of_done(programs.state)
    assert len(done) - n_twins == 30
    shutil.rmtree(programs.state)
    with emulated("--https") as (programs, urls):
        ours = programs.with_settings(SSL_CERT_FILE=urls["CA_FILE"])
        assert ours.run("harvest", "lastfm", "--rate", "5000").returncode == 0
    everything = rows_of_done(programs.state)[-1]
    assert stored == {row for row in everything if row[1] in done}


def test_an_address_of_plain_http_is_refused_before_any_request(emulated):
    with emulated() as (programs, urls):
        done = programs.run("harvest", *BY_PYLAST)
        refused(done, 2, f"LASTFM_API_URL is '{urls['LASTFM_API_URL']}'", "https", "--transport")
        assert stats(urls)["requests"] == {}


def test_a_certificate_that_is_not_trusted_ends_the_job_as_it_ends_ours(emulated):
    with emulated("--https") as (programs, urls):
        programs.settings.pop("SSL_CERT_FILE", None)
        theirs = programs.run("harvest", *BY_PYLAST, timeout=300)
        ours = programs.run("harvest", "lastfm", timeout=300)
    refused(theirs, 2, urls["LASTFM_API_URL"], "is not trusted", "set SSL_CERT_FILE")
    assert theirs.stderr.splitlines()[-1] == ours.stderr.splitlines()[-1]


@pytest.fixture
def folder(tmp_path, read_state):
    shutil.copytree(read_state, tmp_path / "state")
    return tmp_path


def test_two_calls_are_under_way_at_most_and_a_second_ctrl_c_ends_them_at_once(folder):
    asked, both = [], asyncio.Event()

    async def hang(request):
        asked.append((await request.post())["method"])
        if len(asked) == 2:
            both.set()
        await asyncio.sleep(600)

    async def scenario(tls):
        app = web.Application()
        app.router.add_post("/2.0/", hang)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls.context).start()
        url = f"https://127.0.0.1:{runner.addresses[0][1]}/2.0/"
        settings = {**CREDENTIALS, "LASTFM_API_URL": url, "SSL_CERT_FILE": str(tls.ca_file)}
        process = Programs(folder, settings).start("harvest", *BY_PYLAST, "--concurrency", "8")
        try:
            await asyncio.wait_for(both.wait(), 300)
            await asyncio.sleep(0.5)
            process.send_signal(signal.SIGINT)
            await asyncio.sleep(0.3)
            process.send_signal(signal.SIGINT)
            sent_at = time.monotonic()
            await asyncio.to_thread(process.communicate, timeout=300)
            return process.returncode, time.monotonic() - sent_at
        finally:
            process.kill()
            await runner.cleanup()

    with throwaway_tls("127.0.0.1") as tls:
        code, seconds = asyncio.run(scenario(tls))
    assert code == 130
    assert seconds < 9  # One signal alone would leave ten seconds.
    assert asked == ["track.getInfo"] * 2
    counts = Programs(folder).counts("lastfm")
    assert counts["pending"] == counts["total"]


def test_pylast_s_calls_keep_their_distance_and_a_restart_does_not_shorten_it(folder):
    asked_at = []

    async def answer(request):
        asked_at.append(time.monotonic())
        body = '<lfm status="ok"><toptags/></lfm>'
        return web.Response(text=body, content_type="text/xml")

    async def scenario(tls):
        app = web.Application()
        app.router.add_post("/2.0/", answer)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls.context).start()
        url = f"https://127.0.0.1:{runner.addresses[0][1]}/2.0/"
        settings = {**CREDENTIALS, "LASTFM_API_URL": url, "SSL_CERT_FILE": str(tls.ca_file)}
        command = ("lastfm", "--transport", "pylast", "--what", "tags", "--rate", "5")
        try:
            for limit in ("6", "2"):
                await asyncio.to_thread(
                    Programs(folder, settings).run, "harvest", *command, "--limit", limit
                )
        finally:
            await runner.cleanup()

    with throwaway_tls("127.0.0.1") as tls:
        asyncio.run(scenario(tls))
    assert len(asked_at) == 8
    # Seven gaps of 0.2 s, that between the runs among them. A connection a call takes its own time,
    # so that single gaps may be shorter where calls arrive.
    assert asked_at[-1] - asked_at[0] >= 7 * 0.2 * 0.9
