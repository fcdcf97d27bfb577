import json
from pathlib import Path

import pytest

from model.errors import InputError
from model.exploration.reading import read_spreads
from model.figures.study import STUDY_MEANS

HEAD = "part,recommender,metric,batch,n,mean,p5,p25,p50,p75,p95\n"


def leave_run(state: Path, name: str, *, k: int, mean: float, is_finished: bool = True) -> Path:
    """Write what an evaluation leaves under its name."""
    folder = state / "results" / name
    folder.mkdir(parents=True)
    (folder / "spread.csv").write_text(f"{HEAD}train,nucleus,diff,-1,4,{mean},0,1,2,3,4\n")
    if is_finished:
        settings = {"protocol": name.partition("-")[0], "n_clusters": k}
        (folder / "summary.json").write_text(json.dumps({"settings": settings}))
    return folder


def test_runs_are_read_in_the_order_of_their_clusters(tmp_path: Path) -> None:
    leave_run(tmp_path, "published-k10", k=10, mean=1.5)
    leave_run(tmp_path, "published-k2", k=2, mean=2.5)
    spreads = read_spreads(tmp_path, "published")
    assert spreads is not None
    assert spreads.table.columns[0] == "k"
    assert spreads.table[["k", "mean"]].to_numpy().tolist() == [[2, 2.5], [10, 1.5]]
    assert len(spreads.study) == sum(len(means) for means in STUDY_MEANS.values())


def test_other_protocols_other_sources_and_unfinished_runs_are_passed_over(tmp_path: Path) -> None:
    leave_run(tmp_path, "published-k2", k=2, mean=1.0)
    leave_run(tmp_path, "holdout-k3-lastfm", k=3, mean=1.0)
    leave_run(tmp_path, "holdout-k4", k=4, mean=1.0, is_finished=False)
    assert read_spreads(tmp_path, "holdout") is None
    leave_run(tmp_path, "holdout-k5", k=5, mean=1.0)
    spreads = read_spreads(tmp_path, "holdout")
    assert spreads is not None
    assert spreads.table["k"].tolist() == [5]
    assert spreads.study.empty


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("summary.json", b"{}"),
        ("summary.json", b'{"settings": '),
        ("summary.json", b'{"settings": {"protocol": "\xff"}}'),
        ("spread.csv", b""),
    ],
)
def test_a_damaged_file_is_named_with_the_remedy(tmp_path: Path, name: str, content: bytes) -> None:
    (leave_run(tmp_path, "published-k2", k=2, mean=1.0) / name).write_bytes(content)
    with pytest.raises(InputError, match=rf"cannot read .*{name} .*run `model evaluate` again"):
        read_spreads(tmp_path, "published")
