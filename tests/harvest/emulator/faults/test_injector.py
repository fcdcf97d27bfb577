import asyncio
import json
from collections import Counter
from xml.etree import ElementTree as ET

import aiohttp
import pytest

from harvest.emulator.exchange import Ask
from harvest.emulator.faults.injector import KINDS, MAX_STRIKES_A_KEY, Faults
from harvest.emulator.faults.lies import is_chosen
from harvest.errors import InputError

N_IDS = 60
BATCH = 3


def ask_of(number, service="spotify"):
    return Ask(service, "GET /v1/audio-features", [f"id{number}"], is_batch=True, bearer="b")


def names_struck(names, n, *, seed=0, service="spotify"):
    faults = Faults(names, seed=seed)
    struck = [faults.strike(ask_of(number, service), now_s=0.0) for number in range(n)]
    return [strike[0] if strike else None for strike in struck]


async def harvest(client, ids, send):
    """Ask for ids in batches until every one is settled, as a simple right harvester would."""
    found, failed, left = {}, Counter(), [ids[i : i + BATCH] for i in range(0, len(ids), BATCH)]
    while left:
        batch = left.pop(0)
        entries = await once(client, batch, send)
        if entries is None or sum(entry is not None for entry in entries.values()) < len(batch):
            failed.update(batch)
            assert max(failed.values()) <= 5
            left += [batch] if entries is None else [[key] for key in batch if key not in entries]
        found |= {key: entry for key, entry in (entries or {}).items() if entry}
    return found, failed


async def once(client, batch, send):
    """Return the entries that can be believed, by id, or None where the reply is of no use."""
    try:
        status, _, body = await send(batch)
        if status == 401:
            await client.token()
        if status >= 500:
            await asyncio.sleep(0.02)
        entries = json.loads(body)["audio_features"] if status == 200 else None
    except (aiohttp.ClientError, ValueError):
        return None
    if entries is None or len(entries) != len(batch):
        return None
    by_id = {entry["id"]: entry for entry in entries if entry}
    is_true = set(by_id) <= set(batch) and all(
        "tempo" in entry and 0.0 <= entry["energy"] <= 1.0 for entry in by_id.values()
    )
    return {key: by_id.get(key) for key in batch} if is_true else None


RETRIED = [
    "expired-token",
    "rate-limit",
    "flaky-5xx",
    "drop-connection",
    "truncated",
    "html-200",
    "wrong-id",
    "out-of-range",
    "missing-field",
    "short-batch",
    "reordered",
    "slow=0.01",
    "outage=0.05",
]


@pytest.mark.parametrize("name", RETRIED)
def test_a_harvester_that_tries_again_gets_everything_right(serve, library, name):
    ids = list(library.features)[:N_IDS]

    async def scenario(client):
        found, _ = await harvest(client, ids, client.spotify)
        return found, await client.stats()

    faults = name if "=" in name or name == "expired-token" else f"{name}=0.5"
    found, stats = serve(scenario, faults=faults, seed=3)
    assert {key: json.dumps(entry) for key, entry in found.items()} == {
        key: json.dumps(json.loads(library.features[key])) for key in ids
    }
    assert stats["faults"][name.split("=")[0]] >= 1
    assert stats["ids"]["spotify"]["served"] == N_IDS
    assert stats["ids"]["spotify"]["served_again"] == 0


def test_all_retried_profiles_together_end_too(serve, library):
    ids = list(library.features)[:N_IDS]

    async def scenario(client):
        found, failed = await harvest(client, ids, client.spotify)
        return set(found), failed, await client.stats()

    everything = ",".join(name for name in RETRIED if not name.startswith("outage"))
    found, _, stats = serve(scenario, faults=everything, seed=1)
    assert found == set(ids)
    assert len(stats["faults"]) >= 5


def replies(serve, names, ids, n=20, **options):
    """Ask n times for three ids, other ones each time; list (status, headers, body)."""

    async def scenario(client):
        starts = range(0, n * BATCH, BATCH)
        return [await client.spotify(ids[start : start + BATCH]) for start in starts]

    return serve(scenario, faults=names, bearer="agreed", **options)


def test_expired_token_lets_the_first_token_die_soon_and_the_next_live_long(serve, known):
    async def scenario(client):
        statuses = []
        for start in range(60):
            statuses.append((await client.spotify(known[0][start : start + 1]))[0])
            if statuses[-1] == 401:
                await client.token()
        return statuses

    statuses = serve(scenario, faults="expired-token")
    assert Counter(statuses) == {200: 59, 401: 1}
    assert 5 <= statuses.index(401) <= 15


