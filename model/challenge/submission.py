"""Submissions: 500 tracks for each playlist of a challenge set, as the organisers read them."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from model.challenge.checks import SubmissionChecker
from model.challenge.files import check_whole, read_lines, shown
from model.errors import InputError

TRACKS = ("main", "creative")
"""Parts of the challenge: with the dataset alone, or with other sources too."""

CHOSEN_BY_TEST = "chosen by test playlists"
"""What a comment says where figures of the test part decided who recommends."""

_ODD = re.compile(r"[,\x00-\x1f\x85\u2028\u2029\ud800-\udfff]")
"""Commas, what ends a line, and bytes that were no text."""
_PID = re.compile(r"[0-9]{1,18}")
_FIRST_LINE = "team_info,main,TEAM NAME,E-MAIL as the first line (or creative for main)"
_LINE = "a pid and 500 track URIs with commas between them"


@dataclass(frozen=True, slots=True)
class Team:
    """Who hands in a submission.

    Parameters
    ----------
    name, email : str
        Without commas and line ends.
    track : {"main", "creative"}

    Raises
    ------
    InputError
        If one of them is empty or would break the line.
    """

    name: str = "my team"
    email: str = "name@example.org"
    track: str = "main"

    def __post_init__(self) -> None:
        for what, text in (("team", self.name), ("email", self.email)):
            if not text.strip() or _ODD.search(text):
                msg = f"--{what} {shown(text)}; expected some text without commas and line ends"
                raise InputError(msg)

    @property
    def line(self) -> str:
        """The first line of a submission."""
        return f"team_info,{self.track},{self.name.strip()},{self.email.strip()}"


def read_submission(
    path: Path,
    seeds: Mapping[int, AbstractSet[str]],
    *,
    on_comment: Callable[[str], None] | None = None,
) -> Iterator[tuple[int, list[str]]]:
    """Read a submission, gzipped or not, and check it on the way; the whole once it is read.

    Lines that are empty or begin with # are passed over; blanks around commas do not count. The
    first line may lack the track, as since 2020, or have it behind the team's name.

    Parameters
    ----------
    path : Path
    seeds : mapping of int to set of str
        Seeds of each playlist of the challenge set, by pid.
    on_comment : callable, optional
        Takes each line that begins with #.

    Yields
    ------
    pid : int
    uris : list of str, length 500

    Raises
    ------
    InputError
        Naming the line, what it holds and what was expected.
    """
    try:
        yield from _checked_lines(path, SubmissionChecker(seeds), on_comment)
    except InputError:
        if path.is_file():  # A pipe is read once alone.
            check_whole(path)  # What was broken on its way is not the fault of who wrote it.
        raise


def write_submission(
    file: IO[bytes],
    team: Team,
    rows: Iterable[tuple[int, list[str]]],
    seeds: Mapping[int, AbstractSet[str]],
    *,
    comment: str,
) -> None:
    """Write a submission, each playlist checked before it is written, and the whole at the end.

    Parameters
    ----------
    file : binary file
    team : Team
    rows : iterable of (int, list of str)
        pid and 500 track URIs, best first.
    seeds : mapping of int to set of str
        Seeds of each playlist of the challenge set, by pid.
    comment : str
        One line.

    Raises
    ------
    InputError
        If it would not be accepted; what is written so far is to be thrown away.
    """
    checker = SubmissionChecker(seeds)
    file.write(f"# {comment}\n{team.line}\n".encode())
    for pid, uris in rows:
        checker.check(f"the list for pid {pid}", pid, uris)
        file.write(f"{pid},{','.join(uris)}\n".encode())
    checker.finish("the submission")


def _checked_lines(
    path: Path, checker: SubmissionChecker, on_comment: Callable[[str], None] | None
) -> Iterator[tuple[int, list[str]]]:
    lines = _without_comments(path, on_comment)
    _check_team(path, next(lines, None))
    for number, line in lines:
        where = f"{path}, line {number}"
        pid, *uris = (field.strip() for field in line.split(","))
        if not _PID.fullmatch(pid):
            msg = f"{where} begins with {shown(pid)}; expected {_LINE}"
            raise InputError(msg)
        checker.check(where, int(pid), uris)
        yield int(pid), uris
    checker.finish(str(path))


def _without_comments(
    path: Path, on_comment: Callable[[str], None] | None
) -> Iterator[tuple[int, str]]:
    for number, line in read_lines(path):
        if line.startswith("#"):
            if on_comment is not None:
                on_comment(line)
        elif line:
            yield number, line


def _check_team(path: Path, first: tuple[int, str] | None) -> None:
    if first is None:
        msg = f"{path} is empty; expected {_FIRST_LINE}"
        raise InputError(msg)
    number, line = first
    fields = [field.strip() for field in line.split(",")]
    has_track = len(fields) == 4 and bool({*TRACKS} & {*fields[1:3]})
    if fields[0] != "team_info" or not (has_track or len(fields) == 3) or not all(fields):
        msg = f"{path}, line {number} is {shown(line)}; expected {_FIRST_LINE}"
        raise InputError(msg)
