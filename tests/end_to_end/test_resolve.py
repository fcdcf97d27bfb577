"""Own playlists get the names and ids that they lack, whatever happens on the way."""

import csv
import json
import signal
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pyarrow.parquet as pq
import pytest

from harvest.store import Store
from tests.end_to_end.conftest import CREDENTIALS, Programs, running_emulator, stats

N_BY_ID, N_BY_NAME = 70, 25
FAST = ("--rate", "2000", "--concurrency", "4")


def songs(state):
    """Every track of a state's tables: its id, artist and title."""
    tables = {n: pq.read_table(state / "tables" / f"{n}.parquet") for n in ("tracks", "artists")}
    artists = tables["artists"]["artist_name"].to_pylist()
    columns = [tables["tracks"][n].to_pylist() for n in ("spotify_id", "artist_id", "track_name")]
    return [(key, artists[artist], title) for key, artist, title in zip(*columns, strict=True)]


@pytest.fixture
def served(read_state):
    """Tracks that the emulator knows, each under names of its own."""
    by_names = {(artist, title): key for key, artist, title in songs(read_state)}
    return [(key, *names) for names, key in by_names.items()]


@pytest.fixture
def own(tmp_path, served):
    """A list of addresses alone and one of names alone, one of which nobody knows."""
    by_id, by_name = served[:N_BY_ID], served[N_BY_ID : N_BY_ID + N_BY_NAME]
    folder = tmp_path / "own"
    folder.mkdir()
    addresses = [f"https://open.spotify.com/intl-de/track/{key}?si=1" for key, *_ in by_id]
    (folder / "by id.m3u8").write_text("\n".join(addresses), "utf-8")
    names = [f"#EXTINF:1,{artist.upper()} - {title}\nx.mp3" for _, artist, title in by_name]
    unknown = "#EXTINF:1,Nobody At All - No Such Song\nx.mp3"
    (folder / "by name.m3u8").write_text("\n".join(["#EXTM3U", *names, unknown]), "utf-8")
    return folder


@pytest.fixture
def start(tmp_path, read_state, own):
    """Call with the emulator's options: gives its programs and addresses, the playlists read."""

    def begin(*faults):
        arguments = ("--faults", ",".join(faults)) if faults else ()
        return running_emulator(tmp_path, "--tables", read_state / "tables", *arguments)

    return begin


def set_up(tmp_path, urls, own):
    programs = Programs(tmp_path, {**CREDENTIALS, **urls})
    done = programs.run("harvest", "playlists", own)
    assert done.returncode == 0, done.stderr
    assert f"{N_BY_NAME + 1} tracks lack a Spotify id" in done.stdout
    assert f"{N_BY_ID} tracks lack a name" in done.stdout
    return programs


def n_asked(urls):
    """How many requests were answered, those for tokens aside."""
    counts = stats(urls)["requests"]
    return sum(sum(by_status.values()) for name, by_status in counts.items() if "/v1/" in name)


