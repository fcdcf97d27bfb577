"""Parts: made once, whole or not there."""

import os
from pathlib import Path

import pyarrow as pa
import pytest

from harvest.sources.part_files import (
    keep_only,
    make_parts,
    part_path,
    read_part,
    tidy,
    write_part,
)
from tests.harvest.full_disk import room_for

TABLES = {"first": pa.table({"a": [1, 2]}), "second": pa.table({"b": ["x", None]})}


def make(piece: str, path: Path) -> None:
    write_part(path, {"first": pa.table({"piece": [piece]})})


def refuse(piece: str, path: Path) -> None:
    raise ValueError(piece)


def paths_in(folder, n):
    return [folder / f"{at}.part" for at in range(n)]


def test_part_is_read_as_it_was_written_all_of_it_or_its_first_tables(tmp_path):
    write_part(tmp_path / "x.part", TABLES)
    assert read_part(tmp_path / "x.part", ["first", "second"]) == TABLES
    assert read_part(tmp_path / "x.part", ["first"]) == {"first": TABLES["first"]}
    assert [each.name for each in tmp_path.iterdir()] == ["x.part"]


def test_part_in_a_folder_whose_name_is_no_utf_8_is_read(tmp_path):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/x\xff.part"))
    write_part(path, TABLES)
    assert read_part(path, ["first", "second"]) == TABLES


def test_part_for_which_there_is_no_room_is_not_there_and_leaves_nothing(tmp_path):
    with room_for(100), pytest.raises(OSError, match="too large"):
        write_part(tmp_path / "x.part", TABLES)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("length", [0, 5, 300])
def test_damaged_part_is_none(tmp_path, length):
    write_part(tmp_path / "x.part", TABLES)
    (tmp_path / "x.part").write_bytes((tmp_path / "x.part").read_bytes()[:length])
    assert read_part(tmp_path / "x.part", ["first", "second"]) is None
    assert read_part(tmp_path / "none.part", ["first"]) is None


def test_place_of_a_part_changes_with_its_piece_and_its_layout():
    places = {part_path(Path("x"), piece, version=version) for piece in "ab" for version in (1, 2)}
    assert len(places) == 4
    assert part_path(Path("x"), "a", version=1) in places


def test_what_is_not_wanted_is_deleted(tmp_path):
    folder = tmp_path / "parts"
    assert keep_only(folder, set()) == 0
    for name in ("a.part", "b.part", "b.123"):
        (folder / name).touch()
    assert keep_only(folder, {folder / "a.part", folder / "c.part"}) == 1
    assert [each.name for each in folder.iterdir()] == ["a.part"]
    tidy(folder, {folder / "a.part"})
    assert folder.exists()
    tidy(folder, set())
    assert not folder.exists()


def test_parts_come_in_order_and_those_that_are_there_are_not_made_again(tmp_path):
    paths = paths_in(tmp_path, 5)
    make("old", paths[3])
    assert list(make_parts("abcde", paths, make, workers=1)) == paths
    made = [read_part(path, ["first"])["first"]["piece"].to_pylist() for path in paths]
    assert made == [["a"], ["b"], ["c"], ["old"], ["e"]]


def test_what_making_raises_comes_through_and_the_parts_before_it_stay(tmp_path):
    paths = paths_in(tmp_path, 2)
    make("a", paths[0])
    with pytest.raises(ValueError, match="b"):
        list(make_parts("ab", paths, refuse, workers=2))  # one is missing: made in this process
    assert list(tmp_path.iterdir()) == paths[:1]
