"""The commands of the RecSys Challenge 2018: `challenge`, `score`."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from model.commands.options import (
    DEFAULT_STATE,
    DEFAULTS,
    Seed,
    State,
    is_typed,
    playlists_option,
    progress,
)
from model.errors import InputError

if TYPE_CHECKING:
    from model.challenge.submission import Team
    from model.making.measured import Best

app = typer.Typer()

_SET_FORMAT = "challenge_set.json as the organisers wrote it, or as --make did; gzipped or not."

DEFAULT_RECOMMENDER = "ranker"
"""Who answers where no comparison says who is best."""

_OF_TEAM = "team", "email", "track"
"""What a submission says of who made it."""


class TrackName(StrEnum):
    """Part of the challenge."""

    MAIN = "main"
    CREATIVE = "creative"


class DefinitionName(StrEnum):
    """Whose formulas."""

    CODE = "code"
    RULES = "rules"


Definition = Annotated[
    DefinitionName,
    typer.Option(help="code: as the organisers computed. rules: as their text says."),
]


@app.command()
def challenge(
    context: typer.Context,
    challenge_set: Annotated[
        Path | None, typer.Argument(metavar="CHALLENGE", help=_SET_FORMAT)
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="The submission, gzipped unless its name ends in .csv; with --make a folder.  "
            "[default with --make: STATE/challenge]",
        ),
    ] = None,
    recommender: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Who recommends.  [default: the best in `model compare`, or ranker]",
        ),
    ] = None,
    make: Annotated[
        bool, typer.Option("--make", help="Cut a challenge set from the state's test playlists.")
    ] = False,
    check: Annotated[
        Path | None,
        typer.Option(metavar="SUBMISSION", help="Say whether CHALLENGE would accept this."),
    ] = None,
    playlists: Annotated[
        int, playlists_option("With --make: playlists, ten categories together.")
    ] = 10_000,
    team: Annotated[str, typer.Option(help="Name of the team.")] = "my team",
    email: Annotated[str, typer.Option(help="Address of the team.")] = "name@example.org",
    track: Annotated[TrackName, typer.Option(help="Part of the challenge.")] = TrackName.MAIN,
    random_state: Seed = DEFAULTS.random_state,
    state: State = DEFAULT_STATE,
) -> None:
    """Continue the playlists of a RecSys Challenge 2018 set; make such a set; check a submission.

    model challenge CHALLENGE -o OUT.csv.gz

    model challenge --make -o FOLDER

    model challenge --check SUBMISSION CHALLENGE

    A submission is checked before it is written. A set that --make cuts has ten categories of
    equally many playlists, and comes with a truth file for `model score`.
    """
    from model.submissions import job

    if make:
        _allow_alone(context, "--make", "challenge_set", "check", "recommender", *_OF_TEAM)
        folder = output or state / "challenge"
        job.make_challenge(state, folder, seed=random_state, n_playlists=playlists, say=progress())
    elif check is not None:
        _allow_alone(context, "--check", "output", "recommender", "playlists", *_OF_TEAM)
        job.check_submission(check, _named(challenge_set, f"model challenge --check {check} SET"))
    else:
        from model.challenge.submission import Team

        if is_typed(context, "playlists"):
            msg = "--playlists says how many --make cuts, and a set is answered as a whole: drop it"
            raise InputError(msg)
        given = _named(challenge_set, "model challenge CHALLENGE.json -o OUT.csv.gz")
        _answer(state, given, output, recommender, Team(team, email, track.value), random_state)


@app.command()
def score(
    submission: Annotated[Path, typer.Argument(help="A submission; gzipped or not.")],
    truth: Annotated[Path, typer.Argument(help="The truth that --make wrote.")],
    challenge_set: Annotated[
        Path | None,
        typer.Option("--challenge", help="The challenge set, for a truth that knows no seeds."),
    ] = None,
    definition: Definition = DefinitionName.CODE,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Print R-precision, NDCG and clicks of a submission, by category, with 95 % intervals."""
    from model.submissions.job import score_submission

    score_submission(submission, truth, challenge_set, definition=definition.value, as_json=as_json)


def _named(challenge_set: Path | None, command: str) -> Path:
    if challenge_set is None:
        msg = f"name a challenge set, as in `{command}`, or --make one"
        raise InputError(msg)
    return challenge_set


def _answer(
    state: Path,
    challenge_set: Path,
    output: Path | None,
    recommender: str | None,
    team: "Team",
    seed: int,
) -> None:
    from model.submissions.job import answer_challenge

    if output is None:
        msg = "name the submission that is to be written: -o OUT.csv.gz"
        raise InputError(msg)
    name, how, why = _named_recommender(state, recommender)
    answer_challenge(
        state,
        challenge_set,
        output,
        name=name,
        how=how,
        why=why,
        team=team,
        seed=seed,
        say=progress(),
    )


def _named_recommender(state: Path, wanted: str | None) -> tuple[str, str, list[str]]:
    """Name who recommends, what a submission says of the choice, and what is said of it."""
    from model.challenge.submission import CHOSEN_BY_TEST
    from model.making.measured import best_measured
    from model.recommenders.registry import make_recommender

    best = best_measured(state) if wanted is None else None
    name = wanted if wanted is not None else best.name if best else DEFAULT_RECOMMENDER
    make_recommender(name)  # there is none of this name: said before anything is read
    how = CHOSEN_BY_TEST if best and best.part == "test" else ""
    return name, how, _reasons(state, best) if wanted is None else []


def _reasons(state: Path, best: "Best | None") -> list[str]:
    """Say how the default came about, and what may surprise about it."""
    from model.making.measured import ENOUGH, passed_over, was_of_other_tables

    name = best.name if best else DEFAULT_RECOMMENDER
    lines = passed_over(state, name)
    if best is None:
        return [*lines, f"{name} recommends: no `model compare` of {ENOUGH} playlists is there"]
    lines.append(f"{best.words}, recommends")
    if best.part == "test":
        lines.append(
            "it was chosen by test playlists, and figures of sets that --make cuts from these "
            "flatter it; `model compare --part validation` chooses by others"
        )
    if was_of_other_tables(state):
        lines.append("that comparison was of other tables than the state holds now; run it again")
    return lines


def _allow_alone(context: typer.Context, option: str, *others: str) -> None:
    """Refuse what makes no sense beside an option."""
    for name in others:
        if is_typed(context, name):
            msg = f"{option} takes no {name.replace('_', ' ')}: give one of the two"
            raise InputError(msg)
