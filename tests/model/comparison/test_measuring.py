"""Playlists continued some at a time, and the memory that a process has held."""

import subprocess
import sys
from typing import Any, cast

import pytest

from model.comparison import measuring
from model.comparison.measuring import continue_playlists
from model.ragged import Ragged
from model.recommenders.base import Recommender


class Echo:
    """Recommends the first seed plus 100, and as many songs more as the title is long."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int]] = []

    def recommend(self, seeds: Ragged, *, n: int, title: list[str]) -> tuple[Ragged, Any]:
        self.asked.append((len(seeds), n))
        songs = [
            [int(seeds[row][0]) + 100 + more for more in range(1 + len(name))]
            for row, name in enumerate(title)
        ]
        return Ragged.of(songs), None


def test_playlists_keep_their_order_and_titles_from_one_round_to_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(measuring, "CHUNK", 2)
    echo = Echo()
    seeds = Ragged.of([[1], [2, 9], [3], [4], [5]])
    lists = continue_playlists(cast("Recommender", echo), seeds, ["", "a", "", "", "bc"])
    assert [lists[row].tolist() for row in range(len(lists))] == [
        [101],
        [102, 103],
        [103],
        [104],
        [105, 106, 107],
    ]
    assert echo.asked == [(2, 500), (2, 500), (1, 500)]


def test_the_most_memory_counts_what_was_given_back() -> None:
    """In a process of its own, which has held nothing as large before."""
    text = (
        "import numpy as np; from pathlib import Path\n"
        "from model.comparison.measuring import peak_memory_mb\n"
        "before = peak_memory_mb(); held = np.ones(12_500_000); del held\n"
        "print(before, peak_memory_mb())"
    )
    done = subprocess.run(
        [sys.executable, "-c", text], capture_output=True, text=True, check=True, timeout=120
    )
    before, after = (int(number) for number in done.stdout.split())
    assert before >= 40
    assert after >= before + 90
