"""Stand-ins for the clock, the wire and the screen. Everything else in the tests is real."""

import asyncio
import json
from collections.abc import Callable, Sequence

from harvest.patience.stopping import Stop
from harvest.records import AudioFeatures
from harvest.transport import Request, Response
from harvest.worklist import Change, Commit, Counts, State, Task

ID = "{:022d}".format


def features(spotify_id: str, **changed: object) -> dict[str, object]:
    """Audio features as Spotify sends them."""
    return {
        "id": spotify_id,
        "danceability": 0.5,
        "energy": 0.25,
        "key": 4,
        "loudness": -7.5,
        "mode": 1,
        "speechiness": 0.125,
        "acousticness": 0.0,
        "instrumentalness": 1.0,
        "liveness": 0.75,
        "valence": 0.375,
        "tempo": 120.0,
        "type": "audio_features",
        "uri": f"spotify:track:{spotify_id}",
        "duration_ms": 200_000,
        "time_signature": 4,
        **changed,
    }


def task(number: int) -> Task:
    """Task number `number` of a fresh store, in which tracks are counted from one."""
    return Task(ID(number), f"artist {number}", f"title {number}", seq=number, track_id=number + 1)


def record(spotify_id: str) -> AudioFeatures:
    """The same as a record."""
    sent = features(spotify_id)
    kept = {name: sent[name] for name in AudioFeatures.__struct_fields__[1:]}
    return AudioFeatures(spotify_id=spotify_id, **kept)


def done(number: int) -> Commit:
    """What settles such a task, with its record."""
    return Commit([Change([task(number)], State.DONE, 1)], [record(ID(number))])


def reply(body: object, status: int = 200, **headers: str) -> Response:
    """A reply; anything but bytes is sent as JSON."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response(status, raw, {name.replace("_", "-"): text for name, text in headers.items()})


def spotify_track(spotify_id, title="T", *artists, **changes):
    """A track as Spotify sends it."""
    names = artists or ("A",)
    return {
        "id": spotify_id,
        "name": title,
        "artists": [{"name": name, "uri": f"spotify:artist:{name}"} for name in names],
        "album": {"name": "L", "uri": "spotify:album:L"},
        "duration_ms": 1000,
        "uri": f"spotify:track:{spotify_id}",
    } | changes


class FakeClock:
    """Time that passes only by sleeping."""

    def __init__(self, now: float = 1000.0) -> None:
        self.now = now
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class LeapingLoop(asyncio.SelectorEventLoop):
    """A loop whose time leaps to the next thing to be done, so that hours pass in no time."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def time(self) -> float:
        return self.now

    def _run_once(self) -> None:
        if not self._ready and self._scheduled:
            self.now = max(self.now, self._scheduled[0].when()) + 1e-9  # no wait ends early
        super()._run_once()


class StopOnFakeTime(Stop):
    """A stop whose sleeping moves a fake clock."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__()
        self.clock = clock

    async def sleep(self, seconds: float) -> None:
        await self.clock.sleep(seconds)


class ScriptedSender:
    """Answers requests in turn with what it was given; an exception is raised."""

    def __init__(self, *script: Response | Exception) -> None:
        self.script = list(script)
        self.requests: list[Request] = []

    async def send(self, request: Request) -> Response:
        self.requests.append(request)
        answer = self.script.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


class AnsweringSender:
    """Answers each request by a function of it, and notes what was asked."""

    def __init__(self, answer: Callable[[Request], Response]) -> None:
        self.answer = answer
        self.requests: list[Request] = []

    async def send(self, request: Request) -> Response:
        self.requests.append(request)
        await asyncio.sleep(0)  # the others' turn, as on a wire
        return self.answer(request)


def ids_in(request: Request) -> Sequence[str]:
    """The tracks that a request for a batch names."""
    return request.params["ids"].split(",")


class QuietProgress:
    """Notes what a user would be told."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.settled: dict[State, int] = {}

    def start(self, job: str, counts: Counts) -> None:
        pass

    def settle(self, state: State, n: int) -> None:
        self.settled[state] = self.settled.get(state, 0) + n

    def say(self, text: str) -> None:
        self.said.append(text)

    def tick(self) -> None:
        pass

    def count_down(self, left_s: float, reason: str) -> None:
        pass

    def close(self, outcome: str | None = None) -> None:
        pass
