"""However the services fail, every task ends in its right state, or the job says what to do."""

import pytest

from tests.end_to_end.conftest import stats

FAST = ("--rate", "5000", "--batch", "5")
PASSING = [
    "expired-token",
    "rate-limit",
    "flaky-5xx",
    "outage=2",
    "slow=0.2",
    "drop-connection",
    "truncated",
    "html-200",
    "wrong-id",
    "out-of-range",
    "missing-field",
    "short-batch",
    "reordered",
]


@pytest.mark.parametrize("faults", PASSING)
def test_a_fault_that_passes_leaves_no_trace_in_spotify_s_rows(faults, emulated):
    with emulated("--faults", faults) as (programs, urls):
        done = programs.run("harvest", "spotify", *FAST)
        struck = stats(urls)["faults"]
    assert done.returncode == 0, done.stderr
    assert struck or faults == "expired-token"
    counts = programs.counts("spotify")
    assert (counts["pending"], counts["dead"]) == (0, 0)
    assert counts["done"] > 0


def test_two_faults_at_once_are_no_worse_than_one(emulated):
    with emulated("--faults", "flaky-5xx,wrong-id,truncated,rate-limit") as (programs, _):
        done = programs.run("harvest", "spotify", *FAST)
    assert done.returncode == 0, done.stderr
    counts = programs.counts("spotify")
    assert (counts["pending"], counts["dead"]) == (0, 0)


@pytest.mark.parametrize("faults", ["lastfm-8,lastfm-11", "lastfm-16,lastfm-29", "html-200"])
def test_a_fault_that_passes_leaves_no_trace_in_lastfm_s_rows(faults, emulated):
    with emulated("--faults", faults) as (programs, _urls):
        done = programs.run("harvest", "lastfm", "--rate", "5000", "--limit", "40")
    assert done.returncode == 0, done.stderr
    counts = programs.counts("lastfm")
    assert counts["done"] + counts["missing"] == 40


def test_a_poisonous_id_dies_alone_with_its_reason(emulated):
    with emulated("--faults", "poison-id=0.01") as (programs, _):
        done = programs.run("harvest", "spotify", *FAST)
    assert done.returncode == 0, done.stderr
    counts = programs.counts("spotify")
    assert counts["pending"] == 0
    assert 0 < counts["dead"] < counts["total"] / 20
    assert f"{counts['dead']} dead" in done.stdout


@pytest.mark.parametrize(
    ("faults", "reason"),
    [("long-retry-after", "rate limit is reached"), ("quota", "daily quota is used up")],
)
def test_a_long_wait_is_for_later_and_the_next_starts_send_nothing(faults, reason, emulated):
    with emulated("--faults", faults) as (programs, urls):
        done = programs.run("harvest", "spotify", *FAST)
        assert done.returncode == 75
        assert reason in done.stderr
        assert "nothing is sent before 20" in done.stderr
        before = stats(urls)["requests"]
        for _ in range(3):
            again = programs.run("harvest", "spotify", *FAST)
            assert again.returncode == 75
            assert "nothing is sent before 20" in again.stderr
        assert stats(urls)["requests"] == before
    counts = programs.counts("spotify")
    assert counts["dead"] == 0
    assert counts["pending"] > 0
    assert counts["not_before"]


def test_tracks_that_the_service_does_not_know_are_missing(emulated):
    with emulated("--faults", "null-ids=0.2") as (programs, urls):
        done = programs.run("harvest", "spotify", *FAST)
        assert stats(urls)["ids"]["spotify"]["served_again"] == 0
    assert done.returncode == 0, done.stderr
    counts = programs.counts("spotify")
    assert (counts["pending"], counts["dead"]) == (0, 0)
    assert counts["missing"] > counts["total"] / 10


def test_an_app_shut_out_of_audio_features_learns_why_and_charges_no_track(emulated):
    with emulated("--faults", "forbidden") as (programs, urls):
        done = programs.run("harvest", "spotify", *FAST)
        # One batch of each worker, then one single track to make sure.
        assert sum(stats(urls)["requests"]["spotify"].values()) <= 5
    assert done.returncode == 77
    assert "27 November 2024" in done.stderr
    for way_out in ("--provider reccobeats", "SPOTIFY_API_KEY", "harvest import"):
        assert way_out in done.stderr
    counts = programs.counts("spotify")
    assert counts["pending"] == counts["total"]


def test_an_expired_token_is_renewed_without_a_word(emulated):
    with emulated("--faults", "expired-token") as (programs, urls):
        done = programs.run("harvest", "spotify", *FAST)
        assert done.returncode == 0, done.stderr
        assert stats(urls)["tokens_issued"] >= 2
