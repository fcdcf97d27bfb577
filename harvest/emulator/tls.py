"""A throw-away certificate authority, so that the emulator can be asked over https."""

import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from harvest.errors import InputError


@dataclass(frozen=True, slots=True)
class Tls:
    """What https needs.

    Attributes
    ----------
    context : ssl.SSLContext
        The server's; it holds the only copy of the server's key.
    ca_file : Path
        The authority's certificate in PEM, by which a client trusts the server; absolute.
    """

    context: ssl.SSLContext
    ca_file: Path


@contextmanager
def throwaway_tls(*names: str, ca_file: Path | None = None) -> Iterator[Tls]:
    """Make an authority, and a certificate by it; its own key is forgotten at once.

    Parameters
    ----------
    *names : str
        The server's host names and addresses.
    ca_file : Path, optional
        Where to write the authority's certificate, for its owner alone to read. A file that is
        there is replaced, and what is written stays. By default it is a temporary file, deleted
        at the end.

    Yields
    ------
    Tls
        What the server and its clients need.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    context, pem = _certified(names)
    with TemporaryDirectory(prefix="emulator-") as folder:
        path = (ca_file or Path(folder) / "ca.pem").absolute()
        _write(path, pem)
        yield Tls(context, path)


def _certified(names: tuple[str, ...]) -> tuple[ssl.SSLContext, bytes]:
    """Return the server's context, and the certificate of the authority that vouches for it."""
    import trustme  # noqa: PLC0415 - plain http need not wait for it

    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(*names).configure_cert(context)
    return context, authority.cert_pem.bytes()


def _write(path: Path, content: bytes) -> None:
    if path.exists() and not path.is_file():
        raise InputError(f"{path} is not a file; choose another with --ca-file")
    try:
        path.unlink(missing_ok=True)  # a new file has the mode that it is made with
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
    except OSError as error:
        raise InputError(
            f"{path} cannot be written ({error.strerror}); choose another with --ca-file"
        ) from error
