"""Make docs/pictures anew: what the programs show, of a made-up catalogue.

`python -m docs.make_pictures` needs Chromium and its driver for the pages; where they are absent it
makes the pictures of the terminal alone, and says so. It takes about a minute.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from docs import terminal
from docs.pages import Camera

PICTURES = Path(__file__).parent / "pictures"
COLUMNS = 96
SONG = "The Tender Kings - Satellite"
CATALOGUE = "--playlists 400"
MADE = (
    f"harvest catalogue made-up.zip {CATALOGUE}",
    "harvest mpd made-up.zip",
)
GATHERED = (
    "harvest spotify --rate 50",
    "harvest lastfm --what info,tags --rate 1000 --limit 1800",
)
COMPARED = ("model compare --recommenders popularity,neighbours,playlists,titles", "model report")
TERMINAL = {
    "generate": f'model generate "{SONG}" --title chill --diversity 0.6 -n 8',
    "status": "harvest status",
    "evaluate": "model evaluate",
    "model": "model",
}
CHROMIUM, DRIVER = Path("/usr/bin/chromium"), Path("/usr/bin/chromedriver")


def main() -> int:
    """Make all pictures that can be made here."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder, settings = Path(name), _settings()
        fill(folder, settings)
        take_terminals(folder, settings)
        if not DRIVER.exists():
            print("No Chromium: pictures of the pages are as they were", file=sys.stderr)
            return 1
        _run(COMPARED, folder, settings)
        take_pages(folder, settings)
    return 0


def fill(folder: Path, settings: Mapping[str, str]) -> None:
    """Make a catalogue, and gather from the stand-in what belongs to it."""
    _run(MADE, folder, settings)
    with _emulator(folder, settings) as services:
        _run(GATHERED, folder, {**settings, **services})


def take_terminals(folder: Path, settings: Mapping[str, str]) -> None:
    """Show each command in a terminal."""
    for name, command in TERMINAL.items():
        printed = terminal.shown(
            ["bash", "-c", command], folder=folder, settings=settings, columns=COLUMNS
        )
        svg = terminal.picture(command, printed, columns=COLUMNS)
        (PICTURES / f"{name}.svg").write_text(svg, encoding="utf-8")


def take_pages(folder: Path, settings: Mapping[str, str]) -> None:
    """Photograph the page of `model serve`, on a desk and on a phone at night, and the report."""
    with _server(folder, settings) as address, Camera(CHROMIUM, DRIVER, folder) as camera:
        camera.make_playlist(address, "tender kings sat")
        camera.take(PICTURES / "serve.png", width=1180, height=760)
        camera.take(PICTURES / "serve-phone.png", width=390, height=760, at="made", is_dark=True)
        camera.open((folder / "state" / "report.html").as_uri())
        camera.take(PICTURES / "report.png", width=1180, height=900, at="recommenders")


def _settings() -> dict[str, str]:
    """Environment in which this environment's programs are found, and no setting of a person's."""
    ours = re.compile("SPOTIFY_|LASTFM_|RECCOBEATS_|HARVEST_|NO_COLOR|FORCE_COLOR")
    kept = {name: value for name, value in os.environ.items() if not ours.match(name)}
    return {**kept, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"}


def _run(commands: tuple[str, ...], folder: Path, settings: Mapping[str, str]) -> None:
    for command in commands:
        print(f"$ {command}", flush=True)
        subprocess.run(
            ["bash", "-c", command], cwd=folder, env=settings, check=True, stdout=subprocess.DEVNULL
        )


@contextmanager
def _emulator(folder: Path, settings: Mapping[str, str]) -> Iterator[dict[str, str]]:
    command = f"harvest emulate {CATALOGUE}".split()
    with _serving(command, folder, settings) as line:
        keys = ("SPOTIFY_CLIENT_ID", "SPOTIFY_CLIENT_SECRET", "LASTFM_API_KEY")
        addresses = {name.upper(): url for name, url in json.loads(line).items()}
        yield {**addresses, **dict.fromkeys(keys, "made-up")}


@contextmanager
def _server(folder: Path, settings: Mapping[str, str]) -> Iterator[str]:
    with _serving(["model", "serve", "--port", "0"], folder, settings) as line:
        yield re.findall(r"http://\S+", line)[0]


@contextmanager
def _serving(command: list[str], folder: Path, settings: Mapping[str, str]) -> Iterator[str]:
    """Keep a program running; give the line by which it says that it is ready."""
    argv = [str(shutil.which(command[0], path=settings["PATH"])), *command[1:]]
    with subprocess.Popen(
        argv, cwd=folder, env=settings, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline()
        finally:
            process.terminate()


if __name__ == "__main__":
    sys.exit(main())
