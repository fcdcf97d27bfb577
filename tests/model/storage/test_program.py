import subprocess
import sys
from pathlib import Path

import pytest

import model
from model.comparison.measured import MEASURING
from model.storage.program import RECOMMENDING, hash_program

ROOT = Path(model.__file__).parent
BESIDE = {
    *("amounts.py", "columns.py", "errors.py", "processors.py", "settings.py", "tables.py"),
    *("inputs/audio_features.py", "inputs/database.py", "inputs/lastfm_tables.py"),
    *("inputs/msd_tables.py", "inputs/parquet.py", "storage/recipes.py"),
}
"""What says something wrong, reads what is hashed as data, or says by how many it is done."""


def loaded_by(*modules: str) -> set[str]:
    """Files of this package that an import loads, but for empty ones."""
    lines = [f"import {', '.join(modules)}", "import sys"]
    lines += ["print(*(m.__file__ for n, m in sys.modules.items() if n.startswith('model.')))"]
    program = "\n".join(lines)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    return {
        str(Path(file).relative_to(ROOT))
        for file in done.stdout.decode().split()
        if not file.endswith("__init__.py")
    }


def is_hashed(file: str, places: tuple[str, ...]) -> bool:
    return any(file == place or file.startswith(f"{place}/") for place in places)


def test_all_that_recommenders_are_made_of_is_hashed() -> None:
    needed = loaded_by("model.recommenders.registry") - BESIDE
    assert {file for file in needed if not is_hashed(file, RECOMMENDING)} == set()


def test_what_measures_them_is_hashed_too() -> None:
    own = {f"comparison/{name}.py" for name in ("ablation", "measuring", "task")}
    assert own <= set(MEASURING)
    assert own <= loaded_by("model.comparison.measuring")


def test_no_sentence_that_is_printed_is_hashed() -> None:
    files = [str(path.relative_to(ROOT)) for path in ROOT.rglob("*console*.py")]
    assert files
    assert not [file for file in files if is_hashed(file, (*RECOMMENDING, *MEASURING))]


def test_another_text_gives_another_hash(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(model, "__file__", str(tmp_path / "__init__.py"))
    (tmp_path / "room").mkdir()
    hashes = set()
    for text in ("a = 1", "a = 2"):
        (tmp_path / "room/one.py").write_text(text)
        hash_program.cache_clear()
        hashes.add(hash_program(("room",)))
        (tmp_path / "room/one.txt").write_text(text)
    hash_program.cache_clear()
    assert hash_program(("room",)) in hashes
    assert len(hashes) == 2
    hash_program.cache_clear()
