"""The main job on a made-up catalogue, by the programs' own commands: no credentials, no network.

Half-way through the Spotify job the harvester is killed with SIGKILL and started again. What the
emulator counted and what the store holds then show whether anything was lost or fetched twice.
"""

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, build_opener

from harvest.emulator import DEFAULT_PLAYLISTS
from harvest.errors import HarvestError, InputError
from harvest.store import Store

JOB = "spotify"
MARKER = "this-is-a-demo"
PATIENCE_S = 60.0
# Slow enough for the kill to come half-way, fast enough for a demo.
PACE = {"spotify": "--rate 15", "lastfm": "--rate 2000 --concurrency 8"}


@dataclass(frozen=True, slots=True)
class Accounts:
    """What the kill and the second start came to, in tracks.

    Attributes
    ----------
    total : int
        Tracks of the tables.
    stored_before : int
        Settled when the kill came.
    lost : int
        Not settled now.
    fetched_twice : int
        Fetched again although they had been stored.
    in_flight : int
        Fetched again because their reply was on its way when the kill came.
    """

    total: int
    stored_before: int
    lost: int
    fetched_twice: int
    in_flight: int


def commands(state: Path, *, n_playlists: int = DEFAULT_PLAYLISTS) -> list[str]:
    """Return the commands of the demo, in order; README shows the same."""
    size = "" if n_playlists == DEFAULT_PLAYLISTS else f" --playlists {n_playlists}"
    catalogue, place = shlex.quote(f"{state}/catalogue.zip"), shlex.quote(str(state))
    return [
        f"harvest catalogue {catalogue}{size}",
        f"harvest emulate{size}",
        f"harvest mpd {catalogue} --state {place}",
        f"harvest spotify --state {place} {PACE['spotify']}",
        f"harvest lastfm --state {place} {PACE['lastfm']}",
        f"harvest status --state {place}",
        f"model evaluate --state {place}",
        f"model explore --state {place}",
        f"model report --state {place}",
    ]


def run(state: Path, *, n_playlists: int) -> None:
    """Run the demo on so many playlists in the folder `state`, which is made anew.

    Raises
    ------
    InputError
        If `state` is a folder that no demo made.
    HarvestError
        If a command failed, with its exit code; or something was lost or fetched twice.
    """
    _make_anew(state)
    steps = commands(state, n_playlists=n_playlists)
    catalogue, emulate, mpd, spotify, lastfm, status, *look = steps
    _do(catalogue)
    with _emulator(emulate) as urls:
        settings = {**os.environ, **urls, **_credentials()}
        _do(mpd, settings)
        stored = _kill_half_way(spotify, settings, state)
        _do(spotify, settings)
        _show(_settle_accounts(state, stored, urls))
        _do(lastfm, settings)
    _do(status)
    for command in look:
        _do(command)
    print(f"\n{_invitation(state)}", flush=True)


def _invitation(state: Path) -> str:
    """Say how to look at it in the browser, by a command that works in this very folder."""
    program = Path(sys.executable).with_name("model")
    if program.is_relative_to(Path.cwd()):
        program = program.relative_to(Path.cwd())
    command = f"{shlex.quote(str(program))} serve --state {shlex.quote(str(state))}"
    return f"Next: {command}   # make playlists of it in the browser"


def _make_anew(state: Path) -> None:
    if state.exists() and not (state / MARKER).exists():
        raise InputError(f"{state} exists and was not made by a demo; give another --state")
    shutil.rmtree(state, ignore_errors=True)
    state.mkdir(parents=True)
    (state / MARKER).touch()


def _credentials() -> dict[str, str]:
    """Return made-up ones; an empty key keeps out the user's own, wherever it is set."""
    names = ("SPOTIFY_CLIENT_ID", "SPOTIFY_CLIENT_SECRET", "LASTFM_API_KEY")
    return dict.fromkeys(names, "made-up") | {"SPOTIFY_API_KEY": ""}


def _argv(command: str) -> list[str]:
    """Return `command` for this very environment: its scripts lie beside its Python."""
    program, *rest = shlex.split(command)
    return [str(Path(sys.executable).with_name(program)), *rest]


def _do(command: str, settings: Mapping[str, str] | None = None) -> None:
    print(f"\n$ {command}", flush=True)
    done = subprocess.run(_argv(command), env=settings, check=False)
    if done.returncode:
        raise _failed(command, done.returncode)


def _failed(command: str, code: int) -> HarvestError:
    error = HarvestError(f"`{command}` ended with exit code {code}")
    error.exit_code = code if code > 0 else 128 - code  # a signal's, as shells have it
    return error


@contextmanager
def _emulator(command: str) -> Iterator[dict[str, str]]:
    """Run the emulator; give its addresses as the settings that name them."""
    print(f"\n$ {command} &", flush=True)
    with subprocess.Popen(_argv(command), stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            if not line:
                raise HarvestError(f"`{command}` did not start")
            print(line, end="", flush=True)
            yield {name.upper(): url for name, url in json.loads(line).items()}
        finally:
            process.terminate()


def _kill_half_way(command: str, settings: Mapping[str, str], state: Path) -> set[str]:
    """Start `command`, kill it when half of its tracks are settled; return which those are."""
    print(f"\n$ {command} &", flush=True)
    with subprocess.Popen(_argv(command), env=settings) as process:
        try:
            _await_half(process, state, command)
        finally:
            process.send_signal(signal.SIGKILL)
    stored = _settled(state)
    print(f"$ kill -KILL {process.pid}   # {len(stored):,} tracks are stored", flush=True)
    return stored


def _await_half(process: subprocess.Popen[bytes], state: Path, command: str) -> None:
    give_up_at = time.monotonic() + PATIENCE_S
    while time.monotonic() < give_up_at and process.poll() is None:
        store = Store.peek(state)
        if store is not None:
            with store:
                counts = store.counts(JOB)
            if counts.total and counts.settled * 2 >= counts.total:
                return
        time.sleep(0.05)
    if process.returncode:
        raise _failed(command, process.returncode)
    raise HarvestError("the Spotify job did not come half-way in time to be killed")


def _settled(state: Path) -> set[str]:
    store = Store.peek(state)
    assert store is not None
    with store:
        return set(store.settled_ids(JOB))


def _settle_accounts(state: Path, stored: set[str], urls: Mapping[str, str]) -> Accounts:
    """Hold what the store has against what the emulator says it delivered more than once."""
    store = Store.peek(state)
    assert store is not None
    with store:
        counts = store.counts(JOB)
    again = set(_get(urls, "/_stats/again")["spotify"])
    return Accounts(
        total=counts.total,
        stored_before=len(stored),
        lost=counts.pending,
        fetched_twice=len(again & stored),
        in_flight=len(again - stored),
    )


def _get(urls: Mapping[str, str], path: str) -> dict[str, dict[str, int]]:
    """Ask the emulator, which no proxy of the environment leads to."""
    here = urlsplit(urls["SPOTIFY_API_URL"])
    directly = build_opener(ProxyHandler({}))
    with directly.open(f"http://{here.netloc}{path}", timeout=10) as reply:
        body: dict[str, dict[str, int]] = json.load(reply)
        return body


def _show(accounts: Accounts) -> None:
    print(
        f"\nAfter the kill: {accounts.total:,} tracks, {accounts.stored_before:,} of them stored "
        f"before it; {accounts.lost} lost, {accounts.fetched_twice} stored and fetched twice "
        f"({accounts.in_flight} fetched again because their reply was on its way)",
        flush=True,
    )
    if accounts.lost or accounts.fetched_twice:
        raise HarvestError("tracks were lost or fetched twice: this is a fault of harvest")
