"""The worked examples of docs/contributing.md do what the page says."""

import inspect
import json
import math
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from harvest.jobs.running import JobOptions
from harvest.store import Store
from model.ragged import Ragged
from model.recommenders import registry
from model.recommenders.base import Training
from tests.harvest.fakes import ID, QuietProgress, features
from tests.harvest.named_state import write_state
from tests.model.recommenders import test_contract as contract

PAGE = Path(__file__).parents[2] / "docs" / "contributing.md"
EXAMPLES = dict(
    re.findall(
        r"<!-- a test runs this: (\S+) -->\n```python\n(.*?)```", PAGE.read_text(), re.DOTALL
    )
)
SOURCE, JOB = EXAMPLES["harvest/sources/soundbank.py"], EXAMPLES["harvest/jobs/gathering.py"]
RECOMMENDER = EXAMPLES["model/recommenders/followed.py"]
NAME = "followed"


def names_of(*sources, **known):
    """Run pieces of code one behind the other; return the names that they leave."""
    names = {"__name__": "example", **known}
    for source in sources:
        exec(compile(source, str(PAGE), "exec"), names)
    return names


class Soundbank(BaseHTTPRequestHandler):
    """Knows tracks 0 and 1; the first answer of each track is a fault."""

    asked: ClassVar[set[str]] = set()

    def do_GET(self):
        _, _, spotify_id, what = self.path.split("/")
        is_first = spotify_id not in self.asked
        self.asked.add(spotify_id)
        status = 503 if is_first else 200 if spotify_id in {ID(0), ID(1)} else 404
        body = json.dumps(features(spotify_id) if status == 200 else {"error": what})
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def soundbank():
    """The address of a service that answers as the page's does."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Soundbank) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("path", EXAMPLES)
def test_examples_are_short_and_as_lint_wants_them(path):
    code = EXAMPLES[path]
    assert len(code.splitlines()) < 60
    if path in {"harvest/sources/soundbank.py", "model/recommenders/followed.py"}:
        lint = [sys.executable, "-m", "ruff", "check", "--no-cache", "--stdin-filename", path, "-"]
        done = subprocess.run(lint, input=code, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_the_source_gathers_what_the_service_has_through_its_faults(soundbank, tmp_path):
    state = write_state(tmp_path, [], [("A", "x"), ("B", "y"), ("C", "z")])
    names = names_of(SOURCE, JOB)
    report = names["run_soundbank"](
        state, soundbank, JobOptions(rate=1000.0), progress=QuietProgress()
    )
    assert report.ended_by is None
    assert (report.counts.done, report.counts.missing, report.counts.pending) == (2, 1, 0)
    with Store.peek(state) as store:
        rows = list(store.rows("SELECT spotify_id, tempo, provider FROM audio_features"))
        (why,) = store.one("SELECT error FROM task WHERE state = 'missing'")
    assert sorted(rows) == [(ID(0), 120.0, "soundbank"), (ID(1), 120.0, "soundbank")]
    assert why == "unknown to Soundbank"


@pytest.fixture
def registered(monkeypatch):
    """The registry with the page's recommender in it, as the page puts it there."""
    start = "REGISTRY: dict[str, Entry] = {\n"
    text = Path(registry.__file__).read_text("utf-8")
    assert start in text
    text = text.replace(start, start + EXAMPLES["model/recommenders/registry.py"])
    changed = names_of(RECOMMENDER, text)
    assert NAME in changed["NAMES"]
    monkeypatch.setattr(registry, "REGISTRY", changed["REGISTRY"])
    return registry.make_recommender(NAME)


@pytest.mark.parametrize("test", [name for name in vars(contract) if name.startswith("test_")])
def test_the_recommender_keeps_the_contract(registered, test, monkeypatch):
    check = getattr(contract, test)
    fitted = registered.fit(contract.TRAIN)
    given = {"name": NAME, "fitted": fitted, "monkeypatch": monkeypatch}
    check(**{name: given[name] for name in inspect.signature(check).parameters})


def test_the_recommender_trusts_playlists_with_followers_more(registered):
    train = Training(
        playlist_ids=np.arange(3),
        names=["a", "b", "c"],
        num_followers=np.array([0, 6, 1]),
        playlists=Ragged.of([[0, 1], [0, 2], [3]]),
        songs=np.zeros((4, 12)),
    )
    songs, scores = registered.fit(train).recommend(Ragged.of([[0]]), n=3)
    # Song 2 has the vote of 6 followers, log 8; song 1 of none, log 2; nobody votes for song 3.
    assert songs[0].tolist() == [2, 1, 3]
    assert scores == pytest.approx([math.log(8), math.log(2), 0])