def test_requests_that_meet_an_expired_token_together_need_one_new_token(serve, known):
    async def scenario(client):
        async def one(key):
            while (await client.spotify([key]))[0] == 401:
                async with lock:
                    if client.bearer == first:
                        await client.token()

        first, lock = client.bearer, asyncio.Lock()
        await asyncio.gather(*(one(key) for key in known[0][:100]))
        return await client.stats()

    stats = serve(scenario, faults="expired-token")
    assert stats["tokens_issued"] == 2
    assert stats["ids"]["spotify"]["served"] == 100


def test_rate_limit_names_a_small_wait(serve, known):
    struck = [r for r in replies(serve, "rate-limit=0.9", known[0]) if r[0] == 429]
    assert {headers["Retry-After"] for _, headers, _ in struck} == {"1"}
    bodies = {body for _, _, body in struck}
    assert b"Too many requests" in bodies
    assert b'{"error":{"status":429,"message":"API rate limit exceeded"}}' in bodies


def test_long_retry_after_lasts_and_counts_down(serve, known):
    now = [0.0]

    async def scenario(client):
        statuses = [(await client.spotify(known[0][:1]))[0] for _ in range(20)]
        now[0] = 3_000.0
        late = await client.spotify(known[0][:1])
        now[0] = 3_600.0
        return statuses, late, await client.spotify(known[0][:1])

    statuses, late, after = serve(
        scenario, faults="long-retry-after", clock=lambda: now[0], expires_in_s=9_000
    )
    first = statuses.index(429)
    assert 4 <= first <= 14
    assert set(statuses[first:]) == {429}
    assert (late[0], late[1]["Retry-After"]) == (429, "600")
    assert after[0] == 200


def test_quota_gives_its_reason_and_no_wait(serve, known):
    status, headers, body = replies(serve, "quota", known[0])[-1]
    assert status == 429
    assert json.loads(body)["error"]["reason"] == "QUOTA_EXCEEDED"
    assert "Retry-After" not in headers


def test_flaky_5xx_speaks_json_text_and_html(serve, known):
    struck = [r for r in replies(serve, "flaky-5xx=0.9", known[0]) if r[0] >= 500]
    assert {status for status, _, _ in struck} == {500, 502, 503, 504}
    kinds = {headers["Content-Type"].split(";")[0] for _, headers, _ in struck}
    assert kinds == {"application/json", "text/plain", "text/html"}


def test_an_outage_strikes_everything_for_a_while(serve, known):
    now = [0.0]

    async def scenario(client):
        for _ in range(20):
            status = (await client.spotify(known[0][:1]))[0]
        during = (
            status,
            (await client.lastfm("track.getInfo", "a", "b"))[0],
            (await client.reccobeats(known[0][:1]))[0],
            (await client.send("POST", client.urls["spotify_token_url"]))[0],
        )
        now[0] += 3.0
        return during, (await client.spotify(known[0][:1]))[0]

    during, after = serve(scenario, faults="outage", clock=lambda: now[0])
    assert during == (503, 503, 503, 503)
    assert after == 200


def test_slow_replies_come_late_and_right(serve, known):
    async def scenario(client):
        loop = asyncio.get_running_loop()
        waits = []
        for start in range(100):
            begun = loop.time()
            assert (await client.spotify(known[0][start : start + 1]))[0] == 200
            waits.append(loop.time() - begun)
        return waits, await client.stats()

    waits, stats = serve(scenario, faults="slow=0.1", bearer="agreed")
    assert max(waits) >= 0.1
    assert sum(wait >= 0.1 for wait in waits) == stats["faults"]["slow"]
    assert stats["ids"]["spotify"]["served"] == 100


def test_a_reply_that_nobody_waits_for_is_not_served(serve, known):
    async def scenario(client):
        timeout = aiohttp.ClientTimeout(total=0.1)
        client.session._timeout = timeout
        gave_up = []
        for start in range(100):
            try:
                await client.spotify(known[0][start : start + 1])
            except TimeoutError:
                gave_up.append(known[0][start])
        await asyncio.sleep(0.3)
        return gave_up, client.emulator.stats.served["spotify"]

    gave_up, served = serve(scenario, faults="slow=0.3", bearer="agreed")
    assert gave_up
    assert not set(gave_up) & set(served)


def test_dropped_connections_send_nothing_or_half(serve, known, caplog):
    async def scenario(client):
        kinds = Counter()
        for start in range(40):
            try:
                await client.spotify(known[0][start : start + 1])
            except aiohttp.ServerDisconnectedError:
                kinds["nothing"] += 1
            except aiohttp.ClientPayloadError:
                kinds["half"] += 1
        return kinds, await client.stats()

    kinds, stats = serve(scenario, faults="drop-connection=0.9", bearer="agreed")
    assert set(kinds) == {"nothing", "half"}
    # aiohttp re-sends a GET once, without a word, when the connection closes before a reply
    assert stats["requests"]["GET /v1/audio-features"]["0"] >= sum(kinds.values())
    assert stats["ids"]["spotify"]["served"] == 40 - sum(kinds.values())
    assert not caplog.records


