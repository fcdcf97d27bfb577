import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture(scope="module")
def state(small_state: Path, library: object) -> Path:
    """A state that is ready."""
    return small_state


def test_a_list_is_printed_with_reasons_and_written(
    state: Path, tmp_path: Path, run_model: Run
) -> None:
    path = tmp_path / "list.txt"
    done = run_model(
        *("generate", "Radiohead - Creep", "--uri", f"spotify:track:{4:022d}", "-n", 2),
        *("--state", state, "-o", path, "--title", "road trip", "--seed", 3, "--diversity", 0.2),
    )
    assert done.returncode == 0, done.stderr
    assert "2 songs for “road trip”: Radiohead – Creep, The Beatles – Yesterday" in done.stdout
    assert "plays together with" in done.stdout
    assert "similar playlists" in done.stdout
    assert f"written to {path}" in done.stderr
    assert len(path.read_text().split()) == 2


def test_names_are_shown_as_they_are_and_control_nothing(state: Path, run_model: Run) -> None:
    done = run_model("generate", "--uri", f"spotify:track:{8:022d}", "-n", 1, "--state", state)
    assert "<b>Nobody</b> – [bold]Un[31mheard" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["Radiohead - Karma"], "did you mean “Radiohead – Karma Police”"),
        (["zzzz"], "and none spelt like it"),
        ([], "nothing to go by"),
        (["--uri", "x"], "no song with the URI x"),
        (["Creep", "-o", "list.mp3"], "expected .m3u8, .jspf, .csv, .txt"),
        (["Creep", "-o", "{state}/tables/list.csv"], "over what the state keeps in"),
        (["--title", "x", "--recommender", "als"], "als needs a song to go by"),
        (["Creep", "--recommender", "als", "-o", "none/list.csv"], "no directory none; make it"),
        (["Creep", "--recommender", "als", "--share", "0.2"], "--share is of --recommender blend"),
        (["zzzz", "--recommender", "als"], "and none spelt like it"),
        (["--uri", "x", "--recommender", "als"], "no song with the URI x"),
        (["Creep", "-n", "0"], "-n"),
        (["Creep", "--diversity", "2"], "--diversity"),
        (["Creep", "--recommender", "magic"], "no recommender 'magic'"),
        (["Creep", "--recommender", ""], "no recommender ''"),
    ],
)
def test_wrong_wishes_end_in_one_line(
    state: Path, run_model: Run, arguments: list[str], words: str
) -> None:
    placed = (one.format(state=state) for one in arguments)
    done = run_model("generate", *placed, "--state", state)
    assert done.returncode == 2
    assert words in done.stderr.splitlines()[-1]
    assert done.stdout == ""
    assert "fitting" not in done.stderr


def test_any_recommender_makes_a_list_and_is_fitted_once(state: Path, run_model: Run) -> None:
    wish = ("generate", "Karma Police", "-n", 1, "--recommender", "ridge", "--state", state)
    first, second = run_model(*wish), run_model(*wish)
    assert first.returncode == 0, first.stderr
    assert "ridge: fitting on 5 playlists" in first.stderr
    assert "ridge" not in second.stderr
    assert second.stdout == first.stdout


@pytest.mark.parametrize(("method", "is_noted"), [("playlists", True), ("blend", False)])
def test_a_title_that_nobody_reads_is_noted(
    state: Path, run_model: Run, *, method: str, is_noted: bool
) -> None:
    wish = ("Karma Police", "--title", "chill", "--recommender", method, "-n", 1)
    done = run_model("generate", *wish, "--state", state)
    assert done.returncode == 0
    note = f"model: {method} reads no titles; the title only names the list"
    assert (note in done.stderr.splitlines()) is is_noted


def test_a_state_without_playlists_says_what_to_run(tmp_path: Path, run_model: Run) -> None:
    done = run_model("generate", "Creep", "--state", tmp_path)
    assert done.returncode == 2
    assert "run `harvest mpd PATH`" in done.stderr


def test_an_answer_waits_for_no_compiler_and_no_frames(state: Path) -> None:
    heavy = ("numba", "pandas", "pyarrow", "scipy", "sklearn", "matplotlib")
    program = (
        f"import sys; sys.argv[1:] = ['generate', 'Creep', '--state', {str(state)!r}]\n"
        "from model import cli\n"
        "try: cli.main()\n"
        f"finally: print([name for name in {heavy} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stderr.splitlines()[-1] == "[]"


def test_a_damaged_comparison_is_said_once_and_a_list_is_made(
    state: Path, tmp_path: Path, run_model: Run
) -> None:
    own = Path(shutil.copytree(state, tmp_path / "state"))
    path = own / "results" / "compare-test" / "compare.json"
    path.parent.mkdir(parents=True)
    path.write_text("{")
    done = run_model("generate", "Karma Police", "-n", 1, "--state", own)
    assert done.returncode == 0
    (line,) = (one for one in done.stderr.splitlines() if "compare.json" in one)
    assert line.startswith(f"model: cannot read {path}: blend recommends")


@pytest.mark.parametrize(
    ("best", "rest"), [("playlists", ""), ("ridge", "; --recommender blend is quicker")]
)
def test_the_blend_is_called_quicker_than_what_has_to_be_fitted_alone(
    state: Path, tmp_path: Path, run_model: Run, best: str, rest: str
) -> None:
    own = Path(shutil.copytree(state, tmp_path / "state"))
    path = own / "results" / "compare-test" / "compare.json"
    path.parent.mkdir(parents=True)
    of_all = {"definition": "code", "category": -1, "metric": "ndcg"}
    rows = [of_all | {"recommender": one, "mean": mean} for one, mean in ((best, 1), ("als", 0))]
    about = {"definition": "code", "n_playlists": 100}
    path.write_text(json.dumps(about | {"tables": {"quality": rows}}))
    done = run_model("generate", "Karma Police", "-n", 1, "--state", own)
    (line,) = (one for one in done.stderr.splitlines() if "the best of" in one)
    assert line == f"model: {best}, the best of 2 by NDCG on 100 test playlists, recommends{rest}"


def test_a_port_in_use_is_said_before_anything_is_made(tmp_path: Path, run_model: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = run_model("serve", "--port", port, "--state", tmp_path / "nothing there")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert f"port {port} is in use" in line
