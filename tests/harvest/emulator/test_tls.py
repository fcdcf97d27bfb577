import asyncio
import ssl
import stat
import subprocess
import sys

import aiohttp
import pytest

from harvest.emulator.server import Emulator
from harvest.emulator.tls import throwaway_tls
from harvest.errors import InputError

NAMES = ("127.0.0.1", "localhost")
STRICT = ssl.VERIFY_X509_STRICT  # the default from Python 3.13 on


def client_context(ca_file):
    context = ssl.create_default_context(cafile=ca_file)
    context.verify_flags |= STRICT
    return context


def shake_hands(tls, name):
    """Let a strict client that trusts `tls` connect in memory to a server of that name."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = tls.context.wrap_bio(to_server, to_client, server_side=True)
    client = client_context(tls.ca_file).wrap_bio(to_client, to_server, server_hostname=name)
    waiting = [client, server]
    while waiting:
        side = waiting.pop(0)
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            waiting.append(side)
    return client.version()


def mode_of(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("name", NAMES)
def test_the_certificate_is_good_for_each_name(name):
    with throwaway_tls(*NAMES) as tls:
        assert shake_hands(tls, name) == "TLSv1.3"


@pytest.mark.parametrize("name", ["127.0.0.2", "example.org"])
def test_the_certificate_is_good_for_no_other_name(name):
    with throwaway_tls(*NAMES) as tls, pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(tls, name)


def test_each_run_has_an_authority_of_its_own():
    with throwaway_tls(*NAMES) as one, throwaway_tls(*NAMES) as other:
        assert one.ca_file.read_bytes() != other.ca_file.read_bytes()


def test_the_file_is_for_its_owner_alone_and_gone_at_the_end():
    with throwaway_tls(*NAMES) as tls:
        assert mode_of(tls.ca_file) == 0o600
    assert not tls.ca_file.parent.exists()


def test_the_file_is_gone_after_an_error_too():
    def fail():
        with throwaway_tls(*NAMES) as tls:
            raise OSError(tls.ca_file)

    with pytest.raises(OSError, match=r"ca\.pem") as caught:
        fail()
    assert not caught.value.args[0].parent.exists()


def test_a_file_that_was_named_is_replaced_and_stays(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "ca.pem"
    path.write_text("of an earlier run")
    path.chmod(0o644)
    with throwaway_tls(*NAMES, ca_file=path.relative_to(tmp_path)) as tls:
        assert tls.ca_file == path
    assert mode_of(path) == 0o600
    assert path.read_text().startswith("-----BEGIN CERTIFICATE-----")


def test_no_private_key_is_in_the_file(tmp_path):
    path = tmp_path / "ca.pem"
    with throwaway_tls(*NAMES, ca_file=path):
        assert "PRIVATE KEY" not in path.read_text()
        assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", [".", "absent/ca.pem", "file/ca.pem"])
def test_a_file_that_cannot_be_written_is_one_clear_line(name, tmp_path):
    (tmp_path / "file").touch()
    with (
        pytest.raises(InputError, match="choose another with --ca-file") as caught,
        throwaway_tls(*NAMES, ca_file=tmp_path / name),
    ):
        pass
    assert "\n" not in str(caught.value)


def test_a_client_that_verifies_is_served_and_plain_http_is_refused(library):
    async def scenario():
        with throwaway_tls(*NAMES) as tls:
            context = client_context(tls.ca_file)
            emulator = Emulator(library, ssl_context=tls.context)
            async with emulator as urls, aiohttp.ClientSession() as session:
                url = f"{urls['spotify_api_url']}/tracks/x"
                async with session.get(url, ssl=context) as reply:
                    status = reply.status
                with pytest.raises(aiohttp.ClientError):
                    await session.get(url.replace("https://", "http://"))
                return url, status, emulator.stats.requests

    url, status, requests = asyncio.run(scenario())
    assert url.startswith("https://127.0.0.1:")
    assert status == 401
    assert requests.total() == 1


def test_plain_http_does_not_wait_for_what_https_needs():
    command = "import sys, harvest.emulator.server; sys.exit('trustme' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", command], check=False).returncode == 0