def test_truncated_and_html_replies_come_under_200(serve, known):
    for name in ("truncated", "html-200"):
        bad = 0
        for status, _, body in replies(serve, f"{name}=0.9", known[0]):
            assert status == 200
            try:
                json.loads(body)
            except ValueError:
                bad += 1
        assert bad >= 10, name


def test_wrong_id_renames_one_entry(serve, known):
    async def scenario(client):
        asked = known[0][:3]
        entries = json.loads((await client.spotify(asked))[2])["audio_features"]
        content = json.loads((await client.reccobeats(asked))[2])["content"]
        return asked, entries, content, await client.stats()

    asked, entries, content, stats = serve(scenario, faults="wrong-id=1")
    assert [entry["id"] in asked for entry in entries] == [False, True, True]
    assert entries[0]["uri"] == f"spotify:track:{entries[0]['id']}"
    assert content[0]["href"].removeprefix("https://open.spotify.com/track/") not in asked
    assert stats["ids"]["spotify"]["served"] == 0


def test_other_lies_are_as_named(serve, known):
    async def scenario(client):
        return json.loads((await client.spotify(known[0][:3]))[2])["audio_features"]

    assert serve(scenario, faults="out-of-range=1")[0]["energy"] == 7.5
    assert "tempo" not in serve(scenario, faults="missing-field=1")[0]
    assert [e["id"] for e in serve(scenario, faults="short-batch=1")] == known[0][:2]
    assert [e["id"] for e in serve(scenario, faults="reordered=1")] == known[0][2::-1]


def test_null_ids_stay_unknown(serve, known):
    async def scenario(client):
        twice = [json.loads((await client.spotify(known[0][:100]))[2]) for _ in range(2)]
        hidden = [
            key
            for key, entry in zip(known[0], twice[0]["audio_features"], strict=False)
            if entry is None
        ]
        single = await client.spotify(one=hidden[0])
        content = json.loads((await client.reccobeats(known[0][:40]))[2])["content"]
        return twice, hidden, single, content

    twice, hidden, single, content = serve(scenario, faults="null-ids=0.3")
    assert twice[0] == twice[1]
    assert 15 <= len(hidden) <= 45
    assert single[0] == 404
    assert len(content) == 40 - len(set(hidden) & set(known[0][:40]))


def test_a_poison_id_spoils_what_holds_it_for_good(serve, known):
    bad = known[0][1]

    async def scenario(client):
        batch = [(await client.spotify(known[0][:3]))[0] for _ in range(5)]
        alone = (await client.spotify(one=bad))[0]
        return batch, alone, (await client.spotify([known[0][0], known[0][2]]))[0]

    batch, alone, others = serve(scenario, poison_ids=[bad])
    assert set(batch) == {alone}
    assert alone in (400, 500)
    assert others == 200


def test_poison_ids_are_chosen_by_id_and_come_as_400_and_500(serve, known):
    async def scenario(client):
        return [(await client.spotify(one=one))[0] for one in known[0][:100]] + [
            (await client.spotify(one=one))[0] for one in known[0][:100]
        ]

    statuses = serve(scenario, faults="poison-id=0.3")
    assert statuses[:100] == statuses[100:]
    assert set(statuses) == {200, 400, 500}


@pytest.mark.parametrize(
    "name", ["slow=0", "wrong-id=1", "out-of-range=1", "missing-field=1", "reordered=1"]
)
def test_poisonous_and_hidden_ids_stay_so_whatever_else_strikes(serve, known, name):
    ids = known[0][:300]

    async def scenario(client):
        replies = [await client.spotify(ids[i : i + BATCH]) for i in range(0, len(ids), BATCH)]
        return replies, await client.stats()

    replies, stats = serve(
        scenario, faults=f"{name},null-ids=0.3", poison_ids=ids[::30], bearer="agreed"
    )
    assert stats["faults"][name.partition("=")[0]] >= 1
    assert {status for status, *_ in replies[::10]} == {400, 500}
    bodies = [json.loads(body) for status, _, body in replies if status == 200]
    assert len(bodies) == 90
    sent = {entry["id"] for body in bodies for entry in body["audio_features"] if entry}
    assert sent
    assert not any(is_chosen(key, 0.3, "null") for key in sent & set(ids))


