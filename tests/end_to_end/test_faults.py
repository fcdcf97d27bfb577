"""However the services fail, the job ends as it has to and says what to do.

That every task ends in its right state, under each fault and any two, is shown in
`tests.end_to_end.test_fault_pairs`.
"""

import pytest

from tests.end_to_end.conftest import stats

FAST = ("--rate", "5000", "--batch", "5")


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
        for _ in range(10):
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
    assert f"{counts['missing']:,} missing, 0 dead, 0 pending" in done.stdout


def test_an_app_shut_out_of_audio_features_learns_why_and_charges_no_track(emulated):
    with emulated("--faults", "forbidden") as (programs, urls):
        done = programs.run("harvest", "spotify", *FAST)
        requests = stats(urls)["requests"]
    # One batch of each worker, and two of one other track; then three single tracks to make sure.
    assert set(requests["GET /v1/audio-features"]) == {"403"}
    assert requests["GET /v1/audio-features"]["403"] <= 6
    assert requests["GET /v1/audio-features/{id}"] == {"403": 3}
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
