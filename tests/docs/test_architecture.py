"""docs/architecture.md has every room."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
PATTERNS = ("_kernels",)
"""Ends of names that the page names together, as `*_kernels`."""


def modules_of(package: str) -> set[str]:
    (contract,) = (one for one in CONTRACTS["contracts"] if one.get("containers") == [package])
    return {name.strip() for layer in contract["layers"] for name in layer.split("|")}


@pytest.mark.parametrize("package", ["harvest", "model"])
def test_every_module_is_named(package: str) -> None:
    quoted = re.findall(r"`([^`]+)`", PAGE.split(f"## {package}\n")[1])
    named = {name for text in quoted for name in re.findall(r"\*?\w+", text)}
    assert {f"*{end}" for end in PATTERNS} <= named or package == "harvest"
    missing = {name for name in modules_of(package) - named if not name.endswith(PATTERNS)}
    assert missing == set()
