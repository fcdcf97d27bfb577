"""A last.fm that is told what it knows and notes what it is asked, and tables of a few tracks."""

import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

import msgspec

from harvest.config import LastfmSettings, Secret
from harvest.jobs.gathering import run_lastfm
from harvest.jobs.running import JobOptions
from harvest.sources.mpd import ingest
from tests.harvest.fakes import ID, QuietProgress

PART_OF = {"track.getInfo": "info", "track.getTopTags": "tags", "track.getSimilar": "similars"}
ROW = "<name>{title}</name>{more}<artist><name>{artist}</name></artist>"


class Lastfm:
    """What is known, what was asked, and when.

    Parameters
    ----------
    known : collection of (artist, title)
    failing : mapping of part to (code, HTTP status)
        Parts that are refused.

    Attributes
    ----------
    asked : list of (part, artist, title)
    forms : list of dict
        All that was posted.
    asked_at : list of float
        Monotonic seconds.
    """

    def __init__(self, known, failing=None):
        self.known = set(known)
        self.failing = failing or {}
        self.asked, self.forms, self.asked_at = [], [], []

    def answer(self, form):
        part, names = PART_OF[form["method"]], (form["artist"], form["track"])
        self.forms.append(form)
        self.asked.append((part, *names))
        self.asked_at.append(time.monotonic())
        if part in self.failing:
            code, status = self.failing[part]
            return status, refusal(code)
        if names not in self.known:
            return 404, refusal(6)
        return 200, f'<lfm status="ok">{_CONTENT[part](*map(escape, names))}</lfm>'


def refusal(code):
    return f'<lfm status="failed"><error code="{code}">words</error></lfm>'


def _info(artist, title):
    more = "<listeners>1</listeners><playcount>2</playcount>"
    return f"<track>{ROW.format(artist=artist, title=title, more=more)}</track>"


def _tags(artist, title):
    return "<toptags><tag><name>rock</name><count>100</count></tag></toptags>"


def _similars(artist, title):
    row = ROW.format(artist=artist, title="Other", more="<match>0.5</match>")
    return f"<similartracks><track>{row}</track></similartracks>"


_CONTENT = {"info": _info, "tags": _tags, "similars": _similars}


@contextmanager
def serving(service):
    """Serve on loopback; gives the settings that lead there."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            status, text = service.answer(dict(parse_qsl(body, keep_blank_values=True)))
            content = text.encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield LastfmSettings(
            f"http://127.0.0.1:{server.server_port}/2.0/", Secret("k3y"), Secret("")
        )
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def make_state(folder, names):
    """Write the tables of tracks with these names; return the state's folder."""
    tracks = [
        {
            "pos": pos,
            "artist_name": artist,
            "track_uri": f"spotify:track:{ID(pos)}",
            "artist_uri": f"spotify:artist:{ID(pos)}",
            "track_name": title,
            "album_uri": f"spotify:album:{ID(pos)}",
            "duration_ms": 1000,
            "album_name": "album",
        }
        for pos, (artist, title) in enumerate(names)
    ]
    playlist = {"name": "p", "pid": 0, "modified_at": 1, "num_followers": 1, "tracks": tracks}
    path = folder / "mpd.slice.0-0.json"
    path.write_bytes(msgspec.json.encode({"info": {}, "playlists": [playlist]}))
    ingest(path, folder / "state" / "tables", workers=1)
    return folder / "state"


def harvest(state, service, *, rate=1000.0, limit=None, max_bytes=None, progress=None, **more):
    """Run the job against `service`; return its report."""
    options = JobOptions(rate, limit=limit, max_bytes=max_bytes)
    with serving(service) as settings:
        return run_lastfm(state, settings, options, progress=progress or QuietProgress(), **more)
