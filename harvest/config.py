"""Settings, read from options, the environment and `.env`; secrets stay out of every repr."""

import os
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from dotenv import load_dotenv
from dotenv.parser import Binding, parse_stream

from harvest.errors import InputError

SPOTIFY_API_URL = "https://api.spotify.com/v1"
SPOTIFY_TOKEN_URL = "https://accounts.spotify.com/api/token"  # noqa: S105 - an address, no secret
RECCOBEATS_API_URL = "https://api.reccobeats.com/v1"
LASTFM_API_URL = "https://ws.audioscrobbler.com/2.0/"

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class Secret:
    """A string that shows itself only when asked for by `reveal`.

    >>> Secret("hunter2")
    Secret(***)
    >>> Secret("hunter2").reveal()
    'hunter2'
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def __repr__(self) -> str:
        return "Secret(***)"

    def reveal(self) -> str:
        """Return the string itself."""
        return self._value


@dataclass(frozen=True, slots=True)
class SpotifySettings:
    """Where Spotify, or a service of its shape, is found, and the credentials.

    Attributes
    ----------
    api_url, token_url : str
    client_id : str
    client_secret : Secret
        Of an app, for which tokens are fetched.
    api_key : Secret or None
        Sent as it is instead of a token, to services that sell keys.
    """

    api_url: str
    token_url: str
    client_id: str
    client_secret: Secret
    api_key: Secret | None = None

    @property
    def account(self) -> str:
        """A hash of whom the service counts requests of."""
        return short_hash(self.api_key.reveal() if self.api_key else self.client_id)

    @property
    def provider(self) -> str:
        """Whose features these are: Spotify's, or those of whoever sold the key."""
        return (urlsplit(self.api_url).hostname or "spotify") if self.api_key else "spotify"


@dataclass(frozen=True, slots=True)
class LastfmSettings:
    """Where last.fm is found, and the API account.

    Attributes
    ----------
    api_url : str
    api_key, api_secret : Secret
        The latter may be empty.
    """

    api_url: str
    api_key: Secret
    api_secret: Secret

    @property
    def account(self) -> str:
        """A hash of whom the service counts requests of."""
        return short_hash(self.api_key.reveal())


def short_hash(text: str) -> str:
    """Return what tells texts apart, and tells nothing of them: 32 bits of a SHA-256.

    >>> short_hash("id")
    'a5614527'
    """
    return sha256(text.encode()).hexdigest()[:8]


def load_env_file(path: Path) -> None:
    """Add the settings in `path` to the environment, which wins where both name one.

    Without such a file nothing is added.

    Raises
    ------
    InputError
        If it cannot be read, or a line is no setting.
    """
    if not path.is_file():
        if os.path.lexists(path):
            raise InputError(f"cannot read the settings in {path}: it is no file")
        return
    try:
        make_private(path)
        _require_settings(path)
        load_dotenv(path, override=False)
    except (OSError, ValueError) as error:  # not UTF-8, or no name or value that there can be
        raise InputError(
            f"cannot read the settings in {path}: {error}; expected lines of NAME=value"
        ) from error


def _require_settings(path: Path) -> None:
    """Raise `ValueError` for the first line that is no setting, without what it holds."""
    with path.open(encoding="utf-8") as file:
        broken = next((each for each in parse_stream(file) if _is_broken(each)), None)
    if broken:
        text = broken.original.string
        n_blank = text[: len(text) - len(text.lstrip())].count("\n")
        line = broken.original.line + n_blank
        raise ValueError(f"line {line} is none, or has a quote that nothing closes")


def _is_broken(binding: Binding) -> bool:
    """Say whether what should be a setting is none; a name alone is one without a value."""
    return binding.error or (binding.value is None and ":" in (binding.key or ""))


def make_private(path: Path) -> None:
    """Take from everybody but the owner the right to read `path`, where it is ours to take.

    A file system that is read-only, or knows no rights, refuses; `harvest doctor` tells of that.
    """
    mode = path.stat().st_mode
    if mode & 0o077 and path.stat().st_uid == os.geteuid():
        with suppress(OSError):
            path.chmod(mode & 0o700)


def spotify_settings() -> SpotifySettings:
    """Read Spotify's settings from the environment.

    Raises
    ------
    InputError
        If a credential is missing, or an address is not a safe one.
    """
    key = _text("SPOTIFY_API_KEY")
    if not key:
        need = ("SPOTIFY_CLIENT_ID", "SPOTIFY_CLIENT_SECRET")
        _require(need, "make an app at https://developer.spotify.com/dashboard")
    return SpotifySettings(
        api_url=_address("SPOTIFY_API_URL", SPOTIFY_API_URL),
        token_url=_address("SPOTIFY_TOKEN_URL", SPOTIFY_TOKEN_URL),
        client_id=_text("SPOTIFY_CLIENT_ID"),
        client_secret=Secret(_text("SPOTIFY_CLIENT_SECRET")),
        api_key=Secret(key) if key else None,
    )


def reccobeats_url() -> str:
    """Return where ReccoBeats is found; it needs no key.

    Raises
    ------
    InputError
        If the address is not a safe one.
    """
    return _address("RECCOBEATS_API_URL", RECCOBEATS_API_URL)


def lastfm_settings() -> LastfmSettings:
    """Read last.fm's settings from the environment.

    Raises
    ------
    InputError
        If the key is missing, or the address is not a safe one.
    """
    _require(("LASTFM_API_KEY",), "make an API account at https://www.last.fm/api/account/create")
    return LastfmSettings(
        api_url=_address("LASTFM_API_URL", LASTFM_API_URL),
        api_key=Secret(_text("LASTFM_API_KEY")),
        api_secret=Secret(_text("LASTFM_API_SECRET")),
    )


def _text(name: str) -> str:
    text = os.environ.get(name, "").strip()
    if not text.isprintable():
        raise InputError(f"{name} holds a line break or another invisible character")
    return text


def _require(names: tuple[str, ...], how: str) -> None:
    absent = [name for name in names if not _text(name)]
    if absent:
        raise InputError(
            f"{' and '.join(absent)} {'is' if len(absent) == 1 else 'are'} not set; "
            f"{how}, then set {'it' if len(absent) == 1 else 'them'} in the environment or in .env"
        )


def _address(name: str, default: str) -> str:
    """Return the address in `name`; credentials go over TLS, or stay on this machine."""
    url = _text(name) or default
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise InputError(f"{name} is {url!r}; expected an address such as {default}") from error
    if parts.username or parts.password:
        raise InputError(
            f"{name} holds a user name or a password; give the address alone, "
            "and credentials in the settings for them"
        )
    if "?" in url or "#" in url:
        raise InputError(
            f"{name} holds a query or a fragment; give the address up to the ? or # alone"
        )
    if parts.scheme not in {"http", "https"} or not _names_a_machine(parts):
        raise InputError(f"{name} is {url!r}; expected an address such as {default}")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise InputError(
            f"{name} is {url!r}, which would send credentials in the clear; use https "
            "(http is for this machine's own 127.0.0.1 alone)"
        )
    return url.rstrip("/") if name != "LASTFM_API_URL" else url


def _names_a_machine(parts: SplitResult) -> bool:
    """Say whether an address has a host, and a port if any, that there can be."""
    try:
        (parts.hostname or "").encode("idna")  # refuses labels that are empty or too long
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