def test_forbidden_and_forbidden_batch_are_403(serve, known):
    async def scenario(client):
        batch, one = await client.spotify(known[0][:3]), await client.spotify(one=known[0][0])
        return batch, one, await client.reccobeats(known[0][:3])

    batch, one, other = serve(scenario, faults="forbidden")
    assert (batch[0], one[0], other[0]) == (403, 403, 200)
    assert batch[2] == b'{"error":{"status":403}}'
    batch, one, _ = serve(scenario, faults="forbidden-batch")
    assert (batch[0], one[0]) == (403, 200)


@pytest.mark.parametrize(("code", "own_status"), [(8, 500), (11, 503), (16, 503), (29, 429)])
def test_lastfm_codes_come_under_their_status_or_200(serve, code, own_status):
    async def scenario(client):
        return [await client.lastfm("track.getInfo", "a", f"title {n}") for n in range(40)]

    found = serve(scenario, faults=f"last.fm-{code}=0.9")
    struck = [
        status for status, _, body in found if ET.fromstring(body)[0].get("code") == str(code)
    ]
    assert set(struck) == {own_status, 200}


@pytest.mark.parametrize("name", ["bomb", "number", "control"])
def test_documents_of_last_fm_are_struck_and_right_the_third_time(serve, library, name):
    row = next(iter(library.row_of.values()))
    names = (library.artist_names[library.artist_of[row]], library.lastfm_titles[row])

    async def scenario(client):
        replies = [await client.lastfm("track.getTopTags", *names) for _ in range(3)]
        return [body for _, _, body in replies], await client.stats()

    (first, second, third), stats = serve(scenario, faults=f"lastfm-{name}=1")
    assert first == second != third
    assert stats["faults"] == {f"lastfm-{name}": 2}
    # A reply that is right but for control characters counts as served.
    assert stats["ids"]["lastfm"]["served_again"] == (1 if name == "control" else 0)
    assert ET.fromstring(third).get("status") == "ok"


def test_truncated_and_dropped_strike_lastfm_and_reccobeats_too(serve, known):
    async def scenario(client):
        lastfm = await client.lastfm("track.getInfo", *known_names)
        return lastfm, await client.reccobeats(known[0][:3])

    from harvest.emulator.catalogue.library import from_songs
    from harvest.emulator.catalogue.songs import make_songs

    library = from_songs(make_songs(n_playlists=60))
    row = next(iter(library.row_of.values()))
    known_names = (library.artist_names[library.artist_of[row]], library.lastfm_titles[row])
    lastfm, reccobeats = serve(scenario, faults="truncated=1")
    with pytest.raises(ET.ParseError):
        ET.fromstring(lastfm[2])
    with pytest.raises(ValueError, match=r"line \d+ column"):
        json.loads(reccobeats[2])


def test_the_share_is_kept_and_the_seed_decides():
    struck = names_struck("flaky-5xx", 4_000)
    # 15 % of 4,000 is 600; three standard deviations are 68
    assert 532 <= sum(name is not None for name in struck) <= 668
    assert struck == names_struck("flaky-5xx", 4_000)
    assert struck != names_struck("flaky-5xx", 4_000, seed=1)


def test_no_key_is_struck_more_than_twice_however_profiles_combine():
    faults = Faults("flaky-5xx=1,truncated=1,rate-limit=1", seed=0)
    struck = [faults.strike(ask_of(1), now_s=0.0) is not None for _ in range(6)]
    assert struck == [True] * MAX_STRIKES_A_KEY + [False] * 4


def test_profiles_combine_by_comma_or_list():
    listed = names_struck(["flaky-5xx", "truncated=0.3"], 300)
    assert set(listed) == {None, "flaky-5xx", "truncated"}
    assert listed == names_struck("truncated=0.3, flaky-5xx", 300)


def test_profiles_keep_to_their_services():
    assert set(names_struck("lastfm-8=1", 5)) == {None}
    assert set(names_struck("forbidden", 5, service="reccobeats")) == {None}
    assert set(names_struck("quota", 50, service="lastfm")) == {None}


@pytest.mark.parametrize("wrong", ["nonsense", "truncated=2", "truncated=x", "slow=-1", "slow=nan"])
def test_unknown_names_and_numbers_are_refused(wrong):
    with pytest.raises(InputError):
        Faults(wrong, seed=0)


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(InputError) as caught:
        Faults("flakey", seed=0)
    assert all(name in str(caught.value) for name in KINDS)


def test_every_profile_stands_in_the_table():
    from harvest.emulator.faults import injector

    table = (injector.__doc__ or "").split("=\n")[1:-1]
    listed = {line.split()[0] for part in table for line in part.splitlines() if line[:1].isalpha()}
    assert listed - {"profile"} == set(KINDS)
