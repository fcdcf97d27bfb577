import inspect

import pytest

from harvest.store import Store
from harvest.worklist import Change, Commit, State, Tally
from tests.harvest.fakes import ID, record, task


@pytest.fixture
def state(store, tmp_path):
    """A closed state in which one track is dead and one is done."""
    changes = [Change([task(0)], State.DEAD, 0, 5, error="why"), Change([task(1)], State.DONE, 1)]
    commit = Commit(changes, [record(ID(1))])
    store.commit("spotify", [commit], provider="spotify", run_id=1, tally=Tally())
    store.close()
    return tmp_path / "state"


@pytest.mark.parametrize(
    "options",
    [
        ["--batch", 0],
        ["--batch", 101],
        ["--rate", 0],
        ["--rate", "nan"],
        ["--rate", -1],
        ["--rate", "1e-320"],
        ["--concurrency", 0],
        ["--daily-budget", 0],
        ["--max-wait", -1],
        ["--provider", "nobody"],
    ],
)
def test_an_option_out_of_range_is_one_line_and_exit_code_2(options, harvest):
    code, out, err = harvest("spotify", *options)
    assert code == 2
    assert not out
    assert len(err.splitlines()) == 1
    assert str(options[1]) in err


def test_dead_tracks_are_given_another_chance(harvest, state):
    assert harvest("retry-dead", "spotify", "--state", state) == (
        0,
        "spotify: 1 dead track is pending again\n",
        "",
    )
    with Store.open(state) as store:
        assert store.counts("spotify").dead == 0


def test_a_state_without_a_job_has_no_dead_tracks_and_is_not_made(harvest, tmp_path):
    code, _, err = harvest("retry-dead", "spotify", "--state", tmp_path / "typo")
    assert (code, len(err.splitlines())) == (2, 1)
    assert "typo/harvest.db does not exist" in err
    assert not (tmp_path / "typo").exists()


@pytest.mark.parametrize("command", ["status", "verify", "spotify", "doctor"])
def test_a_state_without_a_name_is_refused(command, harvest):
    code, out, err = harvest(command, "--state", "")
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert "names no folder" in err


def test_a_file_has_no_status(harvest, tmp_path):
    (tmp_path / "file").touch()
    code, out, err = harvest("status", "--state", tmp_path / "file")
    assert (code, out, "is a file; expected a folder" in err) == (2, "", True)


def test_a_provider_has_a_name(harvest, state):
    code, _, err = harvest("import", "x.csv", "--provider", " ", "--state", state)
    assert (code, "' ' is no name" in err) == (2, True)


@pytest.mark.parametrize("provider", ["mine\n", "mi\x1b[31mne", "mi\tne", "mine\u2028too"])
def test_a_provider_s_name_holds_no_control_characters(harvest, state, provider):
    code, out, err = harvest("import", "x.csv", "--provider", provider + "x", "--state", state)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert f"{provider + 'x'!r} is no name: expected printable characters alone" in err


def test_a_job_that_does_not_exist_has_no_dead_tracks(harvest):
    code, _, err = harvest("retry-dead", "everything")
    assert code == 2
    assert "spotify" in err


def test_rejected_rows_are_counted_and_the_first_are_shown_with_their_lines(harvest, state):
    path = state / "mine.csv"
    names = [name for name in record("x").__struct_fields__ if name != "spotify_id"]
    row = [str(getattr(record("x"), name)) for name in names]
    lines = [",".join(["id", *names]), ",".join([ID(2), *row])]
    lines += [",".join([ID(n), "7.5", *row[1:]]) for n in range(3, 28)]
    path.write_text("\n".join(lines))
    code, out, err = harvest("import", path, "--state", state)
    assert code == 0
    assert "26 rows read: 1 stored, 0 kept as another provider gave them, 25 rejected" in out
    assert "line 3: danceability is '7.5'; expected 0 to 1" in err
    assert "5 more rows rejected" in err
    assert len(err.splitlines()) == 21


def test_files_of_which_no_row_can_be_used_are_wrong_input(harvest, state):
    path = state / "mine.csv"
    names = [name for name in record("x").__struct_fields__ if name != "spotify_id"]
    row = [str(getattr(record("x"), name)) for name in names]
    lines = [",".join(["id", *names]), *(",".join([ID(n), "7.5", *row[1:]]) for n in (3, 4))]
    path.write_text("\n".join(lines))
    code, out, err = harvest("import", path, "--state", state)
    assert (code, out) == (2, "")
    assert err.splitlines()[-1] == (
        f"harvest: nothing is stored: 2 rows read, none of them usable; the first is {path}, "
        "line 2: danceability is '7.5'; expected 0 to 1"
    )


def test_a_file_without_rows_is_not_wrong(harvest, state):
    path = state / "mine.csv"
    path.write_text(",".join(record("x").__struct_fields__))
    code, out, _ = harvest("import", path, "--state", state)
    assert (code, out.startswith("0 rows read")) == (0, True)


def test_another_provider_s_row_is_kept_unless_asked_otherwise(harvest, state):
    path = state / "mine.csv"
    names = [name for name in record("x").__struct_fields__ if name != "spotify_id"]
    row = [str(getattr(record("x"), name)) for name in names]
    path.write_text("\n".join([",".join(["id", *names]), ",".join([ID(1), *row])]))
    assert "0 stored, 1 kept" in harvest("import", path, "--state", state)[1]
    assert "1 stored, 0 kept" in harvest("import", path, "--state", state, "--overwrite")[1]


def test_a_file_that_is_not_there_is_one_line(harvest, state):
    code, out, err = harvest("import", state / "nothing.csv", "--state", state)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert "nothing.csv" in err


def test_no_option_takes_a_secret():
    # What stands in an option can be read in the list of processes by everybody.
    from harvest.commands import gathering, own_playlists

    for command in gathering.app.registered_commands + own_playlists.app.registered_commands:
        names = set(inspect.signature(command.callback).parameters)
        assert "state" in names
        assert not {name for name in names if "key" in name or "secret" in name}
