"""What a failed TLS handshake means, and what to do about it."""

import os
import ssl

import aiohttp

from harvest.errors import InputError, ServiceUnavailable

# Where OpenSSL looks for authorities besides the system's folder of them.
VARIABLE = "SSL_CERT_FILE"


def explain(
    url: str, error: aiohttp.ClientSSLError | ssl.SSLError, *, has_answered: bool = False
) -> InputError | ServiceUnavailable:
    """Return what to raise for `error`.

    Parameters
    ----------
    url : str
        The address, without its query.
    error : aiohttp.ClientSSLError or ssl.SSLError
        What the handshake ended in.
    has_answered : bool
        Whether the server was trusted and answered in this run before: then it is out of order.

    Returns
    -------
    InputError
        If the certificate is not trusted, or what answers speaks no TLS: asking again is no use.
    ServiceUnavailable
        If the server itself broke the handshake off, which a server in trouble does too.
    """
    cause = _cause(error)
    if has_answered:
        why = _why(cause) if isinstance(cause, ssl.CertificateError) else _words(cause)
        return ServiceUnavailable(f"no trusted reply from {url} any more ({why})")
    if isinstance(cause, ssl.CertificateError):
        return InputError(
            f"the certificate of {url} is not trusted ({_why(cause)}); "
            f"to trust a private authority, set {VARIABLE} to the file of its certificate{_now()}"
        )
    words = _words(cause)
    if "alert" in words:
        return ServiceUnavailable(f"no reply from {url}: {words}")
    return InputError(
        f"{url} does not speak TLS ({words}); where the service has plain http alone, "
        "its address begins with http://"
    )


def _cause(error: aiohttp.ClientSSLError | ssl.SSLError) -> Exception:
    """Return what `ssl` itself raised."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return error.certificate_error
    return error.os_error if isinstance(error, aiohttp.ClientSSLError) else error


def _words(error: Exception) -> str:
    """Return how OpenSSL calls what went wrong."""
    reason = getattr(error, "reason", None) or "no reason given"
    return str(reason).replace("_", " ").lower()


def _why(error: Exception) -> str:
    """Return OpenSSL's reason without its place in the source."""
    return str(getattr(error, "verify_message", error)).rstrip(".")


def _now() -> str:
    """Say what is wrong with the file that is set, if one is."""
    path = os.environ.get(VARIABLE)
    if not path:
        return ""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except OSError:
        return f" (now {path}, where none can be read)"
    return f" (now {path}, which does not vouch for it)"
