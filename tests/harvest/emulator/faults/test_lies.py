import json

import numpy as np
import pytest

from harvest.emulator.exchange import Ask, Reply
from harvest.emulator.faults import lies
from harvest.emulator.faults.strike import Situation

IDS = [f"{i:022d}" for i in range(400)]


def situation(keys, *, is_batch=True):
    ask = Ask("spotify", "GET /v1/audio-features", list(keys), is_batch=is_batch)
    return Situation(ask, np.random.default_rng(0), 0.0)


def right(keys):
    entries = [{"id": key, "analysis_url": "x", "danceability": 0.5} for key in keys]
    return Reply(200, json.dumps({"audio_features": entries}).encode(), served=list(keys))


def entries_of(reply):
    return json.loads(reply.body)["audio_features"]


def test_a_wrong_id_is_one_that_nobody_asked_for():
    keys = IDS[:3]
    fault = lies.wrong_id(0.1).decide(situation(keys))
    ids = [entry["id"] for entry in entries_of(fault.spoil(right(keys)))]
    assert ids[0] not in keys
    assert ids[1:] == keys[1:]


def test_a_reordered_batch_is_right_and_counts_as_served():
    keys = IDS[:3]
    profile = lies.reordered(0.1)
    reply = profile.decide(situation(keys)).spoil(right(keys))
    assert [entry["id"] for entry in entries_of(reply)] == keys[::-1]
    assert reply.served == keys
    assert profile.decide(situation(keys[:1], is_batch=False)) is None


def test_a_poisonous_id_spoils_every_request_that_holds_it_and_no_other():
    decide = lies.poison_id(0.0, ids={IDS[1]}).decide
    replies = [decide(situation(IDS[:n])).reply for n in (2, 3)]
    assert replies[0] == replies[1]
    assert replies[0].status in {400, 500}
    assert decide(situation(IDS[2:])) is None


def test_hidden_ids_are_null_for_good_and_that_is_an_answer():
    decide = lies.null_ids(0.5).decide
    reply = decide(situation(IDS)).spoil(right(IDS))
    hidden = [i for i, entry in zip(IDS, entries_of(reply), strict=True) if entry is None]
    assert hidden == [i for i in IDS if lies.is_chosen(i, 0.5, "null")]
    assert (reply.served, reply.unknown) == (IDS, len(hidden))


@pytest.mark.parametrize("share", [0.1, 0.5])
def test_a_share_of_ids_is_about_that_share(share):
    chosen = sum(lies.is_chosen(i, share, "poison") for i in IDS)
    # 400 ids; five standard deviations of a fair choice: 5 * sqrt(400 * s * (1 - s)).
    assert abs(chosen - 400 * share) < 5 * (400 * share * (1 - share)) ** 0.5
