import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from typer.exceptions import TyperException

from model.cli import app
from model.errors import InputError

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory, made_up: Any) -> Path:
    playlists, songs = made_up.make_catalogue(n_playlists=300, n_songs=900)
    return Path(made_up.write_state(tmp_path_factory.mktemp("state"), playlists, songs))


def call(*arguments: object) -> None:
    app([str(argument) for argument in arguments], standalone_mode=False)


def test_a_set_is_made_answered_checked_and_scored(
    state: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call("challenge", "--make", "--state", state, "-o", tmp_path, "--playlists", 30)
    assert "too few playlists are long enough" in capsys.readouterr().out
    given, out = tmp_path / "challenge_set.json", tmp_path / "out.csv"
    team = ("--team", "we", "--email", "we@example.org", "--track", "creative")
    call("challenge", given, "--state", state, "-o", out, *team, "--recommender", "als")
    assert out.read_text().startswith(
        "# recommended by als\nteam_info,creative,we,we@example.org\n"
    )
    call("challenge", "--check", out, given)
    assert "is in order" in capsys.readouterr().out
    call("score", out, tmp_path / "truth.json.gz", "--definition", "rules", "--challenge", given)
    assert "as the rules' text defines figures" in capsys.readouterr().out
    call("score", out, tmp_path / "truth.json.gz", "--json")
    assert json.loads(capsys.readouterr().out)["definition"] == "code"


def test_a_set_is_made_beside_what_it_is_made_of(state: Path) -> None:
    call("challenge", "--make", "--state", state, "--playlists", "all", "--seed", 3)
    assert sorted(path.name for path in (state / "challenge").iterdir()) == [
        "challenge_set.json",
        "truth.json.gz",
    ]


def test_the_ranker_answers_until_a_comparison_found_a_better_one(
    state: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    names = []
    monkeypatch.setattr(
        "model.challenge_job.answer_challenge", lambda *_, name, **__: names.append(name)
    )
    call("challenge", "set.json", "-o", "out.csv", "--state", state)
    few = ("--recommenders", "popularity,audio", "--playlists", 10, "--part", "validation")
    call("compare", "--state", state, *few)
    call("challenge", "set.json", "-o", "out.csv", "--state", state)
    assert names == ["ranker", "popularity"]
    damaged = state / "results" / "compare-validation" / "compare.json"
    damaged.write_text("{")
    capsys.readouterr()
    call("challenge", "set.json", "-o", "out.csv", "--state", state)
    assert names[2] == "ranker"
    assert f"cannot read {damaged}: ranker recommends" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["challenge"],
            "name a challenge set, as in `model challenge CHALLENGE.json -o OUT.csv.gz`",
        ),
        (["challenge", "set.json"], "-o OUT.csv.gz"),
        (["challenge", "set.json", "-o", "out.gz", "--recommender", "magic"], "'magic'"),
        (["challenge", "set.json", "-o", "out.gz", "--team", "a,b"], "without commas"),
        (["challenge", "set.json", "-o", "out.gz", "--track", "side"], "--track"),
        (["challenge", "--check", "out.gz"], "`model challenge --check out.gz SET`"),
        (["challenge", "--make", "--recommender", "als"], "--make takes no recommender"),
        (["challenge", "set.json", "--check", "out.gz", "-o", "x"], "--check takes no output"),
        (["challenge", "--make", "set.json"], "--make takes no challenge set"),
        (["challenge", "--make", "--team", "we"], "--make takes no team"),
        (["challenge", "--make", "--track", "creative"], "--make takes no track"),
        (["challenge", "set.json", "--check", "x", "--email", "a@b"], "--check takes no email"),
        (["challenge", "set.json", "--check", "x", "--playlists", "9"], "takes no playlists"),
        (["challenge", "set.json", "-o", "x", "--playlists", "9"], "says how many --make cuts"),
        (["challenge", "--make", "-o", "-"], "nothing goes to standard output"),
        (["challenge", "--make", "--playlists", "some"], "'--playlists': 'some' is neither"),
        (["challenge", "--make", "--playlists", "0"], "neither a whole number from 1 nor all"),
        (
            ["challenge", "--make", "--playlists", "9" * 5_000],
            "neither a whole number from 1 nor all",
        ),
        (["challenge", "--make", "--seed", "-1"], "--seed"),
        (["score", "out.gz", "truth.json"], "cannot read truth.json"),
        (["score", "out.gz", "truth.json", "--definition", "mine"], "--definition"),
    ],
)
def test_wrong_usage_is_explained(arguments: list[str], words: str) -> None:
    with pytest.raises((InputError, TyperException)) as caught:
        call(*arguments)
    error = caught.value
    assert words in (error.format_message() if isinstance(error, TyperException) else str(error))


def test_wrong_input_ends_in_one_line_and_code_2(run_model: Run, tmp_path: Path) -> None:
    done = run_model("challenge", "set.json", "-o", tmp_path / "out.gz")
    assert done.returncode == 2
    assert done.stderr == "model: cannot read set.json: No such file or directory\n"
    assert not list(tmp_path.iterdir())
