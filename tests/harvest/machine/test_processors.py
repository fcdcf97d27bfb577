import os
import subprocess
import sys

import pytest

from harvest.machine.processors import default_workers, processors
from tests.importing import ROOT

BOUND = "import os; os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])"
ASKED = (
    "from harvest.machine.processors import default_workers as n, processors;"
    " print(processors(), n())"
)


@pytest.mark.skipif(
    not hasattr(os, "sched_setaffinity"), reason="macOS and Windows bind no process so"
)
def test_a_process_bound_to_one_processor_counts_one():
    command = [sys.executable, "-c", f"{BOUND}; {ASKED}"]
    assert subprocess.check_output(command, cwd=ROOT, text=True) == "1 1\n"


@pytest.mark.parametrize(("n", "expected"), [(1, 1), (8, 8), (64, 8)])
def test_one_works_on_each_processor_but_no_more_than_eight(monkeypatch, n, expected):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(n), raising=False)
    assert (processors(), default_workers()) == (n, expected)


@pytest.mark.parametrize(("n", "expected"), [(3, 3), (None, 1)])
def test_where_nobody_is_bound_all_there_are_count(monkeypatch, n, expected):
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: n)
    assert processors() == expected
