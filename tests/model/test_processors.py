import os
import subprocess
import sys

import pytest

from model.processors import processors
from tests.importing import ROOT

BOUND = "import os; os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])"
ASKED = "from model.processors import processors; print(processors())"


@pytest.mark.skipif(
    not hasattr(os, "sched_setaffinity"), reason="macOS and Windows bind no process so"
)
def test_a_process_bound_to_one_processor_counts_one() -> None:
    command = [sys.executable, "-c", f"{BOUND}; {ASKED}"]
    assert subprocess.check_output(command, cwd=ROOT, text=True) == "1\n"


@pytest.mark.parametrize(("n", "expected"), [(3, 3), (None, 1)])
def test_where_nobody_is_bound_all_there_are_count(
    monkeypatch: pytest.MonkeyPatch, n: int | None, expected: int
) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: n)
    assert processors() == expected
