"""Files of a state are read as they are; a damaged one is one clear error."""

from pathlib import Path

import pytest

from model.errors import InputError
from model.report.reading import Found, read_bytes, read_csv, read_state
from model.report.shapes import Run
from model.storage.recipes import hash_bytes


def run(protocol: str, n_clusters: int) -> Run:
    return Run({"protocol": protocol, "n_clusters": n_clusters}, {}, {}, [], [], [], [])


@pytest.mark.parametrize("content", [b'{"settings": ', b'{"settings": {"protocol": "\xff"}}'])
@pytest.mark.parametrize("name", ["summary.json", "sweep.json", "compare.json", "examples.json"])
def test_a_damaged_result_is_named_with_what_to_do(
    tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / "results" / "holdout-k10" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    message = str(read_state(tmp_path).damaged[path])
    assert message.startswith(f"cannot read {path} (")
    assert message.endswith("make it again by the command that wrote it")
    assert "\n" not in message


def test_an_empty_state_has_nothing(tmp_path: Path) -> None:
    found = read_state(tmp_path)
    assert (found.explored, found.stages, found.runs, found.compared) == (None, {}, {}, {})
    with pytest.raises(InputError, match=r"cannot read .*none\.svg"):
        read_bytes(tmp_path / "none.svg")


def test_a_file_that_is_not_what_was_written_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("figure\n1.5\n")
    assert len(read_csv(path, sha256=hash_bytes(path.read_bytes()))) == 1
    with pytest.raises(InputError, match=r"cannot read .*a\.csv \(it is not what was written\)"):
        read_csv(path, sha256=hash_bytes(b"other"))


def test_a_damaged_database_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "harvest.db").write_bytes(b"not a database, but long enough to be one" * 99)
    found = read_state(tmp_path)
    assert found.harvest == {}
    assert "harvest verify" in str(found.damaged[tmp_path / "harvest.db"])


def test_text_stays_text_and_numbers_may_have_gaps(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("name,figure,mixed\nNA,1.5,1\nnull,,x\n")
    frame = read_csv(path)
    assert frame["name"].tolist() == ["NA", "null"]
    assert frame["figure"].isna().tolist() == [False, True]
    assert frame["figure"][0] == 1.5
    assert frame["mixed"].tolist() == ["1", "x"]


def test_runs_of_a_protocol_come_by_their_clusters() -> None:
    runs = {
        "holdout-k10": run("holdout", 10),
        "holdout-k2": run("holdout", 2),
        "published-k5": run("published", 5),
    }
    found = Found(Path("state"), runs=runs)
    assert list(found.runs_of("holdout")) == ["holdout-k2", "holdout-k10"]
