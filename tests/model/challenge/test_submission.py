import gzip
from io import BytesIO
from pathlib import Path

import pytest

from model.challenge.submission import Team, read_submission, write_submission
from model.errors import InputError

URIS = [f"spotify:track:{number:022d}" for number in range(500)]
SEEDS = {1: frozenset({"spotify:track:seed"}), 2: frozenset[str]()}
TEAM = "team_info,main,us,us@example.org"


def line(pid: object, uris: list[str] = URIS, comma: str = ",") -> str:
    return comma.join([str(pid), *uris])


def read(path: Path, *lines: str, end: str = "\n") -> list[tuple[int, list[str]]]:
    path.write_bytes(end.join(lines).encode())
    return list(read_submission(path, SEEDS))


def test_playlists_come_in_the_order_of_the_file(tmp_path: Path) -> None:
    assert read(tmp_path / "a.csv", TEAM, line(2), line(1)) == [(2, URIS), (1, URIS)]


@pytest.mark.parametrize(
    "lines",
    [
        ("# hello", "", TEAM, "#, 1, 2", line(2), "", line(1), ""),
        ("team_info , creative , us , us@example.org", line(2, comma=" , "), line(1, comma=", ")),
        ("team_info,us,main,us@example.org", line(2), line(1)),
        ("team_info,us,us@example.org", line(2), line(1)),
        ("\ufeff" + TEAM, line(2), line(1)),
    ],
    ids=["comments", "blanks", "track second", "no track, as since 2020", "byte order mark"],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_way_of_writing_that_the_organisers_allow_is_read(
    tmp_path: Path, lines: tuple[str, ...], end: str
) -> None:
    assert [pid for pid, _ in read(tmp_path / "a.csv", *lines, end=end)] == [2, 1]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ((), "is empty; expected team_info,main,TEAM NAME,E-MAIL"),
        (("# only", ""), "is empty"),
        ((line(1), line(2)), "line 1 is '1,spotify.*…'; expected team_info"),
        (("team_info,other,us,us@example.org",), "line 1 is 'team_info,other"),
        (("team_info,main,,",), "line 1 is 'team_info,main,,'"),
        (("team_info",), "line 1 is 'team_info'"),
        ((TEAM, "", line("x")), "line 3 begins with 'x'; expected a pid and 500"),
        ((TEAM, line("1_0")), "line 2 begins with '1_0'"),
        ((TEAM, line("٣")), "line 2 begins with '٣'"),
        ((TEAM, line(1), line(1)), r"line 3: pid 1 is that of .*, line 2 too"),
        ((TEAM, line(1)), "1 playlist is missing, the first with pid 2"),
        ((TEAM, line(1, URIS[:499])), "line 2: pid 1 has 499 tracks"),
        ((TEAM, line(1) + ","), "line 2: pid 1 has 501 tracks"),
    ],
)
def test_faults_are_named_with_file_line_and_what_was_expected(
    tmp_path: Path, lines: tuple[str, ...], words: str
) -> None:
    with pytest.raises(InputError, match=words) as caught:
        read(tmp_path / "a.csv", *lines)
    assert str(tmp_path / "a.csv") in str(caught.value)
    assert "expected" in str(caught.value)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    file = BytesIO()
    write_submission(file, Team(), [(2, URIS), (1, URIS)], SEEDS, comment="by nobody")
    assert file.getvalue().startswith(b"# by nobody\nteam_info,main,my team,name@example.org\n2,")
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(file.getvalue()))
    assert list(read_submission(path, SEEDS)) == [(2, URIS), (1, URIS)]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([(1, URIS[:-1])], "the list for pid 1: pid 1 has 499 tracks"),
        ([(1, URIS)], "the submission: 1 playlist is missing"),
    ],
)
def test_nothing_is_written_that_would_not_be_accepted(
    rows: list[tuple[int, list[str]]], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        write_submission(BytesIO(), Team(), rows, SEEDS, comment="")


@pytest.mark.parametrize(
    ("name", "email"),
    [("a,b", "a@b"), ("", "a@b"), (" ", "a@b"), ("us", "a\nb"), ("us", ""), ("\udcff", "a@b")],
)
def test_a_team_that_would_break_the_line_is_refused(name: str, email: str) -> None:
    with pytest.raises(InputError, match="expected some text without commas"):
        Team(name, email)


def test_blanks_around_a_teams_name_and_address_are_not_handed_in() -> None:
    assert (
        Team(" us ", " us@example.org ", "creative").line == "team_info,creative,us,us@example.org"
    )


def test_a_list_that_is_short_for_a_broken_archive_is_called_so(tmp_path: Path) -> None:
    # Stored as it is, so that one byte more or less changes one letter alone.
    packed = gzip.compress("\n".join([TEAM, line(1), line(2)]).encode(), compresslevel=0, mtime=0)
    path = tmp_path / "a.csv.gz"
    path.write_bytes(packed.replace(b",spotify:track:00", b"-spotify:track:00", 1))
    with pytest.raises(InputError, match=r"is gzipped and broken or cut off .*; get it again"):
        list(read_submission(path, SEEDS))
    path.write_bytes(gzip.compress("\n".join([TEAM, line(1, URIS[:499])]).encode()))
    with pytest.raises(InputError, match="line 2: pid 1 has 499 tracks"):
        list(read_submission(path, SEEDS))
