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


def measured(state: Path, part: str, n_playlists: int, best: str) -> Path:
    """Write what `model compare` leaves, as far as it is looked at."""
    row = {"definition": "code", "category": -1, "metric": "ndcg"}
    means = {best: 0.3, "audio": 0.1}
    quality = [row | {"recommender": name, "mean": mean} for name, mean in means.items()]
    path = state / "results" / f"compare-{part}" / "compare.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    about = {"definition": "code", "n_playlists": n_playlists}
    path.write_text(json.dumps(about | {"tables": {"quality": quality}}))
    return path


def test_the_ranker_answers_until_a_comparison_found_a_better_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names, lines = [], []

    def take(*_: object, name: str, how: str, why: list[str], **__: object) -> None:
        names.append((name, how))
        lines.append("\n".join(why))

    def said() -> str:
        call("challenge", "set.json", "-o", "out.csv", "--state", tmp_path)
        return lines[-1]

    monkeypatch.setattr("model.submissions.job.answer_challenge", take)
    assert "ranker recommends: no `model compare` of 100 playlists is there" in said()
    measured(tmp_path, "test", 10, "als")
    assert "compare-test is of 10 playlists, of fewer than 100 the best is luck: ranker" in said()
    measured(tmp_path, "test", 1000, "als")
    words = said()
    assert "als, the best of 2 by NDCG on 1,000 test playlists, recommends" in words
    assert "figures of sets that --make cuts from these flatter it" in words
    validation = measured(tmp_path, "validation", 350, "ridge")
    words = said()
    assert "ridge, the best of 2 by NDCG on 350 validation playlists, recommends" in words
    assert "flatter" not in words
    validation.write_text("{")
    assert f"cannot read {validation}: als recommends" in said()
    by_test = ("als", "chosen by test playlists")
    assert names == [("ranker", ""), ("ranker", ""), by_test, ("ridge", ""), by_test]


def test_a_comparison_is_followed_and_a_score_says_where_it_chose_by_test_playlists(
    state: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call("challenge", "--make", "--state", state, "-o", tmp_path, "--playlists", 30)
    path = measured(state, "test", 100, "popularity")
    given, out = tmp_path / "challenge_set.json", tmp_path / "out.csv"
    call("challenge", given, "--state", state, "-o", out)
    path.unlink()
    first, _ = out.read_text().split("\n", 1)
    assert first == "# recommended by popularity, chosen by test playlists"
    capsys.readouterr()
    call("score", out, tmp_path / "truth.json.gz", "--json")
    (note,) = json.loads(capsys.readouterr().out)["notes"]
    assert "chosen by figures of test playlists" in note


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
