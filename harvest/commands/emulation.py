"""The commands that need no service: `emulate`, `catalogue`, `demo`."""

from pathlib import Path
from typing import Annotated

import typer

from harvest.amounts import amount
from harvest.commands.options import Playlists, Seed, share, whole
from harvest.emulator import DEFAULT_PLAYLISTS, DEFAULT_SEED, PLAIN_SHARE
from harvest.errors import InputError

app = typer.Typer()


@app.command()
def emulate(
    port: Annotated[
        int, typer.Option(parser=whole(0, 65535), metavar="N", help="0 picks a free one.")
    ] = 0,
    tables: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Serve the tracks of these tables.")
    ] = None,
    features: Annotated[
        Path | None, typer.Option(metavar="CSV", help="Serve these audio features.")
    ] = None,
    tags: Annotated[
        Path | None, typer.Option(metavar="CSV", help="Serve these artists' tags.")
    ] = None,
    faults: Annotated[
        str | None, typer.Option(metavar="NAME", help="Fail in this way; several: a,b.")
    ] = None,
    playlists: Playlists = DEFAULT_PLAYLISTS,
    seed: Seed = DEFAULT_SEED,
    plain_share: Annotated[
        float,
        typer.Option(
            parser=share,
            metavar="N",
            help="Of the tables' titles with a suffix such as '- Remastered 2011', the share that "
            "last.fm knows without it alone.",
        ),
    ] = PLAIN_SHARE,
    state: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Serve the tracks of this state's tables, if it has any."),
    ] = None,
    https: Annotated[
        bool, typer.Option("--https", help="Serve https, under a certificate made for this run.")
    ] = False,
    ca_file: Annotated[
        Path | None,
        typer.Option(
            metavar="PEM", help="Write here what clients trust it by; default a temporary file."
        ),
    ] = None,
) -> None:
    """Stand in for Spotify, ReccoBeats and last.fm, on this machine alone.

    Without tables it serves the made-up catalogue that `harvest catalogue` writes. When ready it
    prints one line of JSON with its addresses. With --https that line names a ca_file too: clients
    that have SSL_CERT_FILE set to it trust the certificate.
    """
    from harvest.emulator.server import run

    if ca_file and not https:
        raise InputError("--ca-file is of use with --https alone; add that, or leave it out")
    if tables is None and state and (state / "tables").is_dir():
        tables = state / "tables"
    run(
        port=port,
        tables=tables,
        features=features,
        tags=tags,
        faults=faults,
        seed=seed,
        n_playlists=playlists,
        plain_share=plain_share,
        is_https=https,
        ca_file=ca_file,
    )


@app.command()
def catalogue(
    path: Annotated[Path, typer.Argument(help="The zip to write; without .zip a folder.")],
    playlists: Playlists = DEFAULT_PLAYLISTS,
    seed: Seed = DEFAULT_SEED,
) -> None:
    """Write a small made-up Million Playlist Dataset, to try things with."""
    from harvest.emulator.catalogue.dataset import write_mpd

    write_mpd(path, n_playlists=playlists, seed=seed)
    print(f"{path}: {amount(playlists, 'made-up playlist')}")


@app.command()
def demo(
    state: Annotated[Path, typer.Option(metavar="DIR", help="Made anew.")] = Path("state/demo"),
    playlists: Playlists = DEFAULT_PLAYLISTS,
) -> None:
    """Run the main job on a made-up catalogue: no credentials, no network."""
    from harvest.demo import run

    run(state, n_playlists=playlists)
