"""The services that are set up, and what one question to each of them shows."""

import asyncio
import os
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import aiohttp

from harvest import config, plan
from harvest.auth import spotify_sender
from harvest.database import runs
from harvest.doctoring.probing import Answer, Authorise, probe
from harvest.errors import (
    EXIT_CREDENTIALS,
    EXIT_INPUT,
    EXIT_POSTPONED,
    CredentialsRefused,
    Forbidden,
    HarvestError,
    InputError,
    RateLimited,
    TransientError,
)
from harvest.machine.surroundings import Mark, Sign
from harvest.patience.unjoined import UnjoinedThreads
from harvest.source import Source
from harvest.sources.lastfm import LastfmTracks
from harvest.sources.reccobeats import ReccoBeatsFeatures
from harvest.sources.spotify import SpotifyFeatures
from harvest.texts.secrecy import LEAST_LETTERS, is_told_from_words
from harvest.transport import HttpSender, Sender, session
from harvest.worklist import Task

TIMEOUT = aiohttp.ClientTimeout(total=10)
SPOTIFY_CREDENTIALS = ("SPOTIFY_CLIENT_ID", "SPOTIFY_CLIENT_SECRET", "SPOTIFY_API_KEY")
LASTFM_CREDENTIALS = ("LASTFM_API_KEY", "LASTFM_API_SECRET")
SENT_AS_THEY_ARE = ("SPOTIFY_API_KEY", "LASTFM_API_KEY")


def _without_token(sender: Sender) -> Sender:
    return sender


@dataclass(frozen=True, slots=True)
class Service:
    """A service that is set up, and how it is asked.

    Attributes
    ----------
    name : str
        As its errors have it.
    source : Source
    authorise : callable
        Wraps a sender.
    account : str
        As of `Job`.
    """

    name: str
    source: Source
    authorise: Authorise = _without_token
    account: str = ""

    @property
    def asked(self) -> runs.Service:
        """Who is asked, and by whom, as waits are stored."""
        provider = self.source.provider
        return runs.Service.at(self.source.address, provider=provider, account=self.account)


def spotify() -> Service:
    """Return Spotify, or the service of its shape, as it is set; else raise `InputError`."""
    settings = config.spotify_settings()
    source = SpotifyFeatures(settings.api_url, provider=settings.provider)
    authorise = partial(spotify_sender, settings, patience_s=0.0)
    return Service("Spotify", source, authorise, settings.account)


def lastfm() -> Service:
    """Return last.fm as it is set; else raise `InputError`."""
    settings = config.lastfm_settings()
    return Service("last.fm", LastfmTracks(settings), account=settings.account)


def reccobeats() -> Service:
    """Return ReccoBeats, which needs no credentials; raise `InputError` for a wrong address."""
    return Service("ReccoBeats", ReccoBeatsFeatures(config.reccobeats_url()))


def set_up() -> tuple[list[Service], list[Sign]]:
    """Return the services that are set up, and a sign for each that is not.

    That a service has no credentials is no fault, unless no service has any.
    """
    services, signs = [], []
    for name, make, variables in (
        ("Spotify", spotify, SPOTIFY_CREDENTIALS),
        ("last.fm", lastfm, LASTFM_CREDENTIALS),
        ("ReccoBeats", reccobeats, None),
    ):
        is_wanted = variables is None or _any_set(variables)
        try:
            services.append(make())
        except InputError as error:
            signs.append(_not_set_up(name, error, is_wanted=is_wanted))
    signs += [_hard_to_hide(name) for name in SENT_AS_THEY_ARE if _is_hard_to_hide(name)]
    if not _any_set((*SPOTIFY_CREDENTIALS, *LASTFM_CREDENTIALS)):
        signs.append(_nothing_set_up())
    return services, signs


async def ask(
    services: Sequence[Service], task: Task, *, clock: Callable[[], float] = time.time
) -> dict[str, Answer]:
    """Ask all `services` for one track at the same time; return what came of it, by name."""
    # A name that nobody resolves would hold the end of it, and Ctrl-C, for half a minute.
    asyncio.get_running_loop().set_default_executor(UnjoinedThreads())
    async with session(len(services), timeout=TIMEOUT) as http:
        sender = HttpSender(http)
        answers = await asyncio.gather(
            *(
                probe(one.source, task, sender=sender, authorise=one.authorise, clock=clock)
                for one in services
            )
        )
    return dict(zip((each.name for each in services), answers, strict=True))


def judge(name: str, answer: Answer, *, is_needed: bool) -> Sign:
    """Return what `answer` means; what is not needed is no fault."""
    error = answer.error
    if error is None:
        return Sign(Mark.GOOD, name, f"answers, {_batch(answer.batch_size)}")
    if not is_needed:
        return Sign(Mark.NOTE, name, _advice(error))
    return Sign(Mark.BAD, name, _advice(error), _exit_code(error))


def _any_set(variables: Iterable[str]) -> bool:
    return any(os.environ.get(name, "").strip() for name in variables)


def _not_set_up(name: str, error: InputError, *, is_wanted: bool) -> Sign:
    if is_wanted:
        return Sign(Mark.BAD, name, str(error), EXIT_INPUT)
    return Sign(Mark.NOTE, name, f"not set up: {error}")


def _nothing_set_up() -> Sign:
    text = "none are set; set those of Spotify or last.fm, or use `--provider reccobeats`"
    return Sign(Mark.BAD, "credentials", text, EXIT_INPUT)


def _is_hard_to_hide(name: str) -> bool:
    key = os.environ.get(name, "").strip()
    return bool(key) and not is_told_from_words(key)


def _hard_to_hide(name: str) -> Sign:
    text = (
        f"has fewer than {LEAST_LETTERS} characters: where a service repeats it in an error's "
        "text, nothing tells it from words, and it is shown and stored there"
    )
    return Sign(Mark.NOTE, name, text)


def _batch(size: int) -> str:
    return f"up to {size} tracks in one request" if size > 1 else "one track in one request"


def _advice(error: HarvestError) -> str:
    """Return what to tell the user of an error."""
    if isinstance(error, RateLimited):
        wait_s = error.retry_after_s
        return f"{error}; try again {f'in {plan.duration(wait_s)}' if wait_s else 'later'}"
    if isinstance(error, TransientError):
        return f"{error}; check the network, or try again later"
    return str(error)


def _exit_code(error: HarvestError) -> int:
    if isinstance(error, CredentialsRefused | Forbidden):
        return EXIT_CREDENTIALS
    return EXIT_POSTPONED if isinstance(error, TransientError) else EXIT_INPUT
