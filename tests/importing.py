"""Programs that are stopped in their first moments, while they import themselves."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
_SLOW = "import time\nprint('importing', flush=True)\ntime.sleep(60)\n"


@contextmanager
def importing(folder: Path, *argv: str) -> Iterator["subprocess.Popen[str]"]:
    """Start Python with these arguments; give the process once it imports its first library."""
    (folder / "typer.py").write_text(_SLOW)
    process = subprocess.Popen(
        [sys.executable, *argv],
        cwd=folder,
        env={"PYTHONPATH": f"{folder}:{ROOT}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "importing\n"
        yield process
    finally:
        process.kill()
        process.communicate()