def assert_resolved(programs, served):
    """All that is known is in the tables; what nobody knows stays as it was, and is listed."""
    found = songs(programs.state)
    expected = {(artist, title) for _, artist, title in served[: N_BY_ID + N_BY_NAME]}
    assert {(artist, title) for key, artist, title in found if key} == expected
    assert [title for key, _, title in found if key is None] == ["No Such Song"]
    with (programs.state / "unresolved.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["artist"], row["state"]) == ("Nobody At All", "missing")
    verified = programs.run("harvest", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr


def test_names_and_ids_are_found_and_stand_in_the_tables(start, tmp_path, own, served):
    with start() as urls:
        programs = set_up(tmp_path, urls, own)
        done = programs.run("harvest", "resolve", *FAST)
        assert done.returncode == 0, done.stderr
        assert_resolved(programs, served)
        asked = stats(urls)["requests"]
        again = programs.run("harvest", "resolve", *FAST)
        assert (again.returncode, stats(urls)["requests"]) == (0, asked)
        spotify = programs.run("harvest", "spotify", *FAST)
        assert spotify.returncode == 0, spotify.stderr
        status = programs.run("harvest", "status", "--json")
        totals = {job: each["total"] for job, each in json.loads(status.stdout)["jobs"].items()}
        assert totals["spotify"] == N_BY_ID + N_BY_NAME
        assert totals["lastfm"] == N_BY_ID + N_BY_NAME + 1


def test_a_limit_is_that_of_names_and_ids_together(start, tmp_path, own):
    with start() as urls:
        programs = set_up(tmp_path, urls, own)
        for limit, expected in ((N_BY_ID - 1, N_BY_ID - 1), (3, N_BY_ID + 2)):
            done = programs.run("harvest", "resolve", *FAST, "--limit", str(limit))
            assert done.returncode == 0, done.stderr
            with Store.open(programs.state) as store:
                query = "SELECT count(*) FROM task WHERE job IN ('names', 'ids') AND state = 'done'"
                assert store.one(query) == (expected,)


def test_a_daily_budget_is_that_of_names_and_ids_together(start, tmp_path, own):
    with start() as urls:
        programs = set_up(tmp_path, urls, own)
        for budget in (5, 5, 8):  # two requests for names, then one for each id
            done = programs.run("harvest", "resolve", *FAST, "--daily-budget", str(budget))
            assert (done.returncode, n_asked(urls)) == (75, budget)
            assert f"resolve's daily budget of {budget} requests is used up" in done.stderr


def test_where_batches_are_refused_names_come_one_by_one(start, tmp_path, own, served):
    with start("forbidden-batch") as urls:
        programs = set_up(tmp_path, urls, own)
        done = programs.run("harvest", "resolve", *FAST)
        assert (done.returncode, "going on one by one" in done.stderr) == (0, True)
        assert_resolved(programs, served)


def test_faults_of_all_kinds_cost_nothing(start, tmp_path, own, served):
    faults = ("flaky-5xx", "rate-limit=0.02", "truncated", "html-200", "wrong-id", "short-batch")
    with start(*faults, "reordered", "expired-token") as urls:
        programs = set_up(tmp_path, urls, own)
        done = programs.run("harvest", "resolve", *FAST, "--batch", "5")
        assert done.returncode == 0, done.stderr
        assert_resolved(programs, served)


@pytest.mark.parametrize("faults", ["quota", "forbidden"])
def test_what_stops_a_job_stops_resolving(start, tmp_path, own, faults):
    with start(faults) as urls:
        programs = set_up(tmp_path, urls, own)
        done = programs.run("harvest", "resolve", *FAST, "--batch", "2")
        assert done.returncode == {"quota": 75, "forbidden": 77}[faults], done.stderr
        assert len(done.stderr.strip().splitlines()[-1]) > 20
        if faults == "quota":
            named = [title for key, _, title in songs(programs.state) if key and title]
            assert 0 < len(named) < N_BY_ID  # what was found before stands in the tables
            asked = stats(urls)["requests"]
            again = programs.run("harvest", "resolve", *FAST)
            assert (again.returncode, stats(urls)["requests"]) == (75, asked)


def test_killed_twice_on_the_way_it_goes_on_and_finds_the_same(start, tmp_path, own, served):
    with start() as urls:
        programs = set_up(tmp_path, urls, own)
        slow = ("--rate", "40", "--batch", "5")
        for n_requests in (5, 25):  # among the names, which take 14 requests, then among the ids
            with programs.start("harvest", "resolve", *slow) as process:
                while n_asked(urls) < n_requests:
                    time.sleep(0.02)
                process.send_signal(signal.SIGKILL)
        before = pq.read_table(programs.state / "tables" / "tracks.parquet").num_rows
        assert before == N_BY_ID + N_BY_NAME + 1
        done = programs.run("harvest", "resolve", *FAST)
        assert done.returncode == 0, done.stderr
        assert_resolved(programs, served)


def test_an_interrupt_is_polite_and_the_next_start_takes_over_what_was_found(
    start, tmp_path, own, served
):
    with start() as urls:
        programs = set_up(tmp_path, urls, own)
        with programs.start("harvest", "resolve", "--rate", "20", "--batch", "5") as process:
            while n_asked(urls) < 6:
                time.sleep(0.02)
            process.send_signal(signal.SIGINT)
            assert process.wait(300) == 130
        done = programs.run("harvest", "resolve", *FAST)
        assert done.returncode == 0, done.stderr
        assert_resolved(programs, served)


class Repeating(BaseHTTPRequestHandler):
    """A search that repeats the key it is sent wherever it says anything but what was asked for."""

    def do_GET(self):
        key = self.headers["Authorization"].removeprefix("Bearer ")
        asked = parse_qs(urlsplit(self.path).query)
        query = asked.get("q", [""])[0]
        if "ids" in asked:
            songs = [
                {"id": each, "name": "By id", "artists": [{"name": "Tested"}]}
                for each in asked["ids"]
            ]
            self.answer(200, {"tracks": songs})
        elif "Refused" in query:
            self.answer(400, {"error": {"status": 400, "message": f"no user {key}"}})
        else:
            title = "Greatest Hit" if "Greatest" in query else f"By {key}"
            song = {"id": "a" * 22, "name": title, "artists": [{"name": "Tested"}]}
            self.answer(200, {"tracks": {"items": [song]}})

    def answer(self, status, document):
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(document).encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def repeating(tmp_path):
    """Programs with the address of such a service, and a list of three songs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Repeating)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    songs = tmp_path / "songs.csv"
    songs.write_text("Title,Artist\nGreatest Hit,Tested\nRefused,Tested\nUnknown,Tested\n")
    yield Programs(tmp_path, {"SPOTIFY_API_URL": f"http://127.0.0.1:{server.server_port}/v1"})
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("key", ["k3y-made-up", "test", "e"])
def test_what_a_service_repeats_of_a_key_is_stored_nowhere_and_what_it_calls_songs_is(
    repeating, key
):
    programs = repeating.with_settings(SPOTIFY_API_KEY=key)
    programs.run("harvest", "playlists", "songs.csv")
    done = programs.run("harvest", "resolve", *FAST, "--log", "log.jsonl")
    assert done.returncode == 0, done.stderr
    titles = {title for key, _, title in songs(programs.state) if key}
    assert titles == {"Greatest Hit"}
    if len(key) < 6:  # which nothing tells from words
        return
    told = [done.stdout, done.stderr, programs.run("harvest", "status").stdout]
    files = [path for path in programs.folder.rglob("*") if path.is_file()]
    assert {"harvest.db", "unresolved.csv", "log.jsonl"} <= {path.name for path in files}
    assert b"no user ***" in b"".join(path.read_bytes() for path in files)
    for place in (*(text.encode() for text in told), *(path.read_bytes() for path in files)):
        assert key.encode() not in place


def test_a_second_start_says_that_there_is_nothing_new_and_where_the_rest_is_listed(repeating):
    programs = repeating.with_settings(SPOTIFY_API_KEY="k3y-made-up")
    unknown = [f"Unknown {number},Tested" for number in range(20)]
    (programs.folder / "songs.csv").write_text("\n".join(["Title,Artist", *unknown]))
    programs.run("harvest", "playlists", "songs.csv")
    first = programs.run("harvest", "resolve", *FAST)
    assert "none of 20 tracks is known" in first.stderr
    again = programs.run("harvest", "resolve", *FAST)
    said = "ids: nothing new to ask for; 20 are listed in state/unresolved.csv\n"
    assert (again.returncode, again.stdout) == (0, said)
    assert "harvest: note" not in again.stderr


@pytest.mark.parametrize("left", ["Greatest Hit,Tested", ""])
def test_what_a_changed_playlist_holds_no_more_is_not_listed_any_longer(repeating, left):
    programs = repeating.with_settings(SPOTIFY_API_KEY="k3y-made-up")
    programs.run("harvest", "playlists", "songs.csv")
    programs.run("harvest", "resolve", *FAST)
    listed = programs.state / "unresolved.csv"
    assert "Unknown" in listed.read_text()
    (programs.folder / "ids.m3u").write_text("spotify:track:" + "b" * 22)
    (programs.folder / "songs.csv").write_text(f"Title,Artist\nRefused,Tested\n{left}")
    programs.run("harvest", "playlists", "songs.csv", "ids.m3u")
    # A limit is used up by the names, before what lacks an id is come to.
    programs.run("harvest", "resolve", *FAST, "--limit", "1")
    assert [row.split(",")[1] for row in listed.read_text().splitlines()] == ["title", "Refused"]
    (programs.folder / "songs.csv").write_text("Title,Artist\nGreatest Hit,Tested\n")
    programs.run("harvest", "playlists", "songs.csv", "--replace")
    done = programs.run("harvest", "resolve", *FAST)
    assert done.stdout == "nothing to resolve: every track of the tables has its id and its names\n"
    assert not listed.exists()
    assert "ids" not in json.loads(programs.run("harvest", "status", "--json").stdout)["jobs"]
