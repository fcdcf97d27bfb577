import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from model.batches import chunks_of
from model.engines.engine import Here
from model.protocols import rows
from model.protocols.judging import Case, Task, judge_chunk
from model.protocols.rows import make_rows, read_rows
from model.settings import PARTS, Settings
from model.stages.materials import Materials
from model.stages.split import open_split
from model.stages.workspace import Workspace

MADE = shutil.ignore_patterns("model", "results")
HOLDOUT = Settings(min_count=2, n_clusters=3)
PUBLISHED = Settings(protocol="published", parts=PARTS, n_clusters=2, min_count=2)


@pytest.fixture
def state(catalogue_state: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(catalogue_state, tmp_path / "state", ignore=MADE))


def prepare(state: Path, settings: Settings) -> tuple[Workspace, Case]:
    workspace = Workspace(state, settings, lambda _: None)
    return workspace, Case(settings, Materials.of(workspace))


class Broken:
    """Stops after some pieces, as Ctrl-C does."""

    def __init__(self, after: int) -> None:
        self.left = after
        self.asked: list[str] = []

    def run(
        self, work: Any, items: Sequence[Any], *, needs: object = ()
    ) -> Iterator[tuple[Any, Any]]:
        for item in items:
            if not self.left:
                raise KeyboardInterrupt
            self.left -= 1
            self.asked.append(item.chunk.name)
            yield item, work(item)


@pytest.mark.parametrize("settings", [HOLDOUT, PUBLISHED])
def test_an_interrupted_evaluation_goes_on_at_the_next_chunk(
    state: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "chunks_of", lambda split, of: chunks_of(split, of, size=4))
    workspace, case = prepare(state, settings)
    whole = read_rows(make_rows(replace(workspace, engine=Here()), case), case)
    shutil.rmtree(state / "model" / "rows")

    first, second = Broken(after=2), Broken(after=1000)
    with pytest.raises(KeyboardInterrupt):
        make_rows(replace(workspace, engine=first), case)
    again = read_rows(make_rows(replace(workspace, engine=second), case), case)
    assert len(first.asked) == 2
    assert second.asked
    assert not set(first.asked) & set(second.asked)
    pd.testing.assert_frame_equal(again, whole, check_exact=True)


@pytest.mark.parametrize("place", [4, 200, -4])
def test_a_chunk_that_was_damaged_meanwhile_is_judged_again(
    state: Path, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    monkeypatch.setattr(rows, "chunks_of", lambda split, of: chunks_of(split, of, size=4))
    workspace, case = prepare(state, HOLDOUT)
    whole = read_rows(make_rows(replace(workspace, engine=Here()), case), case)
    shutil.rmtree(state / "model" / "rows")
    with pytest.raises(KeyboardInterrupt):
        make_rows(replace(workspace, engine=Broken(after=2)), case)
    left = min((state / "model" / "rows").rglob("*.parquet"))
    content = bytearray(left.read_bytes())
    content[place] ^= 0xFF
    left.write_bytes(content)
    again = read_rows(make_rows(replace(workspace, engine=Broken(after=1000)), case), case)
    pd.testing.assert_frame_equal(again, whole, check_exact=True)


def test_rows_come_part_by_part_and_recommender_by_recommender(state: Path) -> None:
    workspace, case = prepare(state, PUBLISHED)
    read = read_rows(make_rows(workspace, case), case)
    order = list(dict.fromkeys(zip(read["part"], read["recommender"], strict=True)))
    assert order == [(part, name) for part in PARTS for name in PUBLISHED.recommenders]


def test_other_settings_have_rows_of_their_own(state: Path) -> None:
    for settings in (HOLDOUT, replace(HOLDOUT, share=0.25)):
        make_rows(*prepare(state, settings))
    assert len(list((state / "model" / "rows").iterdir())) == 2


def test_a_chunk_says_to_what_it_belongs(state: Path) -> None:
    _, case = prepare(state, PUBLISHED)
    chunk = chunks_of(open_split(case.materials.split), PUBLISHED, size=2)[-1]
    judged = judge_chunk(Task(case, chunk))
    assert set(judged["part"]) == {"test"}
    assert set(judged["batch"]) == {5}
