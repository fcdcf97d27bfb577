"""The services over https: served where the certificate is trusted, never asked where it is not."""

import json
import ssl
import stat
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.end_to_end.conftest import CREDENTIALS, Programs, running_emulator
from tests.end_to_end.test_wrong_inputs import refused

FAST = ("--rate", "5000")


def trusting(programs, ca_file):
    return programs.with_settings(SSL_CERT_FILE=str(ca_file))


def stats(urls, host="127.0.0.1"):
    """What the emulator counted, asked by a client that verifies it."""
    context = ssl.create_default_context(cafile=urls["CA_FILE"])
    address = urls["SPOTIFY_API_URL"].removesuffix("/v1").replace("127.0.0.1", host)
    with urlopen(f"{address}/_stats", timeout=300, context=context) as reply:
        return json.load(reply)


def assert_untouched(programs, job, urls):
    """Check that no request reached the service, and that no track was charged."""
    counts = programs.counts(job)
    assert counts["pending"] == counts["total"] > 0
    counted = stats(urls)
    assert counted["requests"] == {}
    assert counted["tokens_issued"] == 0


def test_the_whole_job_is_done_over_tls(emulated):
    with emulated("--https") as (programs, urls):
        assert all(url.startswith("https://127.0.0.1:") for url in urls.values() if "://" in url)
        trusted = trusting(programs, urls["CA_FILE"])
        for job in ("spotify", "lastfm"):
            done = trusted.run("harvest", job, *FAST)
            assert done.returncode == 0, done.stderr
            counts = programs.counts(job)
            assert counts["pending"] == counts["dead"] == 0
            assert counts["done"] > 0
        counted = stats(urls)
    total = programs.counts("spotify")["total"]
    assert counted["ids"]["spotify"]["asked"] == counted["ids"]["spotify"]["served"] == total
    assert counted["ids"]["spotify"]["served_again"] == 0


def test_reccobeats_is_asked_over_tls_too(emulated):
    with emulated("--https") as (programs, urls):
        trusted = trusting(programs, urls["CA_FILE"])
        done = trusted.run("harvest", "spotify", "--provider", "reccobeats", *FAST)
        assert done.returncode == 0, done.stderr
    assert programs.counts("spotify")["pending"] == 0


@pytest.mark.parametrize("job", ["spotify", "lastfm"])
def test_a_certificate_that_is_not_trusted_ends_the_job_before_any_request(job, emulated):
    with emulated("--https") as (programs, urls):
        programs.settings.pop("SSL_CERT_FILE", None)
        done = programs.run("harvest", job, *FAST, timeout=300)
        refused(done, 2, "https://127.0.0.1:", "is not trusted", "set SSL_CERT_FILE")
        assert_untouched(programs, job, urls)
        again = trusting(programs, urls["CA_FILE"]).run("harvest", job, *FAST)
        assert again.returncode == 0, again.stderr
    assert programs.counts(job)["pending"] == 0


@pytest.mark.parametrize("content", [None, "no certificate at all"])
def test_a_file_of_authorities_that_is_none_is_named(content, emulated, tmp_path):
    path = tmp_path / "authorities.pem"
    if content is not None:
        path.write_text(content)
    with emulated("--https") as (programs, urls):
        done = trusting(programs, path).run("harvest", "spotify", *FAST, timeout=300)
        refused(done, 2, "is not trusted", f"now {path}, where none can be read")
        assert_untouched(programs, "spotify", urls)


def test_the_authority_of_another_emulator_is_not_trusted(emulated, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    with (
        running_emulator(other, "--https", "--playlists", "10") as others,
        emulated("--https") as (programs, urls),
    ):
        done = trusting(programs, others["CA_FILE"]).run("harvest", "spotify", *FAST, timeout=300)
        refused(done, 2, "is not trusted", "does not vouch for it")
        assert_untouched(programs, "spotify", urls)


def test_an_https_address_of_a_plain_http_service_is_named(emulated):
    with emulated() as (programs, urls):
        url = urls["SPOTIFY_TOKEN_URL"].replace("http://", "https://")
        mistaken = programs.with_settings(SPOTIFY_TOKEN_URL=url)
        done = mistaken.run("harvest", "spotify", *FAST, timeout=300)
    refused(done, 2, url, "does not speak TLS")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_the_certificate_is_good_for_both_names_of_this_machine(host, tmp_path):
    with running_emulator(tmp_path, "--https", "--playlists", "10") as urls:
        assert stats(urls, host)["requests"] == {}


def test_the_authority_is_for_its_owner_alone_and_no_key_is_left_anywhere(tmp_path):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    programs = Programs(tmp_path, {"TMPDIR": str(temporary)})
    with programs.start("harvest", "emulate", "--https", "--playlists", "10") as process:
        ca_file = Path(json.loads(process.stdout.readline())["ca_file"])
        assert stat.S_IMODE(ca_file.stat().st_mode) == 0o600
        assert [path for path in temporary.rglob("*") if path.is_file()] == [ca_file]
        assert "PRIVATE KEY" not in ca_file.read_text()
        process.terminate()
        _, said = process.communicate(timeout=300)
    assert (process.returncode, said) == (0, "")
    assert list(temporary.iterdir()) == []


def test_the_authority_may_be_written_where_the_client_looks(tmp_path):
    with running_emulator(tmp_path, "--https", "--ca-file", "ca.pem", "--playlists", "10") as urls:
        assert urls["CA_FILE"] == str(tmp_path / "ca.pem")
        programs = Programs(tmp_path, CREDENTIALS | urls | {"SSL_CERT_FILE": "ca.pem"})
        programs.run("harvest", "catalogue", "catalogue.zip", "--playlists", "10")
        programs.run("harvest", "mpd", "catalogue.zip")
        done = programs.run("harvest", "spotify", *FAST)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--ca-file", "ca.pem"], "--https"),
        (["--https", "--ca-file", "."], "is not a file"),
        (["--https", "--ca-file", "absent/ca.pem"], "cannot be written"),
    ],
)
def test_a_ca_file_that_is_of_no_use_is_refused(arguments, word, programs):
    done = programs.run("harvest", "emulate", *arguments, "--playlists", "10")
    refused(done, 2, "--ca-file", word)
