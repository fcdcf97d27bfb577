import ssl

import aiohttp
import pytest
import trustme

from harvest.errors import InputError, ServiceUnavailable
from harvest.trust import explain

URL = "https://127.0.0.1:1/v1"


def broken_handshake(reason):
    error = ssl.SSLError(1, f"[SSL: {reason}] in some words (_ssl.c:1006)")
    error.reason = reason
    return aiohttp.ClientConnectorSSLError(None, error)


def refused_certificate(why="self-signed certificate"):
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_message = why
    return aiohttp.ClientConnectorCertificateError(None, error)


@pytest.fixture
def trusted(monkeypatch):
    """Set SSL_CERT_FILE, or unset it."""

    def setting(path=None):
        if path is None:
            monkeypatch.delenv("SSL_CERT_FILE", raising=False)
        else:
            monkeypatch.setenv("SSL_CERT_FILE", str(path))

    return setting


def test_a_certificate_that_is_not_trusted_names_address_reason_and_remedy(trusted):
    trusted()
    problem = explain(URL, refused_certificate())
    assert isinstance(problem, InputError)
    assert str(problem) == (
        f"the certificate of {URL} is not trusted (self-signed certificate); "
        "to trust a private authority, set SSL_CERT_FILE to the file of its certificate"
    )


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (refused_certificate("certificate has expired"), "certificate has expired"),
        (broken_handshake("WRONG_VERSION_NUMBER"), "wrong version number"),
    ],
)
def test_a_server_that_answered_before_is_out_of_order(broken, why):
    problem = explain(URL, broken, has_answered=True)
    assert isinstance(problem, ServiceUnavailable)
    assert str(problem) == f"no trusted reply from {URL} any more ({why})"


def test_a_reason_keeps_no_full_stop(trusted):
    trusted()
    problem = explain(URL, refused_certificate("Hostname mismatch."))
    assert "(Hostname mismatch);" in str(problem)


@pytest.mark.parametrize("content", [None, "", "no certificate at all"])
def test_a_file_of_authorities_that_cannot_be_read_is_named(content, trusted, tmp_path):
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)
    trusted(path)
    problem = explain(URL, refused_certificate())
    assert str(problem).endswith(f"its certificate (now {path}, where none can be read)")


def test_a_file_of_other_authorities_is_named(trusted, tmp_path):
    path = tmp_path / "ca.pem"
    path.write_bytes(trustme.CA().cert_pem.bytes())
    trusted(path)
    problem = explain(URL, refused_certificate())
    assert str(problem).endswith(f"its certificate (now {path}, which does not vouch for it)")


def test_an_address_that_speaks_no_tls_is_refused():
    problem = explain(URL, broken_handshake("WRONG_VERSION_NUMBER"))
    assert isinstance(problem, InputError)
    assert f"{URL} does not speak TLS (wrong version number)" in str(problem)
    assert "http://" in str(problem)


@pytest.mark.parametrize("reason", ["TLSV1_ALERT_INTERNAL_ERROR", "SSLV3_ALERT_HANDSHAKE_FAILURE"])
def test_a_handshake_that_the_server_breaks_off_may_go_well_later(reason):
    problem = explain(URL, broken_handshake(reason))
    assert isinstance(problem, ServiceUnavailable)
    assert reason.replace("_", " ").lower() in str(problem)


@pytest.mark.parametrize("error", [refused_certificate(), broken_handshake("WRONG_VERSION_NUMBER")])
def test_what_tls_itself_raised_is_explained_alike(error, trusted):
    trusted()
    cause = getattr(error, "certificate_error", None) or error.os_error
    assert str(explain(URL, cause)) == str(explain(URL, error))
